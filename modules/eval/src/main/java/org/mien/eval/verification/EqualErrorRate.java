package org.mien.eval.verification;

import org.mien.eval.score.OperatingPoint;
import org.mien.eval.score.Similarity;

/**
 * The error rate where FMR and FNMR are equal.
 *
 * <p>Along the curve from the strictest threshold on, {@code FMR - FNMR} rises from -1 to 1. The
 * first point where it is not negative and the one before it enclose the crossing; the rate is read
 * off the straight line between the two. Where a point has FMR = FNMR exactly, it is that rate.
 *
 * @param value in [0, 1]
 * @param threshold of the enclosing point with the smaller {@code |FMR - FNMR|}, the stricter one
 *     where both are equal; never infinite. In general no threshold has exactly the rates {@code
 *     value}, which is why they are given here for this one
 * @param fmr false match rate at that threshold
 * @param fnmr false non-match rate at that threshold
 */
public record EqualErrorRate(double value, Similarity threshold, double fmr, double fnmr) {

  /** Finds the crossing. */
  public static EqualErrorRate of(RocCurve roc) {
    int point = 0;
    while (roc.far(point) < roc.fnmr(point)) {
      point++;
    }
    OperatingPoint looser = roc.at(point);
    OperatingPoint stricter = roc.at(point - 1);
    boolean stricterIsNearer =
        stricter.fnmr() - stricter.fmr() <= looser.fmr() - looser.fnmr()
            && !Double.isInfinite(stricter.threshold().value());
    OperatingPoint nearer = stricterIsNearer ? stricter : looser;
    return new EqualErrorRate(
        OperatingPoint.equalErrorRate(stricter, looser),
        nearer.threshold(),
        nearer.fmr(),
        nearer.fnmr());
  }
}
