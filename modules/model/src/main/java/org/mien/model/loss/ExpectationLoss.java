package org.mien.model.loss;

import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Age, or another whole number, as the expectation of a softmax over bins 0, 1, ..., K - 1 (Rothe
 * et al. 2015, "DEX", equation 1), learned with a label distribution (Gao et al. 2018, "Age
 * Estimation Using Expectation of Label Distribution Learning", equations 2 to 7): {@code sum_k t_k
 * log(t_k / p_k) + weight |sum_k k p_k - y|}, where {@code t_k} is proportional to {@code exp(-(k -
 * y)^2 / (2 sigma^2))} and {@code t} is one-hot for sigma 0, which makes the first part
 * cross-entropy.
 *
 * <p>Logits are {@code (batch, K)}; labels are the bin, a column of whole numbers in [0, K). Where
 * the expectation is exactly the label, the derivative of the distance is taken as 0.
 */
public final class ExpectationLoss extends RowLoss {
  private static final long serialVersionUID = 1L;

  @JsonProperty("deviationBins")
  private final double deviationBins;

  @JsonProperty("expectationWeight")
  private final double expectationWeight;

  /**
   * @param deviationBins sigma, in bins, at least 0
   * @param expectationWeight of the distance between expectation and label, at least 0
   */
  @JsonCreator
  public ExpectationLoss(
      @JsonProperty("deviationBins") double deviationBins,
      @JsonProperty("expectationWeight") double expectationWeight) {
    Limits.require("deviationBins", deviationBins, 0, 1000);
    Limits.require("expectationWeight", expectationWeight, 0, 1000);
    this.deviationBins = deviationBins;
    this.expectationWeight = expectationWeight;
  }

  /** Returns {@code sum_k k p_k} of softmax probabilities. */
  public static double expectation(float[] probabilities) {
    double sum = 0;
    for (int k = 0; k < probabilities.length; k++) {
      sum += k * (double) probabilities[k];
    }
    return sum;
  }

  @Override
  double row(double[] logits, int label, double[] gradient) {
    double[] p = softmax(logits);
    double sum = logSumExp(logits);
    double[] target = target(logits.length, label);
    double loss = 0;
    double expected = 0;
    for (int k = 0; k < p.length; k++) {
      if (target[k] > 0) {
        loss += target[k] * (Math.log(target[k]) - logits[k] + sum);
      }
      expected += k * p[k];
    }
    double side = expectationWeight * Math.signum(expected - label);
    for (int k = 0; k < p.length; k++) {
      gradient[k] = p[k] - target[k] + side * p[k] * (k - expected);
    }
    return loss + expectationWeight * Math.abs(expected - label);
  }

  private double[] target(int bins, int label) {
    double[] target = new double[bins];
    if (deviationBins == 0) {
      target[label] = 1;
      return target;
    }
    double sum = 0;
    for (int k = 0; k < bins; k++) {
      double away = (k - label) / deviationBins;
      target[k] = Math.exp(-away * away / 2);
      sum += target[k];
    }
    for (int k = 0; k < bins; k++) {
      target[k] /= sum;
    }
    return target;
  }

  @Override
  double[] settings() {
    return new double[] {deviationBins, expectationWeight};
  }

  @Override
  public String name() {
    return "expectation";
  }
}
