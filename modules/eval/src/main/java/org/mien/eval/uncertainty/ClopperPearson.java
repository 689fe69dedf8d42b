package org.mien.eval.uncertainty;

import org.apache.commons.math3.distribution.BetaDistribution;

/**
 * The exact interval of a proportion (Clopper and Pearson, Biometrika 26, 1934).
 *
 * <p>It covers the true proportion with at least the confidence asked for, where the trials are
 * independent. Pairs of faces that share identities are not: there it is too narrow, and {@link
 * IdentityBootstrap} is the better choice.
 */
public final class ClopperPearson {
  private ClopperPearson() {}

  /**
   * Returns {@code [B(a/2; k, n-k+1), B(1-a/2; k+1, n-k)]} where B is the quantile function of the
   * beta distribution, {@code k} the successes, {@code n} the trials and {@code a = 1 -
   * confidence}. The lower end is 0 for no success, the upper end 1 for nothing but successes.
   *
   * @throws IllegalArgumentException unless {@code 0 <= successes <= trials} and {@code trials > 0}
   */
  public static Interval interval(long successes, long trials, double confidence) {
    if (trials < 1 || successes < 0 || successes > trials) {
      throw new IllegalArgumentException(
          "expected 0 <= successes <= trials and trials > 0, were " + successes + " and " + trials);
    }
    Interval.requireConfidence(confidence);
    double tail = (1 - confidence) / 2;
    long failures = trials - successes;
    // Near 1 the ends are found as the failures' mirror image: there, too, small numbers are
    // accurate in all their digits.
    return successes <= failures
        ? new Interval(
            lowerEnd(successes, failures, tail), upperEnd(successes, failures, tail), confidence)
        : new Interval(
            1 - upperEnd(failures, successes, tail),
            1 - lowerEnd(failures, successes, tail),
            confidence);
  }

  private static double lowerEnd(long successes, long failures, double tail) {
    return successes == 0 ? 0 : quantile(successes, failures + 1, tail);
  }

  private static double upperEnd(long successes, long failures, double tail) {
    return failures == 0 ? 1 : quantile(successes + 1, failures, 1 - tail);
  }

  private static double quantile(long alpha, long beta, double probability) {
    double mean = alpha / ((double) alpha + beta);
    // The quantile of a rare event is far below 1, so the solver's accuracy must scale with it.
    double accuracy = Math.max(mean * 1e-13, Double.MIN_NORMAL);
    return new BetaDistribution(null, alpha, beta, accuracy)
        .inverseCumulativeProbability(probability);
  }
}
