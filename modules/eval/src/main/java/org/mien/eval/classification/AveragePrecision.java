package org.mien.eval.classification;

import java.util.Arrays;
import java.util.Comparator;
import org.mien.core.error.DataException;

/**
 * Average precision, {@code sum_n (R_n - R_(n-1)) P_n}, where {@code P_n} and {@code R_n} are
 * precision and recall at the n-th distinct score from the top. Equal scores are taken together,
 * and nothing is interpolated, as in scikit-learn's {@code average_precision_score}.
 */
public final class AveragePrecision {
  private final double[] score;
  private final boolean[] positive;
  private final int[] row;

  private AveragePrecision(double[] score, boolean[] positive, int[] row) {
    this.score = score;
    this.positive = positive;
    this.row = row;
  }

  /** Sorts the trials once, for many weightings. */
  static AveragePrecision sorted(double[] scores, boolean[] positive) {
    if (scores.length != positive.length) {
      throw new IllegalArgumentException(
          "expected a label for each score, were "
              + scores.length
              + " scores and "
              + positive.length
              + " labels");
    }
    Integer[] order = new Integer[scores.length];
    for (int i = 0; i < order.length; i++) {
      if (Double.isNaN(scores[i])) {
        throw new DataException("row " + i + ": the score is NaN");
      }
      order[i] = i;
    }
    Arrays.sort(order, Comparator.comparingDouble((Integer i) -> -scores[i]));
    double[] score = new double[order.length];
    boolean[] sortedPositive = new boolean[order.length];
    int[] row = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      score[i] = scores[order[i]];
      sortedPositive[i] = positive[order[i]];
      row[i] = order[i];
    }
    return new AveragePrecision(score, sortedPositive, row);
  }

  /**
   * Returns the average precision of scores.
   *
   * @param scores higher for positives
   * @throws DataException if a score is NaN (naming the row from 0) or nothing is positive
   */
  public static double of(double[] scores, boolean[] positive) {
    int[] once = new int[scores.length];
    Arrays.fill(once, 1);
    double found = sorted(scores, positive).weighted(once);
    if (Double.isNaN(found)) {
      throw new DataException("the average precision needs a positive, found none");
    }
    return found;
  }

  /** Returns it where trials count as often as the weights say; NaN where no positive does. */
  double weighted(int[] weights) {
    double positives = 0;
    for (int i = 0; i < score.length; i++) {
      positives += positive[i] ? weights[row[i]] : 0;
    }
    double sum = 0;
    double hits = 0;
    double retrieved = 0;
    int next = 0;
    while (next < score.length) {
      double tied = score[next];
      double before = hits;
      for (; next < score.length && score[next] == tied; next++) {
        retrieved += weights[row[next]];
        hits += positive[next] ? weights[row[next]] : 0;
      }
      if (hits > before) {
        sum += (hits - before) * (hits / retrieved);
      }
    }
    return sum / positives;
  }
}
