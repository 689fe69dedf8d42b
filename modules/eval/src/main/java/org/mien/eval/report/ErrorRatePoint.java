package org.mien.eval.report;

/**
 * Both error rates at one threshold.
 *
 * @param threshold score from which a pair is called genuine; may be infinite
 * @param falseMatchRate share of impostor pairs that reach it (FMR)
 * @param falseNonMatchRate share of genuine pairs that do not (FNMR)
 */
public record ErrorRatePoint(double threshold, double falseMatchRate, double falseNonMatchRate) {
  public ErrorRatePoint {
    ReportParts.fraction("falseMatchRate", falseMatchRate);
    ReportParts.fraction("falseNonMatchRate", falseNonMatchRate);
  }
}
