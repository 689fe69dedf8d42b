package org.mien.data.source.synthetic;

import java.util.SplittableRandom;

/**
 * The distributions from which parameters are drawn. Only {@code nextDouble()} is used: its values
 * are specified by the generator's 64-bit outputs, while bounded draws changed between Java
 * versions.
 */
final class Draws {
  private final SplittableRandom random;

  Draws(SplittableRandom random) {
    this.random = random;
  }

  double uniform(double low, double high) {
    return low + (high - low) * random.nextDouble();
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /**
   * Returns a value with mean 0 and variance 1 in [-3, 3]: the centred sum of three uniforms, close
   * to a normal distribution and without its tails.
   */
  double deviation() {
    return 2 * (random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5);
  }

  /** Returns one of the values, each with a probability proportional to its weight. */
  <T> T choose(T[] values, double... weights) {
    if (values.length != weights.length) {
      throw new IllegalArgumentException(
          values.length + " values, but " + weights.length + " weights");
    }
    return values[weighted(weights)];
  }

  /** Returns an index with a probability proportional to its weight. */
  int weighted(double... weights) {
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    double at = random.nextDouble() * sum;
    for (int i = 0; i < weights.length - 1; i++) {
      at -= weights[i];
      if (at < 0) {
        return i;
      }
    }
    return weights.length - 1;
  }

  /** Returns 31 random bits, a seed for a texture. */
  int seed() {
    return (int) (random.nextDouble() * Integer.MAX_VALUE);
  }
}
