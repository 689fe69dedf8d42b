package org.mien.model.loss;

import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** The loss function of {@link FocalLossConfig}. */
final class FocalLoss extends WeightedRowLoss {
  private static final long serialVersionUID = 1L;

  @JsonProperty("gamma")
  private final double gamma;

  @JsonCreator
  FocalLoss(
      @JsonProperty("gamma") double gamma,
      @JsonProperty("identityWeights") double[] identityWeights) {
    super(identityWeights);
    this.gamma = gamma;
  }

  @Override
  double row(double[] logits, int label, double[] gradient) {
    double[] p = softmax(logits);
    // 1 - p_y as a sum of the others, which keeps its digits where p_y is close to 1.
    double missing = 0;
    for (int j = 0; j < p.length; j++) {
      missing += j == label ? 0 : p[j];
    }
    double logarithm = missing < 0.5 ? Math.log1p(-missing) : logits[label] - logSumExp(logits);
    double power = Math.pow(missing, gamma);
    // log(p) / (1 - p) tends to -1.
    double ratio = missing == 0 ? -1 : logarithm / missing;
    double slope = power * (gamma * p[label] * ratio - 1);
    for (int j = 0; j < p.length; j++) {
      gradient[j] = slope * (j == label ? missing : -p[j]);
    }
    return -power * logarithm;
  }

  @Override
  double setting() {
    return gamma;
  }

  @Override
  public String name() {
    return "focal";
  }
}
