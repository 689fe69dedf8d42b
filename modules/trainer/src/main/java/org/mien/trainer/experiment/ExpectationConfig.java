package org.mien.trainer.experiment;

import java.util.Optional;
import org.mien.core.config.Setting;
import org.mien.eval.metrics.Expectation;

/**
 * What a recipe expects of a figure; both bounds are included.
 *
 * @param atLeast lower bound
 * @param atMost upper bound
 */
public record ExpectationConfig(
    @Setting("Lower bound.") Optional<Double> atLeast,
    @Setting("Upper bound.") Optional<Double> atMost) {
  public ExpectationConfig {
    if (atLeast.isEmpty() && atMost.isEmpty()) {
      throw new IllegalArgumentException("expected atLeast, atMost or both");
    }
  }

  Expectation toExpectation() {
    return new Expectation(atLeast.orElse(null), atMost.orElse(null));
  }
}
