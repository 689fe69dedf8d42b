package org.mien.eval.metrics;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The content of {@code metrics.json}: figures by protocol and name.
 *
 * @param schema version of the format, 1
 * @param results protocol name (such as {@code lfw}) to metric name (such as {@code tar@far=1e-3})
 *     to figure, in the order they are shown
 */
public record MetricsFile(int schema, Map<String, Map<String, Metric>> results) {
  public MetricsFile {
    results = new LinkedHashMap<>(results);
  }
}
