package org.mien.eval.classification;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mien.eval.metrics.Metric;

/**
 * Everything a report on attributes shows.
 *
 * @param metrics means over the attributes for which a figure is defined: {@code accuracy.mean},
 *     {@code balancedAccuracy.mean}, {@code f1.macro} and {@code averagePrecision.mean} (mAP)
 * @param attributes one row an attribute, in their order
 */
public record AttributesResult(Map<String, Metric> metrics, List<AttributeFigures> attributes) {
  public AttributesResult {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    attributes = List.copyOf(attributes);
  }
}
