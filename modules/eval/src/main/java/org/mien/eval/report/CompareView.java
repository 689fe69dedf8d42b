package org.mien.eval.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.mien.core.config.FlatConfig;
import org.mien.eval.metrics.Metric;
import org.mien.eval.report.ReportFigure.LegendEntry;

/** What the template of a comparison prints. */
final class CompareView {
  private static final List<String> SERIES = List.of("one", "two", "three", "four", "five", "six");

  /** Keys that name a run or say where files lie, and decide nothing. */
  private static final Set<String> UNIMPORTANT = Set.of("name", "training.cacheFolder");

  private final List<ReportData> runs;
  private final RunComparisons comparisons;
  private final String style;

  CompareView(List<ReportData> runs, RunComparisons comparisons, String style) {
    this.runs = List.copyOf(runs);
    this.comparisons = comparisons;
    this.style = style;
  }

  String style() {
    return style;
  }

  List<ReportData> runs() {
    return runs;
  }

  String title() {
    return runs.size() + " runs side by side";
  }

  /** The letter that stands for a run in headings. */
  String letter(int index) {
    return Character.toString((char) ('A' + index));
  }

  /**
   * One line of a table.
   *
   * @param name of the figure or key
   * @param values one a run; null where it has none
   */
  record Line<T>(String name, List<T> values) {
    Line {
      values = Collections.unmodifiableList(new ArrayList<>(values));
    }
  }

  /** Every figure that at least one run reports. */
  List<Line<Metric>> metrics() {
    return lines(
        runs.stream()
            .map(
                run -> {
                  Map<String, Metric> flat = new LinkedHashMap<>();
                  if (run.metrics() != null) {
                    run.metrics()
                        .results()
                        .forEach(
                            (protocol, figures) ->
                                figures.forEach(
                                    (name, metric) -> flat.put(protocol + "." + name, metric)));
                  }
                  return flat;
                })
            .toList());
  }

  /** Every key whose resolved values differ. */
  List<Line<String>> differences() {
    List<Line<String>> differing = new ArrayList<>();
    for (Line<String> line : lines(runs.stream().map(CompareView::recipe).toList())) {
      if (new HashSet<>(line.values()).size() > 1 && !UNIMPORTANT.contains(line.name())) {
        differing.add(line);
      }
    }
    return differing;
  }

  /** Whether no run has a recipe, as evaluations have none. */
  boolean withoutRecipes() {
    return runs.stream().allMatch(run -> run.resolvedConfig() == null);
  }

  private static Map<String, String> recipe(ReportData run) {
    return run.resolvedConfig() == null
        ? Map.of()
        : FlatConfig.of(run.resolvedConfig(), run.summary().run() + "/resolved.yaml");
  }

  private static <T> List<Line<T>> lines(List<Map<String, T>> columns) {
    Set<String> names = new LinkedHashSet<>();
    columns.stream().map(Map::keySet).forEach(names::addAll);
    List<Line<T>> lines = new ArrayList<>();
    for (String name : names) {
      List<T> values = new ArrayList<>();
      columns.forEach(column -> values.add(column.get(name)));
      lines.add(new Line<>(name, values));
    }
    return lines;
  }

  /** What a reader must know before comparing numbers. */
  List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    boolean otherImages =
        differences().stream()
            .anyMatch(
                line ->
                    line.name().equals("seed")
                        || line.name().startsWith("evaluation.")
                        || line.name().startsWith("data.source.")
                        || line.name().startsWith("data.split."));
    if (otherImages) {
      warnings.add(
          "These runs differ in which images serve what (seed, data or evaluation), so their figures"
              + " are not of the same images.");
    }
    if (metrics().stream().anyMatch(line -> line.values().stream().anyMatch(Objects::isNull))) {
      warnings.add("Some figures are not reported by every run.");
    }
    warnings.addAll(comparisons.notPaired());
    warnings.add(
        "Each interval in the table of figures is its run's own. Two that overlap do not show that the"
            + " runs are equal, and the best of many runs is a little better by luck.");
    return warnings;
  }

  /** Runs on the same pairs, each against the first. */
  List<SectionView> paired() {
    List<SectionView> sections = new ArrayList<>();
    for (ComparisonSection section : comparisons.paired()) {
      sections.add(
          ComparisonView.of(
              section,
              SectionView.id("paired", sections.size() + 1, section.source()),
              "Paired: "
                  + section.source()
                  + ", "
                  + section.second()
                  + " against "
                  + section.first()));
    }
    return sections;
  }

  /** ROC and DET of all runs, protocol by protocol. */
  List<ReportFigure> errorCurves() {
    Map<String, String> titles = new LinkedHashMap<>();
    for (ReportData run : runs) {
      run.verification().forEach(v -> titles.putIfAbsent(v.protocol(), v.title()));
    }
    List<ReportFigure> figures = new ArrayList<>();
    titles.forEach(
        (protocol, title) -> {
          List<VerificationSection> drawn = new ArrayList<>();
          List<LegendEntry> legend = new ArrayList<>();
          for (int i = 0; i < runs.size(); i++) {
            LegendEntry entry =
                new LegendEntry(SERIES.get(i), letter(i) + ": " + runs.get(i).title());
            runs.get(i).verification().stream()
                .filter(v -> v.protocol().equals(protocol) && v.curve().size() >= 2)
                .findFirst()
                .ifPresent(
                    found -> {
                      drawn.add(found);
                      legend.add(entry);
                    });
          }
          if (drawn.size() > 1) {
            String id = SectionView.id("curves", figures.size() + 1, protocol);
            figures.add(VerificationFigures.together(title, drawn, legend, id, true));
            figures.add(VerificationFigures.together(title, drawn, legend, id, false));
          }
        });
    return figures;
  }

  /** Curves of all runs. */
  List<ReportFigure> figures() {
    List<ReportFigure> figures = new ArrayList<>();
    add(figures, "validation-accuracy", "Validation accuracy", EpochScores::validationAccuracy);
    add(figures, "validation-loss", "Validation loss", EpochScores::validationLoss);
    add(figures, "training-loss", "Training loss", EpochScores::trainingLoss);
    add(figures, "learning-rate", "Learning rate", EpochScores::learningRate);
    return figures;
  }

  private void add(
      List<ReportFigure> figures,
      String id,
      String heading,
      Function<EpochScores, Double> measured) {
    List<LegendEntry> legend = new ArrayList<>();
    List<double[][]> curves = new ArrayList<>();
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    int last = 1;
    for (int i = 0; i < runs.size(); i++) {
      TrainingSection training = runs.get(i).training();
      List<EpochScores> epochs =
          training == null
              ? List.of()
              : training.epochs().stream().filter(e -> finite(measured.apply(e))).toList();
      if (!epochs.isEmpty()) {
        double[] x = epochs.stream().mapToDouble(EpochScores::epoch).toArray();
        double[] y = epochs.stream().map(measured).mapToDouble(Double::doubleValue).toArray();
        for (double value : y) {
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
        last = Math.max(last, epochs.get(epochs.size() - 1).epoch());
        curves.add(new double[][] {x, y});
        legend.add(new LegendEntry(SERIES.get(i), letter(i) + ": " + runs.get(i).title()));
      }
    }
    if (curves.isEmpty()) {
      return;
    }
    boolean accuracy = id.endsWith("accuracy");
    SvgChart chart =
        new SvgChart(
            id,
            heading + " by epoch",
            "One curve a run.",
            "epoch",
            last == 1
                ? new Scale.Linear(0, 2, 1, false)
                : new Scale.Linear(
                    1, last, Math.max(1, Scale.Linear.around(1, last, false).step()), false),
            heading.toLowerCase(Locale.ROOT),
            accuracy && high <= 1
                ? Scale.Linear.between(low < 0.5 ? 0 : low < 0.8 ? 0.5 : 0.8, 1, true)
                : Scale.Linear.around(Math.min(low, 0), high, false));
    for (int i = 0; i < curves.size(); i++) {
      chart.line(legend.get(i).series(), curves.get(i)[0], curves.get(i)[1]);
    }
    figures.add(
        new ReportFigure(
            id,
            heading,
            accuracy
                ? "The validation images choose the epoch, so their figure is not a result."
                : "One curve a run.",
            legend,
            chart.svg()));
  }

  private static boolean finite(Double value) {
    return value != null && Double.isFinite(value);
  }

  /** A figure as a decimal, whatever it measures. */
  String value(Metric metric) {
    return metric == null ? NumberText.NONE : NumberText.decimal(metric.value());
  }

  String interval(Metric metric) {
    return metric == null || metric.low() == null
        ? ""
        : NumberText.interval(metric, FigureStyle.DECIMAL);
  }
}
