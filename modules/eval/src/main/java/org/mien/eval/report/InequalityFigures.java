package org.mien.eval.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.mien.eval.fairness.Inequality;
import org.mien.eval.metrics.Metric;

/**
 * How unequal an error rate is over groups.
 *
 * @param groups those that have enough trials to take part
 * @param highest the group with the highest rate, or null
 * @param lowest the group with the lowest rate, or null
 * @param maxOverMin highest rate / lowest rate, or null where not defined
 * @param maxOverGeometricMean highest rate / geometric mean, or null where not defined
 * @param gini 0 where all are equal, 1 where one group has all errors; null where not defined
 * @param note why figures are missing and which groups are left out; or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record InequalityFigures(
    List<String> groups,
    String highest,
    String lowest,
    Metric maxOverMin,
    Metric maxOverGeometricMean,
    Metric gini,
    String note) {
  public InequalityFigures {
    groups = ReportParts.list(groups);
  }

  /** Takes the figures as they are. */
  public static InequalityFigures of(Inequality inequality) {
    return new InequalityFigures(
        inequality.groups(),
        inequality.highest(),
        inequality.lowest(),
        inequality.maxOverMin().orElse(null),
        inequality.maxOverGeometricMean().orElse(null),
        inequality.gini().orElse(null),
        inequality.note());
  }
}
