package org.mien.eval.report;

import java.util.List;
import org.mien.eval.metrics.Metric;

/** Makes the section on two models. */
final class ComparisonView {
  private ComparisonView() {}

  static SectionView of(ComparisonSection section, int number) {
    SectionView.Draft draft =
        SectionView.of(
                SectionView.id("comparison", number, section.second()),
                section.second() + " against " + section.first())
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
          figure.name(),
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
    draft.note(
        "Each figure is tested alone: of twenty figures of two equal models, one is expected to have"
            + " p below 0.05 by luck.");
    return draft.end();
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
