package org.mien.eval.score;

/**
 * How far apart two faces are: lower is closer, for example a squared Euclidean distance.
 *
 * @param value any number but NaN
 */
public record Distance(double value) {
  public Distance {
    if (Double.isNaN(value)) {
      throw new IllegalArgumentException("a distance must be a number, was NaN");
    }
  }

  /**
   * Returns the negated distance. The order of pairs is kept exactly, and {@code distance <= d} is
   * the same decision as {@code similarity >= -d}.
   */
  public Similarity toSimilarity() {
    return new Similarity(-value);
  }
}
