package org.mien.eval.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mien.eval.metrics.Metric;
import org.mien.eval.metrics.MetricsFile;

/** Makes a section for each task of classes from its figures {@code confusion@LABEL=TOLD}. */
final class TaskConfusionView {
  private static final String PREFIX = "confusion@";

  private TaskConfusionView() {}

  /** Returns a section for each protocol that has such figures. */
  static List<SectionView> of(MetricsFile metrics) {
    List<SectionView> sections = new ArrayList<>();
    metrics
        .results()
        .forEach(
            (protocol, figures) -> {
              Set<String> names = new LinkedHashSet<>();
              List<ConfusionCell> cells = cells(figures, names);
              if (!cells.isEmpty() && names.size() <= ConfusionHeatMap.MOST_IDENTITIES) {
                sections.add(section(sections.size() + 1, protocol, List.copyOf(names), cells));
              }
            });
    return sections;
  }

  private static List<ConfusionCell> cells(Map<String, Metric> figures, Set<String> names) {
    Set<String> labels = new LinkedHashSet<>();
    for (String name : figures.keySet()) {
      // A label has its own figure LABEL=LABEL, however many equals signs it holds itself.
      int middle = (PREFIX.length() + name.length()) / 2;
      if (name.startsWith(PREFIX)
          && name.substring(PREFIX.length(), middle).equals(name.substring(middle + 1))) {
        labels.add(name.substring(middle + 1));
      }
    }
    List<ConfusionCell> cells = new ArrayList<>();
    figures.forEach(
        (name, metric) -> {
          for (String label : labels) {
            if (name.startsWith(PREFIX + label + "=")) {
              String told = name.substring(PREFIX.length() + label.length() + 1);
              names.add(told);
              cells.add(
                  new ConfusionCell(label, told, Math.round(metric.value() * metric.trials())));
              return;
            }
          }
        });
    return cells;
  }

  private static SectionView section(
      int number, String protocol, List<String> names, List<ConfusionCell> cells) {
    ReportTable.Draft table =
        ReportTable.of("What images were told to be", "Label", "Told", "#Images");
    cells.stream()
        .filter(cell -> cell.count() > 0)
        .forEach(cell -> table.row(cell.identity(), cell.named(), NumberText.count(cell.count())));
    String id = SectionView.id("confusion", number, protocol);
    return SectionView.of(id, "Confusion: " + protocol)
        .figure(
            new ReportFigure(
                id + "-matrix",
                "What labelled images were told to be",
                "A row holds the images with one label, a column those told to be it. Off the"
                    + " diagonal, the answer was wrong. Stronger colour: a larger share of the row.",
                List.of(),
                ConfusionHeatMap.svg(id + "-drawing", "classes", "told", names, cells),
                table.folded()))
        .end();
  }
}
