package org.mien.eval.score;

/**
 * The two error rates at one threshold (ISO/IEC 19795-1).
 *
 * @param threshold a pair is accepted where its similarity is at least this
 * @param fmr false match rate: the share of impostor pairs that are accepted, in [0, 1]
 * @param fnmr false non-match rate: the share of genuine pairs that are not accepted, in [0, 1]
 */
public record OperatingPoint(Similarity threshold, double fmr, double fnmr) {

  /** Returns the share of genuine pairs that are accepted, {@code 1 - FNMR}. */
  public double tar() {
    return 1 - fnmr;
  }

  /**
   * Returns the rate at which FMR and FNMR are equal on the straight line between two points.
   *
   * @param stricter a point with {@code FMR < FNMR}
   * @param looser the next point, with {@code FMR >= FNMR}
   */
  public static double equalErrorRate(OperatingPoint stricter, OperatingPoint looser) {
    double below = stricter.fnmr - stricter.fmr;
    double above = looser.fmr - looser.fnmr;
    if (!(below > 0 && above >= 0)) {
      throw new IllegalArgumentException(
          "FMR and FNMR do not cross between " + stricter + " and " + looser);
    }
    if (above == 0) {
      return looser.fmr;
    }
    return stricter.fmr + below / (below + above) * (looser.fmr - stricter.fmr);
  }
}
