package org.mien.eval.report;

import java.util.List;
import org.mien.eval.verification.CurveBands;

/**
 * The error curve at one false match rate, with its confidence band.
 *
 * @param falseMatchRate the rate of the grid, in (0, 1]
 * @param threshold the lowest score that keeps it
 * @param falseNonMatchRate FNMR at the threshold
 * @param low lower end of the interval of FNMR
 * @param high upper end of the interval of FNMR
 */
public record BandPoint(
    double falseMatchRate, double threshold, double falseNonMatchRate, double low, double high) {
  public BandPoint {
    ReportParts.fraction("falseMatchRate", falseMatchRate);
    ReportParts.fraction("falseNonMatchRate", falseNonMatchRate);
    ReportParts.fraction("low", low);
    ReportParts.fraction("high", high);
    if (!(falseMatchRate > 0)) {
      throw new IllegalArgumentException(
          "falseMatchRate: expected more than 0, was " + falseMatchRate);
    }
    if (!(low <= high)) {
      throw new IllegalArgumentException("expected low <= high, were " + low + " and " + high);
    }
  }

  /** Takes the points of a band, from the lowest rate to the highest. */
  public static List<BandPoint> of(CurveBands bands) {
    return bands.points().stream()
        .map(
            point ->
                new BandPoint(
                    point.fmr().rate(),
                    point.threshold().value(),
                    point.fnmr(),
                    point.interval().low(),
                    point.interval().high()))
        .toList();
  }
}
