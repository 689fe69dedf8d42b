package org.mien.eval.report;

import java.util.ArrayList;
import java.util.List;
import org.mien.eval.metrics.Metric;
import org.mien.eval.report.IdentificationSection.OpenSetRate;
import org.mien.eval.report.IdentificationSection.OpenSetSeries;
import org.mien.eval.report.IdentificationSection.RankRate;
import org.mien.eval.report.ReportFigure.LegendEntry;

/** Makes the section of one identification protocol. */
final class IdentificationView {
  private static final String[] SERIES = {"one", "two"};

  private IdentificationView() {}

  static SectionView of(IdentificationSection section, int number) {
    SectionView.Draft draft =
        SectionView.of(
                SectionView.id("identification", number, section.protocol()), section.title())
            .paragraph(section.description())
            .fact(
                "Gallery",
                NumberText.counted(section.galleryIdentities(), "identity", "identities")
                    + (section.galleries() > 1
                        ? " in " + NumberText.count(section.galleries()) + " galleries"
                        : ""))
            .fact(
                "Searches",
                NumberText.count(section.matedProbes())
                    + " with a mate, "
                    + NumberText.count(section.nonMatedProbes())
                    + " without");
    if (section.tiedProbes() > 0) {
      draft.note(
          NumberText.counted(section.tiedProbes(), "mate ties", "mates tie")
              + " with another, equally similar identity; the tie is decided for the mate.");
    }
    if (!section.ranks().isEmpty()) {
      draft.figure(cmc(section, draft.id() + "-cmc"));
    }
    if (section.curves().stream().anyMatch(curve -> curve.points().size() > 1)) {
      draft.figure(openSet(section, draft.id() + "-openset"));
    }
    draft.table(openSetTable(section));
    draft.table(tarTable(section));
    if (section.nonMatedProbes() == 0) {
      draft.note(
          "Every search was for someone who is there to be found. What happens when a stranger is"
              + " searched for, this does not tell.");
    }
    return draft.end();
  }

  private static ReportFigure cmc(IdentificationSection section, String id) {
    List<RankRate> ranks = section.ranks();
    List<RankRate> curve = section.cmc().isEmpty() ? ranks : section.cmc();
    int last = 1;
    double lowest = 1;
    for (RankRate point : ranks) {
      last = Math.max(last, point.rank());
      Metric rate = point.rate();
      lowest = Math.min(lowest, rate.low() == null ? rate.value() : rate.low());
    }
    for (RankRate point : curve) {
      last = Math.max(last, point.rank());
    }
    double low = lowest < 0.5 ? 0 : 1 - VerificationFigures.niceAtLeast(1 - lowest);
    SvgChart chart =
        new SvgChart(
            id,
            "CMC, " + section.title(),
            "Share of searches whose mate is at a rank or better; at rank "
                + ranks.get(0).rank()
                + " it is "
                + NumberText.value(ranks.get(0).rate(), FigureStyle.PERCENT)
                + ".",
            "rank",
            Scale.Decades.around(1, Math.max(10, last)),
            "share found",
            Scale.Linear.between(low, 1, true));
    double[] x = curve.stream().mapToDouble(RankRate::rank).toArray();
    double[] y = curve.stream().mapToDouble(point -> point.rate().value()).toArray();
    if (curve.size() == ranks.size()) {
      chart.line("one", x, y);
    } else {
      chart.line("one", steps(x, last)[0], steps(y, Double.NaN)[1]);
    }
    ReportTable.Draft table =
        ReportTable.of(
            "Share found by rank", "#Rank", "#Share found", "#95 % interval", "#Searches");
    for (RankRate point : ranks) {
      Metric rate = point.rate();
      if (rate.low() != null) {
        chart.whisker("one", point.rank(), rate.low(), rate.high());
      }
      table.row(
          NumberText.count(point.rank()),
          NumberText.value(rate, FigureStyle.PERCENT),
          NumberText.interval(rate, FigureStyle.PERCENT),
          NumberText.trials(rate));
    }
    double[] rankX = ranks.stream().mapToDouble(RankRate::rank).toArray();
    double[] rankY = ranks.stream().mapToDouble(point -> point.rate().value()).toArray();
    chart.tips(
        rankX,
        rankY,
        i ->
            "rank "
                + NumberText.count(ranks.get(i).rank())
                + ": "
                + NumberText.value(ranks.get(i).rate(), FigureStyle.PERCENT)
                + " found, 95 % interval "
                + NumberText.interval(ranks.get(i).rate(), FigureStyle.PERCENT));
    return new ReportFigure(
        id,
        "Cumulative match characteristic",
        "Higher is better. The strokes are 95 % intervals."
            + (low > 0 ? " The upright axis starts at " + NumberText.rate(low) + "." : ""),
        List.of(),
        chart.svg(),
        table.open());
  }

  /** A curve of ranks rises at a rank and stays until the next: both kinds of corners. */
  private static double[][] steps(double[] values, double end) {
    double[] shifted = new double[2 * values.length];
    double[] repeated = new double[2 * values.length];
    for (int i = 0; i < values.length; i++) {
      shifted[2 * i] = values[i];
      shifted[2 * i + 1] = i + 1 < values.length ? values[i + 1] : end;
      repeated[2 * i] = values[i];
      repeated[2 * i + 1] = values[i];
    }
    return new double[][] {shifted, repeated};
  }

  private static ReportFigure openSet(IdentificationSection section, String id) {
    Scale.Decades fpirScale = VerificationFigures.rateScale(section.nonMatedProbes());
    Scale.Decades fnirScale = VerificationFigures.rateScale(section.matedProbes());
    double lowestFpir = Math.pow(10, fpirScale.lowExponent());
    double lowestFnir = Math.pow(10, fnirScale.lowExponent());
    SvgChart chart =
        new SvgChart(
                id,
                "Open-set curve, " + section.title(),
                "False negative identification rate against false positive identification rate,"
                    + " both axes logarithmic.",
                "false positive identification rate (FPIR)",
                fpirScale,
                "false negative identification rate (FNIR)",
                fnirScale)
            .shadeLeftOf(
                Verdict.lowestFalseMatchRate(section.nonMatedProbes()), "too few searches");
    List<LegendEntry> legend = new ArrayList<>();
    ReportTable.Draft table =
        ReportTable.of("Points of the curve", "Gallery", "#Threshold", "#FPIR", "#FNIR");
    for (OpenSetSeries series : section.curves()) {
      String colour = SERIES[legend.size() % SERIES.length];
      List<ErrorRatePoint> points = VerificationFigures.sorted(series.points());
      double[] x = rates(points, true, lowestFpir);
      double[] y = rates(points, false, lowestFnir);
      chart.line(colour, x, y);
      chart.tips(
          x,
          y,
          i ->
              "threshold "
                  + NumberText.decimal(points.get(i).threshold())
                  + ", FPIR "
                  + NumberText.rate(points.get(i).falseMatchRate())
                  + ", FNIR "
                  + NumberText.rate(points.get(i).falseNonMatchRate()));
      for (ErrorRatePoint point : VerificationFigures.spread(points)) {
        table.row(
            series.name(),
            NumberText.decimal(point.threshold()),
            NumberText.small(point.falseMatchRate()),
            NumberText.rate(point.falseNonMatchRate()));
      }
      legend.add(new LegendEntry(colour, series.name()));
    }
    for (OpenSetRate rate : section.openSet()) {
      if (rate.fnir().low() != null && rate.fpir() > 0) {
        chart.whisker(
            "one",
            rate.fpir(),
            Math.max(lowestFnir, rate.fnir().low()),
            Math.max(lowestFnir, rate.fnir().high()));
      }
    }
    return new ReportFigure(
        id,
        "Strangers and misses",
        "Lower and further left is better: fewer people in the gallery are missed, and fewer"
            + " strangers are taken for one of them. The strokes are 95 % intervals. A rate of 0 is"
            + " drawn on the edge.",
        legend.size() > 1 ? legend : List.of(),
        chart.svg(),
        table.folded());
  }

  private static double[] rates(List<ErrorRatePoint> points, boolean match, double lowest) {
    return points.stream()
        .mapToDouble(
            point -> Math.max(lowest, match ? point.falseMatchRate() : point.falseNonMatchRate()))
        .toArray();
  }

  private static ReportTable openSetTable(IdentificationSection section) {
    ReportTable.Draft table =
        ReportTable.of(
            "Misses (FNIR) at given rates of false alarms for strangers (FPIR)",
            "#FPIR asked for",
            "#FNIR",
            "#95 % interval",
            "#Threshold",
            "#FPIR reached",
            "Guard");
    for (OpenSetRate rate : section.openSet()) {
      table.row(
          NumberText.small(rate.targetFpir()),
          NumberText.value(rate.fnir(), FigureStyle.PERCENT),
          NumberText.interval(rate.fnir(), FigureStyle.PERCENT),
          NumberText.decimal(rate.threshold()),
          NumberText.small(rate.fpir()),
          rate.fnir().note() == null ? "" : rate.fnir().note());
    }
    return table.open();
  }

  private static ReportTable tarTable(IdentificationSection section) {
    ReportTable.Draft table =
        ReportTable.of(
            "True accept rate (TAR) at given false accept rates (FAR) over "
                + (section.impostorPairs() == null
                    ? "all comparisons with distractors"
                    : NumberText.count(section.impostorPairs()) + " comparisons with distractors"),
            "#FAR",
            "#TAR",
            "#95 % interval",
            "#Threshold",
            "#FAR reached",
            "Guard");
    section.tarAtFar().forEach(row -> table.row(tarCells(row)));
    return table.open();
  }

  static String[] tarCells(TarAtFarRow row) {
    Metric tar = row.tar();
    return new String[] {
      NumberText.small(row.targetFar()),
      NumberText.value(tar, FigureStyle.PERCENT),
      tar == null ? NumberText.NONE : NumberText.interval(tar, FigureStyle.PERCENT),
      NumberText.decimal(row.threshold()),
      row.achievedFar() == null ? NumberText.NONE : NumberText.small(row.achievedFar()),
      tar == null || tar.note() == null ? "" : tar.note()
    };
  }
}
