package org.mien.eval.verification;

import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.special.Erf;
import org.mien.eval.score.Similarity;

/**
 * The detection error tradeoff: FNMR against FMR, for axes of normal deviates (Martin et al., "The
 * DET curve in assessment of detection task performance", Eurospeech 1997).
 *
 * <p>Its points are those of the {@link RocCurve}: FMR never falls from 0 to 1 and FNMR never rises
 * from 1 to 0.
 */
public final class DetCurve {
  private static final NormalDistribution STANDARD_NORMAL = new NormalDistribution(null, 0, 1);

  private final RocCurve roc;

  private DetCurve(RocCurve roc) {
    this.roc = roc;
  }

  /** Views a ROC curve as a DET curve. */
  public static DetCurve of(RocCurve roc) {
    return new DetCurve(roc);
  }

  public int points() {
    return roc.points();
  }

  /** Returns the threshold of a point; {@code +Infinity} for point 0. */
  public Similarity threshold(int point) {
    return roc.threshold(point);
  }

  /** Returns the false match rate of a point, in [0, 1]. */
  public double fmr(int point) {
    return roc.far(point);
  }

  /** Returns the false non-match rate of a point, in [0, 1]. */
  public double fnmr(int point) {
    return roc.fnmr(point);
  }

  /** Returns {@link #normalDeviate} of FMR; infinite at 0 and 1, where a plot has no place. */
  public double fmrDeviate(int point) {
    return normalDeviate(fmr(point));
  }

  /** Returns {@link #normalDeviate} of FNMR; infinite at 0 and 1, where a plot has no place. */
  public double fnmrDeviate(int point) {
    return normalDeviate(fnmr(point));
  }

  /**
   * Returns the standard normal quantile of a rate (probit): 0 for 0.5, about -2.326 for 0.01,
   * {@code -Infinity} for 0 and {@code +Infinity} for 1. Two normal distributions of scores give a
   * straight line on such axes.
   *
   * @param rate in [0, 1]
   */
  public static double normalDeviate(double rate) {
    if (!(rate >= 0 && rate <= 1)) {
      throw new IllegalArgumentException("expected a rate in [0, 1], was " + rate);
    }
    if (rate > 0.5) {
      return -normalDeviate(1 - rate);
    }
    double deviate = STANDARD_NORMAL.inverseCumulativeProbability(rate);
    if (rate == 0) {
      return deviate;
    }
    // The library loses digits of small rates by going through 2 rate - 1; a step of Newton's
    // method on the tail itself wins them back.
    double tail = 0.5 * Erf.erfc(-deviate / Math.sqrt(2));
    return deviate - (tail - rate) / STANDARD_NORMAL.density(deviate);
  }
}
