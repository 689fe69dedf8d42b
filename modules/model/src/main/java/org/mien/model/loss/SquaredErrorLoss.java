package org.mien.model.loss;

import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** The loss function of {@link MseLossConfig}. */
final class SquaredErrorLoss extends WeightedRowLoss {
  private static final long serialVersionUID = 1L;

  @JsonCreator
  SquaredErrorLoss(@JsonProperty("identityWeights") double[] identityWeights) {
    super(identityWeights);
  }

  @Override
  double row(double[] logits, int label, double[] gradient) {
    double[] p = softmax(logits);
    double missing = 0;
    for (int j = 0; j < p.length; j++) {
      missing += j == label ? 0 : p[j];
    }
    double loss = 0;
    double projection = 0;
    for (int j = 0; j < p.length; j++) {
      double error = j == label ? -missing : p[j];
      loss += error * error;
      projection += error * p[j];
      gradient[j] = error;
    }
    for (int j = 0; j < p.length; j++) {
      gradient[j] = 2 * p[j] * (gradient[j] - projection);
    }
    return loss;
  }

  @Override
  double setting() {
    return 0;
  }

  @Override
  public String name() {
    return "mse";
  }
}
