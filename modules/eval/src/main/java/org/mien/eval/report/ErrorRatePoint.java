package org.mien.eval.report;

import java.util.List;
import org.mien.eval.score.OperatingPoint;

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

  /** Takes points of a curve as they are. */
  static List<ErrorRatePoint> of(List<OperatingPoint> points) {
    return points.stream()
        .map(point -> new ErrorRatePoint(point.threshold().value(), point.fmr(), point.fnmr()))
        .toList();
  }
}
