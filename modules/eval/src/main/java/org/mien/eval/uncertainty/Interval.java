package org.mien.eval.uncertainty;

import java.util.Arrays;

/**
 * A two-sided confidence interval.
 *
 * @param low its lower end
 * @param high its upper end, at least {@code low}
 * @param confidence in (0, 1), such as 0.95
 */
public record Interval(double low, double high, double confidence) {
  public Interval {
    if (!(low <= high)) {
      throw new IllegalArgumentException("expected low <= high, were " + low + " and " + high);
    }
    requireConfidence(confidence);
  }

  /** Returns whether the interval is a single point, so that it says nothing of uncertainty. */
  public boolean isPoint() {
    return low == high;
  }

  /**
   * Returns the percentile interval of bootstrap replicates: their quantiles at {@code (1 -
   * confidence) / 2} and {@code 1 - (1 - confidence) / 2}, interpolated linearly between order
   * statistics at rank {@code p (n - 1)} (Hyndman and Fan's type 7).
   */
  public static Interval percentile(double[] replicates, double confidence) {
    double[] sorted = replicates.clone();
    Arrays.sort(sorted);
    double tail = (1 - confidence) / 2;
    return new Interval(quantile(sorted, tail), quantile(sorted, 1 - tail), confidence);
  }

  private static double quantile(double[] sorted, double p) {
    double rank = p * (sorted.length - 1);
    int below = (int) Math.floor(rank);
    int above = Math.min(below + 1, sorted.length - 1);
    double low = sorted[below];
    return low + (rank - below) * (sorted[above] - low);
  }

  static void requireConfidence(double confidence) {
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException("expected a confidence in (0, 1), was " + confidence);
    }
  }
}
