package org.mien.eval.report;

import java.util.Objects;
import org.mien.eval.calibration.LogLikelihoodRatioCost;
import org.mien.eval.metrics.Metric;

/**
 * What a calibration of scores loses, in bits.
 *
 * @param method how scores become likelihood ratios, such as {@code logistic regression}
 * @param learnedOn which pairs it was learned from; other than those it is judged on
 * @param cost Cllr: 0 is perfect, 1 says nothing
 * @param leastCost the least that any calibration of these scores can reach
 * @param loss their difference: what is lost by the calibration
 */
public record CalibrationCost(
    String method, String learnedOn, Metric cost, Metric leastCost, Metric loss) {
  public CalibrationCost {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(cost, "cost");
    Objects.requireNonNull(leastCost, "leastCost");
    Objects.requireNonNull(loss, "loss");
  }

  /** Takes the figures of a calibration. */
  public static CalibrationCost of(String method, String learnedOn, LogLikelihoodRatioCost cost) {
    return new CalibrationCost(
        method, learnedOn, cost.cllr(), cost.minCllr(), cost.calibrationLoss());
  }
}
