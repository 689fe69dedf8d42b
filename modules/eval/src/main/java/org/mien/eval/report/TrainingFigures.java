package org.mien.eval.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.mien.eval.report.ReportFigure.LegendEntry;

/** Loss, accuracy and learning rate over the epochs. */
final class TrainingFigures {
  private static final double MOST_LINEAR_RATIO = 200;

  private TrainingFigures() {}

  /** Returns what can be drawn; {@code prefix} begins every id. */
  static List<ReportFigure> of(TrainingSection section, String prefix) {
    List<EpochScores> epochs = section.epochs();
    List<ReportFigure> figures = new ArrayList<>();
    Curve trainingLoss = Curve.of("one", "training", epochs, EpochScores::trainingLoss);
    Curve validationLoss = Curve.of("two", "validation", epochs, EpochScores::validationLoss);
    List<Curve> losses = present(trainingLoss, validationLoss);
    if (!losses.isEmpty()) {
      figures.add(loss(section, losses, prefix + "-loss"));
    }
    List<Curve> accuracies =
        present(
            Curve.of("one", "training", epochs, EpochScores::trainingAccuracy),
            Curve.of("two", "validation", epochs, EpochScores::validationAccuracy));
    if (!accuracies.isEmpty()) {
      figures.add(accuracy(section, accuracies, prefix + "-accuracy"));
    }
    for (int task = 0; task < epochs.get(0).tasks().size(); task++) {
      int index = task;
      Curve curve =
          Curve.of(
              "two",
              "validation",
              epochs,
              epoch -> index < epoch.tasks().size() ? epoch.tasks().get(index).value() : null);
      if (curve.low() <= curve.high()) {
        EpochScores.Task shown = epochs.get(0).tasks().get(task);
        figures.add(task(section, shown, curve, prefix + "-task-" + (task + 1)));
      }
    }
    Curve rate = Curve.of("one", "learning rate", epochs, EpochScores::learningRate);
    if (rate.low() < rate.high()) {
      figures.add(learningRate(section, rate, prefix + "-rate"));
    }
    return figures;
  }

  private static ReportFigure loss(TrainingSection section, List<Curve> curves, String id) {
    double low = Double.POSITIVE_INFINITY;
    double high = 0;
    for (Curve curve : curves) {
      low = Math.min(low, curve.low());
      high = Math.max(high, curve.high());
    }
    boolean logarithmic = low > 0 && high / low > MOST_LINEAR_RATIO;
    Scale scale =
        logarithmic
            ? Scale.Decades.around(low, high)
            : Scale.Linear.around(Math.min(0, low), high, false);
    SvgChart chart =
        chart(section, id, "Loss by epoch", curves, "loss (nats)", scale, NumberText::decimal);
    return new ReportFigure(
        id,
        "Loss",
        (logarithmic ? "Logarithmic axis. " : "")
            + (curves.size() == 2
                ? "Where the validation loss rises while the training loss falls, the head learns the"
                    + " training images by heart."
                : "Mean loss over an epoch."),
        legend(curves),
        chart.svg());
  }

  private static ReportFigure accuracy(TrainingSection section, List<Curve> curves, String id) {
    double low = 1;
    for (Curve curve : curves) {
      low = Math.min(low, curve.low());
    }
    SvgChart chart =
        chart(
            section,
            id,
            "Accuracy by epoch",
            curves,
            "accuracy",
            Scale.Linear.between(low < 0.5 ? 0 : low < 0.8 ? 0.5 : low < 0.9 ? 0.8 : 0.9, 1, true),
            NumberText::percent);
    return new ReportFigure(
        id,
        "Accuracy",
        "Share of images named right. The validation images choose the epoch, so their figure is"
            + " not a result.",
        legend(curves),
        chart.svg());
  }

  private static ReportFigure task(
      TrainingSection section, EpochScores.Task task, Curve curve, String id) {
    boolean years = task.measure().equals("mae");
    String title = task.name() + (years ? ": error in years" : ": accuracy");
    SvgChart chart =
        chart(
            section,
            id,
            title + " by epoch",
            List.of(curve),
            years ? "mean absolute error (years)" : "accuracy",
            years
                ? Scale.Linear.around(0, curve.high(), false)
                : Scale.Linear.between(curve.low() < 0.5 ? 0 : 0.5, 1, true),
            years ? NumberText::decimal : NumberText::percent);
    return new ReportFigure(
        id,
        title,
        "On the validation images that have the label"
            + (years ? ", which counts in whole years." : "."),
        legend(List.of(curve)),
        chart.svg());
  }

  private static ReportFigure learningRate(TrainingSection section, Curve curve, String id) {
    boolean logarithmic = curve.low() > 0 && curve.high() / curve.low() >= 10;
    Scale scale =
        logarithmic
            ? Scale.Decades.around(curve.low(), curve.high())
            : Scale.Linear.around(0, curve.high(), false);
    SvgChart chart =
        chart(
            section,
            id,
            "Learning rate by epoch",
            List.of(curve),
            "learning rate",
            scale,
            value -> NumberText.small(value));
    return new ReportFigure(
        id,
        "Learning rate",
        logarithmic ? "At the end of each epoch; logarithmic axis." : "At the end of each epoch.",
        List.of(),
        chart.svg());
  }

  private static SvgChart chart(
      TrainingSection section,
      String id,
      String title,
      List<Curve> curves,
      String yLabel,
      Scale yScale,
      Function<Double, String> format) {
    List<EpochScores> epochs = section.epochs();
    int first = epochs.get(0).epoch();
    int last = epochs.get(epochs.size() - 1).epoch();
    StringBuilder description = new StringBuilder();
    for (Curve curve : curves) {
      description
          .append(curve.label())
          .append(": ")
          .append(format.apply(curve.first()))
          .append(" at first, ")
          .append(format.apply(curve.last()))
          .append(" at the end. ");
    }
    SvgChart chart =
        new SvgChart(
            id,
            title,
            description.toString().strip(),
            "epoch",
            epochScale(first, last),
            yLabel,
            yScale);
    for (Curve curve : curves) {
      chart.line(curve.series(), curve.x(), curve.y());
    }
    Integer kept = section.keptEpoch();
    if (kept != null && kept >= first && kept <= last) {
      chart.upright(kept, "kept: epoch " + kept);
    }
    return chart;
  }

  private static Scale epochScale(int first, int last) {
    if (first == last) {
      return new Scale.Linear(first - 1, last + 1, 1, false);
    }
    // Whole epochs only: no tick at 1.5.
    double step = Math.max(1, Scale.Linear.around(first, last, false).step());
    return new Scale.Linear(first, last, step, false);
  }

  private static List<LegendEntry> legend(List<Curve> curves) {
    return curves.stream().map(curve -> new LegendEntry(curve.series(), curve.label())).toList();
  }

  private static List<Curve> present(Curve... curves) {
    List<Curve> present = new ArrayList<>();
    for (Curve curve : curves) {
      if (curve.low() <= curve.high()) {
        present.add(curve);
      }
    }
    return present;
  }

  /** One series; y is NaN where nothing finite was measured. */
  @SuppressWarnings("ArrayRecordComponent") // lives in one method call, is never compared
  private record Curve(String series, String label, double[] x, double[] y) {
    static Curve of(
        String series,
        String label,
        List<EpochScores> epochs,
        Function<EpochScores, Double> measured) {
      double[] x = new double[epochs.size()];
      double[] y = new double[epochs.size()];
      for (int i = 0; i < x.length; i++) {
        Double value = measured.apply(epochs.get(i));
        x[i] = epochs.get(i).epoch();
        y[i] = value == null || value.isInfinite() ? Double.NaN : value;
      }
      return new Curve(series, label, x, y);
    }

    double low() {
      double low = Double.POSITIVE_INFINITY;
      for (double value : y) {
        low = value < low ? value : low;
      }
      return low;
    }

    double high() {
      double high = Double.NEGATIVE_INFINITY;
      for (double value : y) {
        high = value > high ? value : high;
      }
      return high;
    }

    double first() {
      return y[0];
    }

    double last() {
      return y[y.length - 1];
    }
  }
}
