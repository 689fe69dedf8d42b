package org.mien.eval.metrics;

/**
 * What a recipe expects of a figure; both bounds are included.
 *
 * @param atLeast lower bound, or null for none
 * @param atMost upper bound, or null for none
 */
public record Expectation(Double atLeast, Double atMost) {
  public Expectation {
    if (atLeast == null && atMost == null) {
      throw new IllegalArgumentException("an expectation needs atLeast, atMost or both");
    }
    if ((atLeast != null && !Double.isFinite(atLeast))
        || (atMost != null && !Double.isFinite(atMost))) {
      throw new IllegalArgumentException(
          "expected finite bounds, were atLeast " + atLeast + " and atMost " + atMost);
    }
    if (atLeast != null && atMost != null && atLeast > atMost) {
      throw new IllegalArgumentException(
          "expected atLeast <= atMost, were " + atLeast + " and " + atMost);
    }
  }

  /** Returns whether a value lies within the bounds. */
  public boolean isMetBy(double value) {
    return (atLeast == null || value >= atLeast) && (atMost == null || value <= atMost);
  }

  /** Returns the bounds in words: {@code at least 0.99}. */
  public String inWords() {
    if (atMost == null) {
      return "at least " + atLeast;
    }
    if (atLeast == null) {
      return "at most " + atMost;
    }
    return "at least " + atLeast + " and at most " + atMost;
  }
}
