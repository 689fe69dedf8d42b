package org.mien.eval.report;

import java.util.ArrayList;
import java.util.List;
import org.mien.eval.metrics.Metric;
import org.mien.eval.report.FairnessSection.CrossGroup;
import org.mien.eval.report.FairnessSection.Group;
import org.mien.eval.report.ReportFigure.LegendEntry;

/** Makes the sections on groups and strata. */
final class FairnessView {
  private static final List<LegendEntry> BOTH_RATES =
      List.of(
          new LegendEntry("one", "FNMR: one person, refused"),
          new LegendEntry("two", "FMR: two people, accepted"));

  private FairnessView() {}

  static SectionView of(FairnessSection section, int number) {
    SectionView.Draft draft =
        SectionView.of(
                SectionView.id("groups", number, section.attribute()),
                "Groups by " + section.attribute())
            .paragraph(
                "Every group is compared at one threshold"
                    + (section.source() == null ? "" : ", on the pairs of " + section.source())
                    + ". Equal figures do not show that the model treats groups alike; they may be"
                    + " equal by chance, or over images unlike those of the deployment.")
            .fact("Threshold", sentence(section.thresholdOrigin(), section.threshold()))
            .fact("FMR over all impostor pairs", counted(section.fmr()))
            .fact("FNMR over all genuine pairs", counted(section.fnmr()));
    if (section.leftOutPairs() > 0) {
      draft.fact(
          "Left out, without a value", NumberText.counted(section.leftOutPairs(), "pair", "pairs"));
    }
    if (section.genuineAcrossGroups() > 0) {
      draft.fact("Genuine pairs across groups", NumberText.count(section.genuineAcrossGroups()));
    }
    dots(section, draft);
    List<String> groups = section.groups().stream().map(Group::name).toList();
    boolean crossed =
        section.crossGroups().stream()
            .anyMatch(cell -> cell.fmr().trials() > 0 && !cell.groupA().equals(cell.groupB()));
    if (crossed && groups.size() >= 2 && groups.size() <= RateHeatMap.MOST_GROUPS) {
      draft.figure(
          new ReportFigure(
              draft.id() + "-cross",
              "False match rate between groups",
              "A cell holds the share of impostor pairs, one image of each group, that pass."
                  + " Columns are numbered as the rows. Stronger colour: higher. ?: too few trials"
                  + " to be compared.",
              List.of(),
              RateHeatMap.svg(draft.id() + "-cross", groups, section.crossGroups()),
              crossTable(section)));
    } else if (crossed) {
      draft.table(crossTable(section));
    }
    draft.table(groupTable(section));
    draft.table(inequality(section));
    note(draft, "FMR", section.fmrInequality());
    note(draft, "FNMR", section.fnmrInequality());
    section.notes().stream()
        .filter(note -> !note.equals(section.thresholdOrigin()))
        .forEach(draft::note);
    boolean few =
        section.groups().stream().anyMatch(group -> group.fmr().tooFew() || group.fnmr().tooFew());
    if (few) {
      draft.note(
          "Too few trials: fewer than 3 errors were to be expected of the group at the overall rate,"
              + " and fewer occurred. Its dot is hollow, and it takes no part in the measures of"
              + " inequality.");
    }
    return draft.end();
  }

  private static void dots(FairnessSection section, SectionView.Draft draft) {
    double highest = 0;
    double lowest = 1;
    for (Group group : section.groups()) {
      for (CountedRate rate : List.of(group.fmr(), group.fnmr())) {
        if (rate.rate() != null) {
          Metric metric = rate.rate();
          highest = Math.max(highest, metric.high() == null ? metric.value() : metric.high());
          lowest =
              Math.min(
                  lowest,
                  metric.low() != null && metric.low() > 0
                      ? metric.low()
                      : metric.value() > 0 ? metric.value() : 1.0 / Math.max(10, rate.trials()));
        }
      }
    }
    if (highest == 0) {
      return;
    }
    String id = draft.id() + "-rates";
    DotPlot plot =
        new DotPlot(
            id,
            "Error rates by " + section.attribute(),
            "error rate, logarithmic",
            Scale.Decades.around(Math.max(1e-7, lowest), Math.min(1, highest)));
    for (Group group : section.groups()) {
      List<DotPlot.Dot> dots = new ArrayList<>();
      add(dots, "one", "FNMR", group.fnmr());
      add(dots, "two", "FMR", group.fmr());
      plot.row(group.name(), dots);
    }
    draft.figure(
        new ReportFigure(
            id,
            "Error rates by group",
            "Further left is better. Strokes are 95 % intervals; where those of two groups overlap"
                + " widely, the groups may be equal. A rate of 0 is drawn on the edge.",
            BOTH_RATES,
            plot.svg()));
  }

  private static void add(List<DotPlot.Dot> dots, String series, String name, CountedRate rate) {
    if (rate.rate() != null) {
      dots.add(new DotPlot.Dot(series, rate.rate(), name + " " + counted(rate), rate.tooFew()));
    }
  }

  private static ReportTable groupTable(FairnessSection section) {
    ReportTable.Draft table =
        ReportTable.of(
            "Groups",
            "Group",
            "#People",
            "#Images",
            "#FMR",
            "#Accepted / impostor pairs",
            "#FNMR",
            "#Refused / genuine pairs",
            "Guard");
    for (Group group : section.groups()) {
      table.row(
          group.name(),
          known(group.identities()),
          known(group.images()),
          rate(group.fmr()) + "\n" + interval(group.fmr()),
          errors(group.fmr()),
          rate(group.fnmr()) + "\n" + interval(group.fnmr()),
          errors(group.fnmr()),
          guard(group));
    }
    return table.open();
  }

  private static String guard(Group group) {
    if (group.fmr().tooFew() && group.fnmr().tooFew()) {
      return "too few trials";
    }
    return group.fmr().tooFew()
        ? "too few impostor pairs"
        : group.fnmr().tooFew() ? "too few genuine pairs" : "";
  }

  private static ReportTable crossTable(FairnessSection section) {
    ReportTable.Draft table =
        ReportTable.of(
            "False match rate between groups",
            "Group",
            "With",
            "#FMR",
            "#95 % interval",
            "#Accepted / impostor pairs",
            "Guard");
    for (CrossGroup cell : section.crossGroups()) {
      table.row(
          cell.groupA(),
          cell.groupB(),
          rate(cell.fmr()),
          interval(cell.fmr()),
          errors(cell.fmr()),
          cell.fmr().trials() == 0 ? "no such pairs" : cell.fmr().tooFew() ? "too few trials" : "");
    }
    return table.folded();
  }

  private static ReportTable inequality(FairnessSection section) {
    ReportTable.Draft table =
        ReportTable.of(
            "How unequal the rates are",
            "Measure",
            "#FMR",
            "#95 % interval",
            "#FNMR",
            "#95 % interval");
    InequalityFigures fmr = section.fmrInequality();
    InequalityFigures fnmr = section.fnmrInequality();
    if (fmr != null && fnmr != null) {
      row(table, "highest / lowest", fmr.maxOverMin(), fnmr.maxOverMin());
      row(
          table,
          "highest / geometric mean",
          fmr.maxOverGeometricMean(),
          fnmr.maxOverGeometricMean());
      row(table, "Gini (0: equal, 1: one group has all errors)", fmr.gini(), fnmr.gini());
    }
    return table.open();
  }

  private static void row(ReportTable.Draft table, String name, Metric fmr, Metric fnmr) {
    table.row(
        name,
        NumberText.value(fmr, FigureStyle.DECIMAL),
        fmr == null ? NumberText.NONE : NumberText.interval(fmr, FigureStyle.DECIMAL),
        NumberText.value(fnmr, FigureStyle.DECIMAL),
        fnmr == null ? NumberText.NONE : NumberText.interval(fnmr, FigureStyle.DECIMAL));
  }

  private static void note(SectionView.Draft draft, String rate, InequalityFigures figures) {
    if (figures == null) {
      return;
    }
    if (figures.highest() != null && !figures.highest().equals(figures.lowest())) {
      draft.note(
          rate + ": highest for " + figures.highest() + ", lowest for " + figures.lowest() + ".");
    }
    if (figures.note() != null) {
      draft.note(rate + ": " + figures.note());
    }
  }

  static SectionView of(StrataSection section, int number) {
    SectionView.Draft draft =
        SectionView.of(
                SectionView.id("strata", number, section.quantity()),
                "Difficulty by " + section.quantity())
            .paragraph(
                "Genuine pairs"
                    + (section.source() == null ? "" : " of " + section.source())
                    + " sorted by "
                    + section.quantity()
                    + "; all are decided by one threshold.");
    if (section.thresholdOrigin() != null) {
      draft.fact("Threshold", section.thresholdOrigin());
    }
    double highest = 0;
    for (StrataSection.Stratum stratum : section.strata()) {
      Metric rate = stratum.fnmr().rate();
      if (rate != null) {
        highest = Math.max(highest, rate.high() == null ? rate.value() : rate.high());
      }
    }
    if (highest > 0) {
      String id = draft.id() + "-rates";
      DotPlot plot =
          new DotPlot(
              id,
              "FNMR by " + section.quantity(),
              "false non-match rate (FNMR)",
              Scale.Linear.around(0, highest, true));
      for (StrataSection.Stratum stratum : section.strata()) {
        List<DotPlot.Dot> dots = new ArrayList<>();
        add(dots, "one", "FNMR", stratum.fnmr());
        plot.row(stratum.label(), dots);
      }
      draft.figure(
          new ReportFigure(
              id,
              "Misses by " + section.quantity(),
              "Further left is better. Strokes are 95 % intervals. Hollow: too few trials.",
              List.of(),
              plot.svg()));
    }
    ReportTable.Draft table =
        ReportTable.of(
            "FNMR by " + section.quantity(),
            section.quantity(),
            "#People",
            "#FNMR",
            "#95 % interval",
            "#Refused / genuine pairs",
            "Guard");
    for (StrataSection.Stratum stratum : section.strata()) {
      table.row(
          stratum.label(),
          known(stratum.identities()),
          rate(stratum.fnmr()),
          interval(stratum.fnmr()),
          errors(stratum.fnmr()),
          stratum.fnmr().tooFew() ? "too few trials" : "");
    }
    draft.table(table.open());
    note(draft, "FNMR", section.inequality());
    return draft.end();
  }

  static String counted(CountedRate rate) {
    if (rate.rate() == null) {
      return "no trials";
    }
    String interval = NumberText.interval(rate.rate(), FigureStyle.PERCENT);
    return rate(rate)
        + " ("
        + NumberText.count(rate.errors())
        + " of "
        + NumberText.count(rate.trials())
        + (interval.equals(NumberText.NONE) ? "" : "; 95 % interval " + interval)
        + (rate.tooFew() ? "; too few trials" : "")
        + ")";
  }

  static String rate(CountedRate rate) {
    return NumberText.value(rate.rate(), FigureStyle.PERCENT);
  }

  static String interval(CountedRate rate) {
    return rate.rate() == null
        ? NumberText.NONE
        : NumberText.interval(rate.rate(), FigureStyle.PERCENT);
  }

  static String errors(CountedRate rate) {
    return NumberText.count(rate.errors()) + " / " + NumberText.count(rate.trials());
  }

  private static String known(long count) {
    return count == 0 ? NumberText.NONE : NumberText.count(count);
  }

  private static String sentence(String origin, double threshold) {
    return origin == null ? NumberText.decimal(threshold) : origin;
  }
}
