package org.mien.eval.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.mien.eval.report.ReportFigure.LegendEntry;

/** ROC, DET and score histogram of one verification protocol. */
final class VerificationFigures {
  private static final List<LegendEntry> NO_LEGEND = List.of();

  private VerificationFigures() {}

  /** Returns what can be drawn; {@code prefix} begins every id. */
  static List<ReportFigure> of(VerificationSection section, String prefix) {
    List<ReportFigure> figures = new ArrayList<>();
    List<ErrorRatePoint> curve = sorted(section.curve());
    if (curve.size() >= 2 && section.impostorPairs() > 0 && section.genuinePairs() > 0) {
      figures.add(roc(section, curve, prefix + "-roc"));
      figures.add(det(section, curve, prefix + "-det"));
    }
    if (section.histogram() != null) {
      figures.add(histogram(section, section.histogram(), prefix + "-scores"));
    }
    return figures;
  }

  private static List<ErrorRatePoint> sorted(List<ErrorRatePoint> points) {
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

  private static ReportFigure roc(
      VerificationSection section, List<ErrorRatePoint> curve, String id) {
    Scale.Decades farScale = rateScale(section.impostorPairs());
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
    // Zoomed in where the curve is; from 0 where it is low anyway.
    double low = lowestTar < 0.5 ? 0 : 1 - niceAtLeast(1 - lowestTar);
    double resolved = Verdict.lowestFalseMatchRate(section.impostorPairs());
    SvgChart chart =
        new SvgChart(
                id,
                "ROC curve, " + section.title(),
                "True accept rate against false accept rate on a logarithmic axis. "
                    + "The curve starts at "
                    + NumberText.percent(tar[0], section.genuinePairs())
                    + " where no impostor pair is accepted"
                    + (section.equalErrorRate() == null
                        ? "."
                        : "; the equal error rate is "
                            + NumberText.value(section.equalErrorRate(), FigureStyle.PERCENT)
                            + "."),
                "false accept rate (FAR)",
                farScale,
                "true accept rate (TAR)",
                Scale.Linear.between(low, 1, true))
            .shadeLeftOf(resolved, "too few pairs")
            .line("one", far, tar);
    return new ReportFigure(
        id,
        "ROC",
        "Higher is better. In the shaded part, fewer than three of the "
            + NumberText.count(section.impostorPairs())
            + " impostor pairs decide, so the curve there may be chance."
            + (low > 0 ? " The upright axis starts at " + NumberText.rate(low) + "." : ""),
        NO_LEGEND,
        chart.svg());
  }

  private static ReportFigure det(
      VerificationSection section, List<ErrorRatePoint> curve, String id) {
    Scale.Decades fmrScale = rateScale(section.impostorPairs());
    Scale.Decades fnmrScale = rateScale(section.genuinePairs());
    double lowestFmr = Math.pow(10, fmrScale.lowExponent());
    double lowestFnmr = Math.pow(10, fnmrScale.lowExponent());
    List<double[]> points = new ArrayList<>();
    for (int i = 0; i < curve.size(); i++) {
      ErrorRatePoint point = curve.get(i);
      boolean betterFollows =
          point.falseMatchRate() == 0
              && i + 1 < curve.size()
              && curve.get(i + 1).falseMatchRate() == 0;
      if (!betterFollows) {
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
            .line("one", fmr, fnmr);
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
        "Lower and further left is better. On the dashed line both errors are equally frequent"
            + point
            + ". A rate of 0 is drawn on the edge.",
        NO_LEGEND,
        chart.svg());
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
        chart.svg());
  }

  /** From the power of ten at or below one pair in {@code pairs} up to 1. */
  private static Scale.Decades rateScale(long pairs) {
    return Scale.Decades.around(1.0 / Math.max(10, pairs), 1);
  }

  /** The next of 0.01, 0.02, 0.05, 0.1, 0.2, 0.5 at or above a value. */
  private static double niceAtLeast(double value) {
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
