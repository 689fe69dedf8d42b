package org.mien.data.augment;

import java.util.SplittableRandom;

/** Draws from ranges that may be a single value, and checks such ranges. */
final class Draw {
  private Draw() {}

  /** Uniform in [minimum, maximum); {@code minimum} where they are equal. */
  static double between(SplittableRandom random, double minimum, double maximum) {
    return minimum == maximum ? minimum : random.nextDouble(minimum, maximum);
  }

  /** Uniform over the whole numbers from {@code minimum} to {@code maximum}, both included. */
  static int between(SplittableRandom random, int minimum, int maximum) {
    return random.nextInt(minimum, maximum + 1);
  }

  /** Uniform in [-reach, reach); 0 where the reach is 0. */
  static double around(SplittableRandom random, double reach) {
    return between(random, -reach, reach);
  }

  static void requireProbability(double probability) {
    requireWithin("probability", probability, 0, 1);
  }

  static void requireWithin(String key, double value, double minimum, double maximum) {
    if (!(value >= minimum && value <= maximum)) {
      throw new IllegalArgumentException(
          String.format("expected %s in [%s, %s], was %s", key, minimum, maximum, value));
    }
  }

  static void requireOrder(String smaller, double minimum, String larger, double maximum) {
    if (minimum > maximum) {
      throw new IllegalArgumentException(
          String.format(
              "expected %s to be at most %s, was %s and %s", smaller, larger, minimum, maximum));
    }
  }
}
