package org.mien.eval.classification;

import org.mien.core.error.DataException;

/**
 * How often the true identity is among the k with the highest scores.
 *
 * <p>An image counts where fewer than k other identities have a score at least that of the true
 * one. Ties are thus decided against the model: one that gives all identities the same score knows
 * nothing, and gets 0 rather than an accident of the sort order.
 *
 * @param k how many guesses, at least 1
 * @param hits images whose true identity is among them
 * @param images all images
 */
public record TopK(int k, int hits, int images) {

  /**
   * Counts the images.
   *
   * @param scores {@code (images, identities)}: probabilities, logits or anything in their order
   * @param actual true identity of each image
   * @throws DataException if a score is NaN, naming row and column
   * @throws IllegalArgumentException if the sizes do not fit, naming the row
   */
  public static TopK of(float[][] scores, int[] actual, int k) {
    if (k < 1) {
      throw new IllegalArgumentException("expected k of at least 1, was " + k);
    }
    requireSameRows(scores, actual);
    int hits = 0;
    for (int row = 0; row < actual.length; row++) {
      ConfusionMatrix.requireIdentity("true", actual[row], row, scores[row].length);
      requireNumbers(scores[row], row);
      float own = scores[row][actual[row]];
      int notBelow = -1; // itself
      for (float score : scores[row]) {
        notBelow += score >= own ? 1 : 0;
      }
      hits += notBelow < k ? 1 : 0;
    }
    return new TopK(k, hits, actual.length);
  }

  /** Returns the share of images that count. */
  public double accuracy() {
    return hits / (double) images;
  }

  /**
   * Returns the identity of the highest score of each row, the first of equals.
   *
   * @throws DataException if a score is NaN, naming row and column
   */
  public static int[] best(float[][] scores) {
    int[] best = new int[scores.length];
    for (int row = 0; row < scores.length; row++) {
      requireNumbers(scores[row], row);
      for (int identity = 1; identity < scores[row].length; identity++) {
        if (scores[row][identity] > scores[row][best[row]]) {
          best[row] = identity;
        }
      }
    }
    return best;
  }

  private static void requireSameRows(float[][] scores, int[] actual) {
    if (scores.length != actual.length || actual.length == 0) {
      throw new IllegalArgumentException(
          "expected a row of scores for each image and at least one, were "
              + scores.length
              + " rows and "
              + actual.length
              + " images");
    }
    for (int row = 1; row < scores.length; row++) {
      if (scores[row].length != scores[0].length) {
        throw new IllegalArgumentException(
            "row "
                + row
                + ": expected "
                + scores[0].length
                + " scores, were "
                + scores[row].length);
      }
    }
  }

  private static void requireNumbers(float[] row, int index) {
    for (int identity = 0; identity < row.length; identity++) {
      if (Float.isNaN(row[identity])) {
        throw new DataException("row " + index + ": the score of identity " + identity + " is NaN");
      }
    }
  }
}
