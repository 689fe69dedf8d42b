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
    int width = metrics.results().keySet().stream().mapToInt(String::length).max().orElse(0);
    metrics
        .results()
        .forEach(
            (protocol, figures) ->
                figures.forEach(
                    (name, metric) ->
                        lines.add(
                            String.format(
                                    Locale.ROOT,
                                    "%s %-38s %8s  %-18s %s",
                                    protocol + " ".repeat(Math.max(10, width) - protocol.length()),
                                    name,
                                    value(metric.value()),
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

  /** Four decimals, but for what would be zero then and is not. */
  private static String value(double value) {
    return String.format(
        Locale.ROOT, value != 0 && Math.abs(value) < 5e-5 ? "%.1e" : "%.4f", value);
  }
}
