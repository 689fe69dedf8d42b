package org.mien.eval.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.mien.eval.metrics.Metric;
import org.mien.eval.score.AcceptedAtFar;

/**
 * Share of genuine pairs accepted at a given false match rate.
 *
 * @param targetFar the rate aimed at, in (0, 1]
 * @param tar the share accepted; null where too few impostor pairs allow no figure
 * @param threshold the score used, or null
 * @param achievedFar the false match rate reached at that score, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TarAtFarRow(double targetFar, Metric tar, Double threshold, Double achievedFar) {
  public TarAtFarRow {
    if (!(targetFar > 0 && targetFar <= 1)) {
      throw new IllegalArgumentException(
          "targetFar: expected a fraction in (0, 1], was " + targetFar);
    }
    if (tar != null) {
      ReportParts.fraction("tar", tar.value());
    }
    ReportParts.fraction("achievedFar", achievedFar);
  }

  /**
   * Takes a point of a large protocol.
   *
   * @param tar the figure with its interval, or null to take the point's own share without one
   */
  static TarAtFarRow of(AcceptedAtFar point, Metric tar) {
    Metric found = tar == null ? Metric.of(point.tar(), point.genuine()) : tar;
    return new TarAtFarRow(
        point.target().rate(),
        found.note() == null ? found.withNote(point.warning().orElse(null)) : found,
        point.threshold().value(),
        point.far());
  }
}
