package org.mien.eval.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.mien.eval.calibration.CrossValidatedCalibration;
import org.mien.eval.metrics.Metric;
import org.mien.eval.report.ReportFigure.LegendEntry;

/** ROC, DET and score histogram of one verification protocol. */
final class VerificationFigures {
  private static final List<LegendEntry> NO_LEGEND = List.of();
  private static final int TABLE_ROWS = 25;

  private VerificationFigures() {}

  /** Returns what can be drawn; {@code prefix} begins every id. */
  static List<ReportFigure> of(VerificationSection section, String prefix) {
    List<ReportFigure> figures = new ArrayList<>();
    List<ErrorRatePoint> curve = sorted(section.curve());
    if (curve.size() >= 2 && section.impostorPairs() > 0 && section.genuinePairs() > 0) {
      figures.add(
          roc(
              section.title(),
              section.genuinePairs(),
              section.impostorPairs(),
              section.equalErrorRate(),
              curve,
              section.bands(),
              prefix + "-roc"));
      figures.add(det(section, curve, prefix + "-det"));
      figures.add(rates(section, curve, prefix + "-rates"));
    }
    if (section.histogram() != null) {
      figures.add(histogram(section, section.histogram(), prefix + "-scores"));
    }
    if (section.calibration() != null && !section.calibration().bins().isEmpty()) {
      figures.add(reliability(section, section.calibration(), prefix + "-reliability"));
    }
    return figures;
  }

  /** At most some two dozen points, evenly among all: for a table. */
  static List<ErrorRatePoint> spread(List<ErrorRatePoint> points) {
    List<ErrorRatePoint> some = new ArrayList<>();
    double next = 0;
    double step = Math.max(1, points.size() / (double) TABLE_ROWS);
    for (int i = 0; i < points.size(); i++) {
      if (i >= next || i == points.size() - 1) {
        some.add(points.get(i));
        next += step;
      }
    }
    return some;
  }

  /** Points at which the false match rate passes steps of a logarithmic axis: for a table. */
  private static List<ErrorRatePoint> byDecades(List<ErrorRatePoint> points) {
    List<ErrorRatePoint> some = new ArrayList<>();
    ErrorRatePoint before = null;
    for (ErrorRatePoint point : points) {
      if (before != null && place(point) > place(before)) {
        some.add(before);
      }
      before = point;
    }
    if (before != null) {
      some.add(before);
    }
    return some;
  }

  private static int place(ErrorRatePoint point) {
    // Four steps a decade; all points without a false match share one place.
    return point.falseMatchRate() == 0
        ? Integer.MIN_VALUE
        : (int) Math.ceil(4 * Math.log10(point.falseMatchRate()) - 1e-9);
  }

  private static ReportTable curveTable(
      List<ErrorRatePoint> curve, List<BandPoint> bands, boolean accepted) {
    String rate = accepted ? "TAR" : "FNMR";
    if (!bands.isEmpty()) {
      ReportTable.Draft table =
          ReportTable.of(
              rate + " at false match rates, with the band",
              "#FMR at most",
              "#Threshold",
              "#" + rate,
              "#95 % interval");
      for (BandPoint point : bands) {
        double low = accepted ? 1 - point.high() : point.low();
        double high = accepted ? 1 - point.low() : point.high();
        table.row(
            NumberText.small(point.falseMatchRate()),
            NumberText.decimal(point.threshold()),
            NumberText.percent(
                accepted ? 1 - point.falseNonMatchRate() : point.falseNonMatchRate()),
            NumberText.percent(low) + " – " + NumberText.percent(high));
      }
      return table.folded();
    }
    ReportTable.Draft table =
        ReportTable.of(rate + " at false match rates", "#FMR", "#Threshold", "#" + rate);
    for (ErrorRatePoint point : byDecades(curve)) {
      table.row(
          NumberText.small(point.falseMatchRate()),
          NumberText.decimal(point.threshold()),
          NumberText.percent(accepted ? 1 - point.falseNonMatchRate() : point.falseNonMatchRate()));
    }
    return table.folded();
  }

  private static String tip(ErrorRatePoint point) {
    return "threshold "
        + NumberText.decimal(point.threshold())
        + ", FMR "
        + NumberText.rate(point.falseMatchRate())
        + ", FNMR "
        + NumberText.rate(point.falseNonMatchRate());
  }

  /** Both rates against the threshold; where a threshold is to be read, this is the chart. */
  private static ReportFigure rates(
      VerificationSection section, List<ErrorRatePoint> curve, String id) {
    List<ErrorRatePoint> finite =
        curve.stream().filter(point -> !Double.isInfinite(point.threshold())).toList();
    Scale.Decades scale = rateScale(Math.max(section.impostorPairs(), section.genuinePairs()));
    double lowest = Math.pow(10, scale.lowExponent());
    double[] thresholds = finite.stream().mapToDouble(ErrorRatePoint::threshold).toArray();
    double[] fmr = finite.stream().mapToDouble(p -> Math.max(lowest, p.falseMatchRate())).toArray();
    double[] fnmr =
        finite.stream().mapToDouble(p -> Math.max(lowest, p.falseNonMatchRate())).toArray();
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double threshold : thresholds) {
      low = Math.min(low, threshold);
      high = Math.max(high, threshold);
    }
    SvgChart chart =
        new SvgChart(
                id,
                "Error rates by threshold, " + section.title(),
                "A higher threshold lowers the false match rate and raises the false non-match"
                    + " rate.",
                "threshold (" + section.scoreName() + ")",
                low < high
                    ? Scale.Linear.between(low, high, false)
                    : Scale.Linear.around(low, high, false),
                "error rate",
                scale)
            .line("two", thresholds, fmr)
            .line("one", thresholds, fnmr)
            .tips(thresholds, fmr, i -> tip(finite.get(i)))
            .tips(thresholds, fnmr, i -> tip(finite.get(i)));
    if (section.threshold() != null && section.threshold() >= low && section.threshold() <= high) {
      chart.upright(section.threshold(), "threshold " + NumberText.decimal(section.threshold()));
    }
    ReportTable.Draft table =
        ReportTable.of("Error rates by threshold", "#Threshold", "#FMR", "#FNMR");
    for (ErrorRatePoint point : spread(finite)) {
      table.row(
          NumberText.decimal(point.threshold()),
          NumberText.small(point.falseMatchRate()),
          NumberText.small(point.falseNonMatchRate()));
    }
    return new ReportFigure(
        id,
        "Error rates by threshold",
        "Read off what a threshold costs. Where the curves cross, both rates are equal. A rate of 0"
            + " is drawn on the edge.",
        List.of(
            new LegendEntry("one", "FNMR: one person, refused"),
            new LegendEntry("two", "FMR: two people, accepted")),
        chart.svg(),
        table.folded());
  }

  static List<ErrorRatePoint> sorted(List<ErrorRatePoint> points) {
    List<ErrorRatePoint> sorted = new ArrayList<>();
    for (ErrorRatePoint point : points) {
      if (!Double.isNaN(point.falseMatchRate()) && !Double.isNaN(point.falseNonMatchRate())) {
        sorted.add(point);
      }
    }
    sorted.sort(
        Comparator.comparingDouble(ErrorRatePoint::falseMatchRate)
            .thenComparing(
                Comparator.comparingDouble(ErrorRatePoint::falseNonMatchRate).reversed()));
    return sorted;
  }

  /** Draws the ROC; {@code curve} as {@link #sorted} gives it. */
  static ReportFigure roc(
      String title,
      long genuinePairs,
      long impostorPairs,
      Metric equalErrorRate,
      List<ErrorRatePoint> curve,
      List<BandPoint> bands,
      String id) {
    Scale.Decades farScale = rateScale(impostorPairs);
    double lowestFar = Math.pow(10, farScale.lowExponent());
    // Points without a false match have no place on a logarithmic axis but its left end: there,
    // the best of them holds until the first impostor pair passes.
    int withoutFalseMatch = 0;
    while (withoutFalseMatch < curve.size() && curve.get(withoutFalseMatch).falseMatchRate() == 0) {
      withoutFalseMatch++;
    }
    int first = Math.max(0, withoutFalseMatch - 1);
    int size = curve.size() - first;
    double[] far = new double[size];
    double[] tar = new double[size];
    double lowestTar = 1;
    for (int i = 0; i < size; i++) {
      ErrorRatePoint point = curve.get(first + i);
      far[i] = Math.max(lowestFar, point.falseMatchRate());
      tar[i] = 1 - point.falseNonMatchRate();
      lowestTar = Math.min(lowestTar, tar[i]);
    }
    for (BandPoint point : bands) {
      lowestTar = Math.min(lowestTar, 1 - point.high());
    }
    // Zoomed in where the curve is; from 0 where it is low anyway.
    double low = lowestTar < 0.5 ? 0 : 1 - niceAtLeast(1 - lowestTar);
    double resolved = Verdict.lowestFalseMatchRate(impostorPairs);
    SvgChart chart =
        new SvgChart(
                id,
                "ROC curve, " + title,
                "True accept rate against false accept rate on a logarithmic axis. "
                    + "The curve starts at "
                    + NumberText.percent(tar[0], genuinePairs)
                    + " where no impostor pair is accepted"
                    + (equalErrorRate == null
                        ? "."
                        : "; the equal error rate is "
                            + NumberText.value(equalErrorRate, FigureStyle.PERCENT)
                            + "."),
                "false accept rate (FAR)",
                farScale,
                "true accept rate (TAR)",
                Scale.Linear.between(low, 1, true))
            .shadeLeftOf(resolved, "too few pairs")
            .band(
                "one",
                bands.stream().mapToDouble(BandPoint::falseMatchRate).toArray(),
                bands.stream().mapToDouble(point -> 1 - point.high()).toArray(),
                bands.stream().mapToDouble(point -> 1 - point.low()).toArray())
            .line("one", far, tar)
            .tips(far, tar, i -> tip(curve.get(first + i)));
    return new ReportFigure(
        id,
        "ROC",
        "Higher is better."
            + band(bands)
            + " In the shaded part, fewer than three of the "
            + NumberText.count(impostorPairs)
            + " impostor pairs decide, so the curve there may be chance."
            + (low > 0 ? " The upright axis starts at " + NumberText.rate(low) + "." : ""),
        NO_LEGEND,
        chart.svg(),
        curveTable(curve, bands, true));
  }

  private static String band(List<BandPoint> bands) {
    return bands.isEmpty()
        ? ""
        : " The band holds the 95 % intervals at each false match rate alone.";
  }

  private static ReportFigure det(
      VerificationSection section, List<ErrorRatePoint> curve, String id) {
    Scale.Decades fmrScale = rateScale(section.impostorPairs());
    Scale.Decades fnmrScale = rateScale(section.genuinePairs());
    double lowestFmr = Math.pow(10, fmrScale.lowExponent());
    double lowestFnmr = Math.pow(10, fnmrScale.lowExponent());
    List<double[]> points = new ArrayList<>();
    List<ErrorRatePoint> drawn = new ArrayList<>();
    for (int i = 0; i < curve.size(); i++) {
      ErrorRatePoint point = curve.get(i);
      boolean betterFollows =
          point.falseMatchRate() == 0
              && i + 1 < curve.size()
              && curve.get(i + 1).falseMatchRate() == 0;
      if (!betterFollows) {
        drawn.add(point);
        points.add(
            new double[] {
              Math.max(lowestFmr, point.falseMatchRate()),
              Math.max(lowestFnmr, point.falseNonMatchRate())
            });
      }
      if (point.falseNonMatchRate() == 0) {
        break;
      }
    }
    double[] fmr = points.stream().mapToDouble(point -> point[0]).toArray();
    double[] fnmr = points.stream().mapToDouble(point -> point[1]).toArray();
    double lowestCommon = Math.max(lowestFmr, lowestFnmr);
    SvgChart chart =
        new SvgChart(
                id,
                "DET curve, " + section.title(),
                "False non-match rate against false match rate, both axes logarithmic.",
                "false match rate (FMR)",
                fmrScale,
                "false non-match rate (FNMR)",
                fnmrScale)
            .shadeLeftOf(Verdict.lowestFalseMatchRate(section.impostorPairs()), "too few pairs")
            .reference(lowestCommon, lowestCommon, 1, 1)
            .band(
                "one",
                section.bands().stream().mapToDouble(BandPoint::falseMatchRate).toArray(),
                section.bands().stream()
                    .mapToDouble(band -> Math.max(lowestFnmr, band.low()))
                    .toArray(),
                section.bands().stream()
                    .mapToDouble(band -> Math.max(lowestFnmr, band.high()))
                    .toArray())
            .line("one", fmr, fnmr)
            .tips(fmr, fnmr, i -> tip(drawn.get(i)));
    if (points.size() == 1) {
      // Every pair decided right at some threshold: the curve is the corner itself.
      chart.dot(fmr[0], fnmr[0], "no error");
    }
    String point = "";
    if (section.equalErrorRate() != null && section.equalErrorRate().value() > 0) {
      double rate = section.equalErrorRate().value();
      chart.dot(
          rate, rate, "EER " + NumberText.value(section.equalErrorRate(), FigureStyle.PERCENT));
      point = " at the dot";
    }
    return new ReportFigure(
        id,
        "DET",
        "Lower and further left is better."
            + band(section.bands())
            + " On the dashed line both errors are equally frequent"
            + point
            + ". A rate of 0 is drawn on the edge.",
        NO_LEGEND,
        chart.svg(),
        curveTable(curve, section.bands(), false));
  }

  /**
   * Draws the curves of several runs into one figure.
   *
   * @param sections one a run
   * @param legend one entry a section, whose series colours its curve
   * @param roc the ROC, else the DET
   */
  static ReportFigure together(
      String title,
      List<VerificationSection> sections,
      List<LegendEntry> legend,
      String prefix,
      boolean roc) {
    String id = prefix + (roc ? "-roc" : "-det");
    long impostors =
        sections.stream().mapToLong(VerificationSection::impostorPairs).max().orElse(1);
    long genuine = sections.stream().mapToLong(VerificationSection::genuinePairs).max().orElse(1);
    Scale.Decades fmrScale = rateScale(impostors);
    Scale.Decades fnmrScale = rateScale(genuine);
    double lowestFmr = Math.pow(10, fmrScale.lowExponent());
    double lowestFnmr = Math.pow(10, fnmrScale.lowExponent());
    List<double[][]> curves = new ArrayList<>();
    double lowestTar = 1;
    ReportTable.Draft table =
        ReportTable.of(
            (roc ? "TAR" : "FNMR") + " of all runs at false match rates",
            "Run",
            "#FMR",
            "#Threshold",
            roc ? "#TAR" : "#FNMR");
    for (int i = 0; i < sections.size(); i++) {
      List<ErrorRatePoint> curve = sorted(sections.get(i).curve());
      int first = 0;
      while (first + 1 < curve.size() && curve.get(first + 1).falseMatchRate() == 0) {
        first++;
      }
      List<ErrorRatePoint> drawn = curve.subList(first, curve.size());
      double[] x =
          drawn.stream().mapToDouble(p -> Math.max(lowestFmr, p.falseMatchRate())).toArray();
      double[] y =
          drawn.stream()
              .mapToDouble(
                  p ->
                      roc ? 1 - p.falseNonMatchRate() : Math.max(lowestFnmr, p.falseNonMatchRate()))
              .toArray();
      curves.add(new double[][] {x, y});
      for (double value : y) {
        lowestTar = Math.min(lowestTar, value);
      }
      for (ErrorRatePoint point : byDecades(curve)) {
        table.row(
            legend.get(i).label(),
            NumberText.small(point.falseMatchRate()),
            NumberText.decimal(point.threshold()),
            NumberText.percent(roc ? 1 - point.falseNonMatchRate() : point.falseNonMatchRate()));
      }
    }
    double low = lowestTar < 0.5 ? 0 : 1 - niceAtLeast(1 - lowestTar);
    SvgChart chart =
        new SvgChart(
                id,
                (roc ? "ROC" : "DET") + " curves of all runs, " + title,
                roc
                    ? "True accept rate against false accept rate on a logarithmic axis, one curve a"
                        + " run."
                    : "False non-match rate against false match rate, both axes logarithmic, one"
                        + " curve a run.",
                roc ? "false accept rate (FAR)" : "false match rate (FMR)",
                fmrScale,
                roc ? "true accept rate (TAR)" : "false non-match rate (FNMR)",
                roc ? Scale.Linear.between(low, 1, true) : fnmrScale)
            .shadeLeftOf(Verdict.lowestFalseMatchRate(impostors), "too few pairs");
    for (int i = 0; i < curves.size(); i++) {
      chart.line(legend.get(i).series(), curves.get(i)[0], curves.get(i)[1]);
    }
    return new ReportFigure(
        id,
        (roc ? "ROC, " : "DET, ") + title,
        (roc ? "Higher is better." : "Lower and further left is better.")
            + " Curves that lie close together may differ by chance; whether they do is told by the"
            + " paired figures.",
        legend,
        chart.svg(),
        table.folded());
  }

  private static ReportFigure reliability(
      VerificationSection section, CalibrationCost calibration, String id) {
    List<CrossValidatedCalibration.Bin> bins = calibration.bins();
    double[] predicted =
        bins.stream().mapToDouble(CrossValidatedCalibration.Bin::predicted).toArray();
    double[] observed =
        bins.stream().mapToDouble(CrossValidatedCalibration.Bin::observed).toArray();
    ReportTable.Draft table =
        ReportTable.of(
            "Predicted and observed shares of genuine pairs, at even odds",
            "#Predicted",
            "#Observed",
            "#Genuine pairs",
            "#Impostor pairs");
    for (CrossValidatedCalibration.Bin bin : bins) {
      table.row(
          NumberText.percent(bin.predicted()),
          NumberText.percent(bin.observed()),
          NumberText.count(bin.genuine()),
          NumberText.count(bin.impostors()));
    }
    SvgChart chart =
        new SvgChart(
                id,
                "Reliability of the scores as probabilities, " + section.title(),
                "Observed share of genuine pairs against the predicted probability, at even odds;"
                    + " on the dashed line they are equal.",
                "predicted probability of one person",
                Scale.Linear.between(0, 1, true),
                "observed share",
                Scale.Linear.between(0, 1, true))
            .reference(0, 0, 1, 1)
            .line("one", predicted, observed)
            .tips(
                predicted,
                observed,
                i ->
                    "predicted "
                        + NumberText.percent(predicted[i])
                        + ", observed "
                        + NumberText.percent(observed[i])
                        + ", "
                        + NumberText.count(bins.get(i).genuine() + bins.get(i).impostors())
                        + " pairs");
    return new ReportFigure(
        id,
        "Reliability",
        "On the dashed line, what is predicted happens as often. Each pair is judged by a calibration"
            + " learned on the other folds. Points in the middle may rest on few pairs; the table"
            + " tells how many.",
        NO_LEGEND,
        chart.svg(),
        table.folded());
  }

  private static ReportFigure histogram(
      VerificationSection section, ScoreHistogram histogram, String id) {
    double[] genuine = shares(histogram.genuine());
    double[] impostor = shares(histogram.impostor());
    double highest = 0;
    for (int i = 0; i < genuine.length; i++) {
      highest = Math.max(highest, Math.max(genuine[i], impostor[i]));
    }
    SvgChart chart =
        new SvgChart(
                id,
                "Histogram of scores, " + section.title(),
                "Shares of genuine and of impostor pairs by "
                    + section.scoreName()
                    + (section.threshold() == null
                        ? "."
                        : ", with the threshold at "
                            + NumberText.decimal(section.threshold())
                            + "."),
                section.scoreName(),
                Scale.Linear.between(histogram.low(), histogram.high(), false),
                "share of pairs a bin",
                Scale.Linear.around(0, highest > 0 ? highest : 1, true))
            .columns("two", histogram.low(), histogram.high(), impostor)
            .columns("one", histogram.low(), histogram.high(), genuine);
    Double threshold = section.threshold();
    if (threshold != null && threshold >= histogram.low() && threshold <= histogram.high()) {
      chart.upright(threshold, "threshold " + NumberText.decimal(threshold));
    }
    return new ReportFigure(
        id,
        "Scores",
        "Each kind of pair is counted as a share of its own, so both outlines hold the same area."
            + " Where they overlap, no threshold decides all pairs right.",
        List.of(
            new LegendEntry("one", "genuine (one person)"),
            new LegendEntry("two", "impostor (two people)")),
        chart.svg(),
        histogramTable(histogram));
  }

  /** The bins, joined until they are few enough for a table. */
  private static ReportTable histogramTable(ScoreHistogram histogram) {
    int bins = histogram.genuine().size();
    int joined = (bins + TABLE_ROWS - 1) / TABLE_ROWS;
    double width = (histogram.high() - histogram.low()) / bins;
    ReportTable.Draft table =
        ReportTable.of("Pairs by score", "#Score from", "#to", "#Genuine", "#Impostor");
    for (int bin = 0; bin < bins; bin += joined) {
      int end = Math.min(bins, bin + joined);
      long genuine = 0;
      long impostor = 0;
      for (int i = bin; i < end; i++) {
        genuine += histogram.genuine().get(i);
        impostor += histogram.impostor().get(i);
      }
      table.row(
          NumberText.decimal(histogram.low() + bin * width),
          NumberText.decimal(histogram.low() + end * width),
          NumberText.count(genuine),
          NumberText.count(impostor));
    }
    return table.folded();
  }

  /** From the power of ten at or below one pair in {@code pairs} up to 1. */
  static Scale.Decades rateScale(long pairs) {
    return Scale.Decades.around(1.0 / Math.max(10, pairs), 1);
  }

  /** The next of 0.01, 0.02, 0.05, 0.1, 0.2, 0.5 at or above a value. */
  static double niceAtLeast(double value) {
    for (double nice : new double[] {0.01, 0.02, 0.05, 0.1, 0.2}) {
      if (value <= nice) {
        return nice;
      }
    }
    return 0.5;
  }

  private static double[] shares(List<Long> counts) {
    double sum = counts.stream().mapToLong(Long::longValue).sum();
    return counts.stream().mapToDouble(count -> sum == 0 ? 0 : count / sum).toArray();
  }
}
