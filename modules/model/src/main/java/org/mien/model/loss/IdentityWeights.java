package org.mien.model.loss;

import java.util.Arrays;
import java.util.List;

/**
 * How much the rows of each identity count in a loss.
 *
 * @param values one positive number an identity, in the order of the classifier's outputs; empty if
 *     every row counts the same
 * @param scale what the loss of all identities is multiplied with, beside those of further tasks;
 *     in [0, 1e6]
 */
public record IdentityWeights(List<Double> values, double scale) {
  /** Every row counts 1. */
  public static final IdentityWeights EQUAL = new IdentityWeights(List.of(), 1);

  public IdentityWeights {
    if (!(scale >= 0 && scale <= 1e6)) {
      throw new IllegalArgumentException("expected a scale in [0, 1e6], was " + scale);
    }
    values = List.copyOf(values);
    for (int i = 0; i < values.size(); i++) {
      double weight = values.get(i);
      if (!(weight > 0) || Double.isInfinite(weight)) {
        throw new IllegalArgumentException(
            "expected a positive weight of identity " + i + ", was " + weight);
      }
    }
  }

  public static IdentityWeights of(double[] weights) {
    return new IdentityWeights(Arrays.stream(weights).boxed().toList(), 1);
  }

  /** Returns the same weights of identities, all of them counting more or less. */
  public IdentityWeights scaledTo(double newScale) {
    return new IdentityWeights(values, newScale);
  }

  /** One an identity, or null if every row counts the same. */
  double[] toArrayOrNull() {
    return values.isEmpty() ? null : toArray();
  }

  double[] toArray() {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
