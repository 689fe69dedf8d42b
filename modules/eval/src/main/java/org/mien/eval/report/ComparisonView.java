package org.mien.eval.report;

import java.util.List;
import org.mien.eval.comparison.DecisionTable;
import org.mien.eval.metrics.Metric;

/** Makes the section on two models. */
final class ComparisonView {
  private ComparisonView() {}

  static SectionView of(ComparisonSection section, int number) {
    return of(
        section,
        SectionView.id("comparison", number, section.second()),
        section.second() + " against " + section.first());
  }

  static SectionView of(ComparisonSection section, String sectionId, String title) {
    SectionView.Draft draft =
        SectionView.of(sectionId, title)
            .paragraph(section.pairing())
            .paragraph(
                "Both models scored the same pairs ("
                    + section.source()
                    + ": "
                    + NumberText.count(section.genuinePairs())
                    + " genuine, "
                    + NumberText.count(section.impostorPairs())
                    + " impostor). The same people are drawn again for both, so the interval is of"
                    + " the difference itself.");
    double low = 0;
    double high = 0;
    for (ComparisonSection.Figure figure : section.figures()) {
      Metric difference = figure.difference();
      low = Math.min(low, difference.low() == null ? difference.value() : difference.low());
      high = Math.max(high, difference.high() == null ? difference.value() : difference.high());
    }
    String id = draft.id() + "-differences";
    DotPlot plot =
        new DotPlot(
                id,
                "Differences, " + section.second() + " minus " + section.first(),
                "difference, percentage points",
                Scale.Linear.around(100 * low, 100 * high, false))
            .reference(0);
    ReportTable.Draft table =
        ReportTable.of(
            "Figures of both models",
            "Figure",
            "#" + section.first(),
            "#" + section.second(),
            "#Difference, points",
            "#95 % interval",
            "#p",
            "Meaning");
    for (ComparisonSection.Figure figure : section.figures()) {
      Metric difference = figure.difference();
      String interval =
          difference.low() == null
              ? NumberText.NONE
              : NumberText.points(difference.low()) + " – " + NumberText.points(difference.high());
      plot.row(
          figure.name(),
          List.of(
              new DotPlot.Dot(
                  figure.shown() ? "one" : "two",
                  hundredfold(difference),
                  NumberText.points(difference.value()) + " points, 95 % interval " + interval,
                  !figure.shown())));
      table.row(
          figure.name().replace('-', '\u2011'), // 1e-3 is not to be broken into two lines
          NumberText.percent(figure.first()),
          NumberText.percent(figure.second()),
          NumberText.points(difference.value()),
          interval,
          NumberText.small(figure.pValue()),
          meaning(figure));
    }
    if (!section.figures().isEmpty()) {
      draft.figure(
          new ReportFigure(
              id,
              "Differences",
              "Right of the dashed line the figure of "
                  + section.second()
                  + " is higher (of the error rate EER, lower is better). Hollow: the interval holds"
                  + " 0, no difference has been shown.",
              List.of(),
              plot.svg()));
    }
    draft.table(table.open());
    if (section.decisions() != null) {
      decisions(draft, section, section.decisions());
    }
    draft.note(
        "Each figure is tested alone: of twenty figures of two equal models, one is expected to have"
            + " p below 0.05 by luck.");
    return draft.end();
  }

  private static void decisions(
      SectionView.Draft draft, ComparisonSection section, DecisionTable decisions) {
    String onlyFirst = section.first() + " right, " + section.second() + " wrong";
    String onlySecond = section.second() + " right, " + section.first() + " wrong";
    draft.table(
        ReportTable.of("Decisions, " + decisions.rule(), "Both decide a pair", "#Pairs")
            .row("Both right", NumberText.count(decisions.bothRight()))
            .row(onlyFirst, NumberText.count(decisions.onlyFirstRight()))
            .row(onlySecond, NumberText.count(decisions.onlySecondRight()))
            .row("Both wrong", NumberText.count(decisions.bothWrong()))
            .open());
    ReportTable.Draft differing =
        ReportTable.of(
            "Pairs that only one decides rightly, those judged the furthest apart first",
            "Image",
            "Other image",
            "They show",
            "#" + section.first(),
            "#" + section.second(),
            "Right is");
    for (DecisionTable.Differing pair : decisions.differing()) {
      differing.row(
          pair.imageA() == null ? "(not named)" : pair.imageA(),
          pair.imageB() == null ? "(not named)" : pair.imageB(),
          pair.genuine() ? "one person" : "two people",
          NumberText.decimal(pair.first()),
          NumberText.decimal(pair.second()),
          pair.firstRight() ? section.first() : section.second());
    }
    draft.table(differing.folded());
    draft.note(
        "McNemar's exact test of the pairs that only one decides rightly gives p = "
            + NumberText.small(decisions.pValue())
            + ". It takes pairs as independent; where pairs share people it is too small, and the"
            + " intervals above are to be believed.");
  }

  private static String meaning(ComparisonSection.Figure figure) {
    String note = figure.difference().note() == null ? "" : figure.difference().note();
    if (figure.shown()) {
      return note.isEmpty()
          ? "a difference has been shown"
          : "a difference has been shown; " + note;
    }
    return note.isEmpty() ? "may be chance" : "may be chance; " + note;
  }

  private static Metric hundredfold(Metric metric) {
    return new Metric(
        100 * metric.value(),
        metric.low() == null ? null : Double.valueOf(100 * metric.low()),
        metric.high() == null ? null : Double.valueOf(100 * metric.high()),
        metric.trials(),
        null);
  }
}
