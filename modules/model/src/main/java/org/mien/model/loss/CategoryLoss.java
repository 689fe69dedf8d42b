package org.mien.model.loss;

import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Cross-entropy of a softmax over the categories of an attribute, {@code -sum_k t_k log(p_k)},
 * where the target {@code t} is {@code 1 - s} for the row's category plus {@code s / K} for each of
 * the K (label smoothing: Szegedy et al. 2016, section 7). The gradient by the logits is {@code p -
 * t}.
 *
 * <p>Logits are {@code (batch, K)}; labels are a column of whole numbers in [0, K).
 */
public final class CategoryLoss extends RowLoss {
  private static final long serialVersionUID = 1L;

  @JsonProperty("labelSmoothing")
  private final double labelSmoothing;

  /**
   * @param labelSmoothing s, in [0, 1)
   */
  @JsonCreator
  public CategoryLoss(@JsonProperty("labelSmoothing") double labelSmoothing) {
    if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
      throw new IllegalArgumentException(
          "expected a label smoothing in [0, 1), was " + labelSmoothing);
    }
    this.labelSmoothing = labelSmoothing;
  }

  @Override
  double row(double[] logits, int label, double[] gradient) {
    double[] p = softmax(logits);
    double sum = logSumExp(logits);
    double loss = 0;
    for (int k = 0; k < p.length; k++) {
      double target = labelSmoothing / p.length + (k == label ? 1 - labelSmoothing : 0);
      // 0 times the logarithm of an impossible category is 0.
      loss += target == 0 ? 0 : target * (sum - logits[k]);
      gradient[k] = p[k] - target;
    }
    return loss;
  }

  @Override
  double[] settings() {
    return new double[] {labelSmoothing};
  }

  @Override
  public String name() {
    return "category";
  }
}
