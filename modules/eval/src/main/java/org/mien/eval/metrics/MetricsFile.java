package org.mien.eval.metrics;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.mien.core.error.DataException;
import org.mien.core.json.Json;

/**
 * The content of {@code metrics.json}: figures by protocol and name.
 *
 * @param schema version of the format, {@value #SCHEMA}
 * @param results protocol name (such as {@code lfw}) to metric name (such as {@code tar@far=1e-3})
 *     to figure, in the order they are shown
 */
public record MetricsFile(int schema, Map<String, Map<String, Metric>> results) {
  /** The version of the format that this class reads and writes. */
  public static final int SCHEMA = 1;

  public MetricsFile {
    if (schema != SCHEMA) {
      throw new IllegalArgumentException("expected schema " + SCHEMA + ", was " + schema);
    }
    if (results == null) {
      throw new IllegalArgumentException("expected results by protocol");
    }
    Map<String, Map<String, Metric>> copy = new LinkedHashMap<>();
    results.forEach(
        (protocol, metrics) -> {
          if (metrics == null || metrics.values().stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException("a figure of " + protocol + " is null");
          }
          copy.put(protocol, Collections.unmodifiableMap(new LinkedHashMap<>(metrics)));
        });
    results = Collections.unmodifiableMap(copy);
  }

  /** The results of a run, in the present schema. */
  public static MetricsFile of(Map<String, Map<String, Metric>> results) {
    return new MetricsFile(SCHEMA, results);
  }

  /** Returns these results with those of one protocol added or replaced. */
  public MetricsFile with(String protocol, Map<String, Metric> metrics) {
    Map<String, Map<String, Metric>> all = new LinkedHashMap<>(results);
    all.put(protocol, metrics);
    return new MetricsFile(schema, all);
  }

  /**
   * Reads {@code metrics.json}.
   *
   * @throws DataException if it is missing, not JSON or not of this schema, with the place
   */
  public static MetricsFile read(Path file) {
    return Json.read(file, MetricsFile.class);
  }

  /**
   * Writes {@code metrics.json}, replacing the file only when it is complete. The same results
   * always give the same bytes.
   *
   * @throws DataException if it cannot be written; what was there before stays
   */
  public void write(Path file) {
    Json.write(file, this);
  }
}
