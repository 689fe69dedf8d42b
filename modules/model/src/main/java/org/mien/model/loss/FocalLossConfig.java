package org.mien.model.loss;

import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * Focal loss of each row: {@code -(1 - p_y)^gamma log(p_y)}, where {@code p} is the softmax of the
 * logits and y the row's identity (Lin et al. 2017, "Focal Loss for Dense Object Detection",
 * equation 4). Rows that are right already count little. With weights, a row's loss is multiplied
 * with that of its identity (their equation 5, alpha).
 *
 * <p>The gradient by logit j is {@code (1 - p_y)^gamma (gamma p_y log(p_y) / (1 - p_y) - 1) ([j =
 * y] - p_j)}; {@code 1 - p_y} is summed from the other probabilities, so nothing is lost near 1.
 *
 * @param gamma how much less well classified rows count; 0 is softmax cross-entropy
 */
@TypeName("focal")
public record FocalLossConfig(
    @Setting(
            value = "How much less rows that are right already count; 0 is plain cross-entropy.",
            defaultValue = "2.0",
            min = 0,
            max = 10)
        double gamma)
    implements LossConfig, LogitLoss {
  public FocalLossConfig {
    Limits.require("gamma", gamma, 0, 10);
  }

  @Override
  public Classifier classifier() {
    return Classifier.LINEAR;
  }

  @Override
  public FeedForwardLayer toOutputLayer(int dimension, int identities, IdentityWeights weights) {
    return OutputLayers.linear(toLossFunction(weights), dimension, identities);
  }

  @Override
  public ILossFunction toLossFunction(IdentityWeights weights) {
    return new FocalLoss(gamma, weights.toArrayOrNull());
  }
}
