package org.mien.eval.score;

/**
 * How alike two faces are: higher is closer, for example a cosine. As a threshold, {@code
 * +Infinity} accepts no pair and {@code -Infinity} every pair.
 *
 * @param value any number but NaN
 */
public record Similarity(double value) implements Comparable<Similarity> {
  public Similarity {
    if (Double.isNaN(value)) {
      throw new IllegalArgumentException("a similarity must be a number, was NaN");
    }
    value += 0.0; // -0.0 becomes 0.0, so that equals() and == agree
  }

  /** Returns whether a pair of this similarity is accepted: {@code this >= threshold}. */
  public boolean reaches(Similarity threshold) {
    return value >= threshold.value;
  }

  @Override
  public int compareTo(Similarity other) {
    return Double.compare(value, other.value);
  }
}
