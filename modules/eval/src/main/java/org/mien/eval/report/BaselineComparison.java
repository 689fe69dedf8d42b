package org.mien.eval.report;

import java.util.Objects;
import org.mien.eval.metrics.Metric;

/**
 * The trained head beside a method that trains nothing, on the same images.
 *
 * @param measure what both figures are, such as {@code accuracy on held-out images}
 * @param baselineName the method, such as {@code nearest class centroid on the frozen features}
 * @param head the trained head's figure, a fraction in [0, 1]; higher is better
 * @param baseline the method's figure, on the same images
 */
public record BaselineComparison(
    String measure, String baselineName, Metric head, Metric baseline) {
  public BaselineComparison {
    Objects.requireNonNull(measure, "measure");
    Objects.requireNonNull(baselineName, "baselineName");
    ReportParts.fraction("head", head.value());
    ReportParts.fraction("baseline", baseline.value());
  }
}
