package org.mien.eval.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Objects;
import org.mien.eval.calibration.CrossValidatedCalibration;
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
 * @param expectedError the expected calibration error at even odds, or null where not measured
 * @param bins predicted and observed shares; empty where not measured
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CalibrationCost(
    String method,
    String learnedOn,
    Metric cost,
    Metric leastCost,
    Metric loss,
    Metric expectedError,
    List<CrossValidatedCalibration.Bin> bins) {
  public CalibrationCost {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(cost, "cost");
    Objects.requireNonNull(leastCost, "leastCost");
    Objects.requireNonNull(loss, "loss");
    bins = ReportParts.list(bins);
  }

  /** Takes the figures of a calibration. */
  public static CalibrationCost of(String method, String learnedOn, LogLikelihoodRatioCost cost) {
    return new CalibrationCost(
        method, learnedOn, cost.cllr(), cost.minCllr(), cost.calibrationLoss(), null, List.of());
  }

  /**
   * Takes the figures of calibrations that were each judged on a fold they were not learned from.
   */
  public static CalibrationCost of(CrossValidatedCalibration judged) {
    LogLikelihoodRatioCost cost = judged.cost();
    return new CalibrationCost(
        "logistic regression",
        "the other folds",
        cost.cllr(),
        cost.minCllr(),
        cost.calibrationLoss(),
        judged.expectedError(),
        judged.bins());
  }
}
