package org.mien.eval.regression;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mien.eval.metrics.Metric;

/**
 * Everything a report on ages shows.
 *
 * @param metrics over all images, by the names of {@code metrics.json}, then those of the bands
 *     with {@code @age=[18,30)} behind the name
 * @param bands from the youngest to the oldest, those without images included
 * @param images how many
 */
public record AgeResult(Map<String, Metric> metrics, List<Band> bands, int images) {
  public AgeResult {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    bands = List.copyOf(bands);
  }

  /**
   * The images of a band of true ages.
   *
   * @param label such as {@code [18,30)}
   * @param images how many
   * @param metrics empty where it has none
   */
  public record Band(String label, int images, Map<String, Metric> metrics) {
    public Band {
      metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }
  }
}
