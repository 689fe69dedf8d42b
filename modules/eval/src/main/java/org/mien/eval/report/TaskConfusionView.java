package org.mien.eval.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mien.eval.metrics.Metric;
import org.mien.eval.metrics.MetricsFile;

/**
 * Makes a section for each task of classes from its figures {@code confusion@LABEL=TOLD}: a
 * drawing, or a table of the classes of lowest recall where there are too many, or only {@code
 * confusion@LABEL=LABEL} is known.
 */
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
              Set<String> labels = labels(figures);
              if (labels.isEmpty()) {
                return;
              }
              Set<String> names = new LinkedHashSet<>();
              List<ConfusionCell> cells =
                  labels.size() > ConfusionHeatMap.MOST_IDENTITIES
                      ? List.of()
                      : cells(figures, labels, names);
              String id = SectionView.id("confusion", sections.size() + 1, protocol);
              SectionView.Draft section = SectionView.of(id, "Confusion: " + protocol);
              boolean drawn =
                  names.size() <= ConfusionHeatMap.MOST_IDENTITIES && cells.size() > labels.size();
              sections.add(
                  drawn
                      ? section.figure(drawing(id, List.copyOf(names), cells)).end()
                      : worst(section, figures, labels).end());
            });
    return sections;
  }

  private static Set<String> labels(Map<String, Metric> figures) {
    Set<String> labels = new LinkedHashSet<>();
    for (String name : figures.keySet()) {
      // A label has its own figure LABEL=LABEL, however many equals signs it holds itself.
      int middle = (PREFIX.length() + name.length()) / 2;
      if (name.startsWith(PREFIX)
          && name.substring(PREFIX.length(), middle).equals(name.substring(middle + 1))) {
        labels.add(name.substring(middle + 1));
      }
    }
    return labels;
  }

  private static List<ConfusionCell> cells(
      Map<String, Metric> figures, Set<String> labels, Set<String> names) {
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

  private static SectionView.Draft worst(
      SectionView.Draft section, Map<String, Metric> figures, Set<String> labels) {
    ReportTable.Draft table =
        ReportTable.of(
            "Classes of lowest recall", "Label", "#Images", "#Told right", "#Recall", "#95 %");
    labels.stream()
        .sorted(
            Comparator.comparingDouble((String label) -> recall(figures, label).value())
                .thenComparing(Comparator.naturalOrder()))
        .limit(ClassificationView.SHOWN)
        .forEach(
            label -> {
              Metric recall = recall(figures, label);
              table.row(
                  label,
                  NumberText.trials(recall),
                  NumberText.count(Math.round(recall.value() * recall.trials())),
                  NumberText.value(recall, FigureStyle.PERCENT),
                  NumberText.interval(recall, FigureStyle.PERCENT));
            });
    return section
        .paragraph(
            labels.size()
                + " classes with images are too many to draw. These have the lowest recall, the"
                + " share of their images that were told right; metrics.json has it of all.")
        .table(table.open());
  }

  private static Metric recall(Map<String, Metric> figures, String label) {
    return figures.get(PREFIX + label + "=" + label);
  }

  private static ReportFigure drawing(String id, List<String> names, List<ConfusionCell> cells) {
    ReportTable.Draft table =
        ReportTable.of("What images were told to be", "Label", "Told", "#Images");
    cells.stream()
        .filter(cell -> cell.count() > 0)
        .forEach(cell -> table.row(cell.identity(), cell.named(), NumberText.count(cell.count())));
    return new ReportFigure(
        id + "-matrix",
        "What labelled images were told to be",
        "A row holds the images with one label, a column those told to be it. Off the diagonal, the"
            + " answer was wrong. Stronger colour: a larger share of the row.",
        List.of(),
        ConfusionHeatMap.svg(id + "-drawing", "classes", "told", names, cells),
        table.folded());
  }
}
