package org.mien.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mien.eval.metrics.MetricsFile;

/** Figures as a table for people. */
final class MetricsTable {
  private MetricsTable() {}

  static List<String> of(MetricsFile metrics) {
    List<String> lines = new ArrayList<>();
    metrics
        .results()
        .forEach(
            (protocol, figures) ->
                figures.forEach(
                    (name, metric) ->
                        lines.add(
                            String.format(
                                    Locale.ROOT,
                                    "%-10s %-38s %8.4f  %-18s %s",
                                    protocol,
                                    name,
                                    metric.value(),
                                    metric.low() == null || metric.high() == null
                                        ? ""
                                        : String.format(
                                            Locale.ROOT,
                                            "[%.4f, %.4f]",
                                            metric.low(),
                                            metric.high()),
                                    metric.note() == null ? "" : metric.note())
                                .stripTrailing())));
    return lines;
  }
}
