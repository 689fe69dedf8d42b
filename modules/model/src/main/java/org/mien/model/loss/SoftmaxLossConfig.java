package org.mien.model.loss;

import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * Cross-entropy after softmax over the identities.
 *
 * @param labelSmoothing share of the target that is spread evenly over all identities (Szegedy et
 *     al. 2016, section 7)
 */
@TypeName("softmax")
public record SoftmaxLossConfig(
    @Setting(
            value = "Share of the target that is spread evenly over all identities.",
            defaultValue = "0",
            min = 0,
            max = 1,
            exclusiveMax = true)
        double labelSmoothing)
    implements LossConfig, LogitLoss {
  public SoftmaxLossConfig {
    if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
      throw new IllegalArgumentException(
          "expected a label smoothing in [0, 1), was " + labelSmoothing);
    }
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
    return new SoftmaxCrossEntropyLoss(labelSmoothing, weights);
  }
}
