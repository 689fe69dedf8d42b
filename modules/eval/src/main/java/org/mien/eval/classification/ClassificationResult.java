package org.mien.eval.classification;

import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mien.eval.metrics.Metric;

/**
 * Everything a report on classification shows.
 *
 * @param metrics figures by the names of {@code metrics.json}, in the order they are shown
 * @param identities one row an identity, in their order
 * @param confusion every count
 */
public record ClassificationResult(
    Map<String, Metric> metrics, List<IdentityFigures> identities, ConfusionMatrix confusion) {
  public ClassificationResult {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    identities = List.copyOf(identities);
  }

  /**
   * Returns the identities that occur with the lowest F1; of equals first the one with the lower
   * recall, then with more images, then the earlier one.
   */
  public List<IdentityFigures> worst(int atMost) {
    return identities.stream()
        .filter(row -> confusion.occurs(row.identity()))
        .sorted(
            Comparator.comparingDouble(IdentityFigures::f1)
                .thenComparingDouble(IdentityFigures::recall)
                .thenComparing(Comparator.comparingInt(IdentityFigures::support).reversed()))
        .limit(atMost)
        .toList();
  }
}
