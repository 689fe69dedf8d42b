package org.mien.eval.search;

import org.mien.eval.uncertainty.ClopperPearson;
import org.mien.eval.uncertainty.Interval;

/**
 * How much of what the exact search finds an approximate one finds, too.
 *
 * <p>A match counts as found where it is one of the exact search's, or as similar as the last of
 * them: of equally similar rows any will do.
 *
 * @param probes rows that were held out and looked for, at least 1
 * @param k how many best matches of each were looked at, at least 1
 * @param foundFirst probes whose best match was found first
 * @param foundInK matches found of all {@code probes * k}
 */
public record SearchRecall(int probes, int k, int foundFirst, long foundInK) {
  private static final double CONFIDENCE = 0.95;

  public SearchRecall {
    if (probes < 1
        || k < 1
        || foundFirst < 0
        || foundFirst > probes
        || foundInK < 0
        || foundInK > (long) probes * k) {
      throw new IllegalArgumentException(
          String.format(
              "%d of %d probes and %d of their %d matches", foundFirst, probes, foundInK, k));
    }
  }

  /** Returns the share of probes whose best match was found. */
  public double atOne() {
    return (double) foundFirst / probes;
  }

  /** Returns Clopper and Pearson's 95 % interval of {@link #atOne}, each probe being a trial. */
  public Interval intervalAtOne() {
    return ClopperPearson.interval(foundFirst, probes, CONFIDENCE);
  }

  /** Returns the mean over the probes of the share of the k best matches that were found. */
  public double atK() {
    return (double) foundInK / ((long) probes * k);
  }

  /**
   * Returns Clopper and Pearson's 95 % interval of {@link #atK} with each probe as one trial, for
   * the k matches of a probe are found or missed together. A share in [0, 1] varies no more than a
   * success or failure of the same mean, so the interval is rather too wide.
   */
  public Interval intervalAtK() {
    return ClopperPearson.interval(Math.round(atK() * probes), probes, CONFIDENCE);
  }
}
