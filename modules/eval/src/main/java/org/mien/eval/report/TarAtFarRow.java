package org.mien.eval.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.mien.eval.metrics.Metric;

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
}
