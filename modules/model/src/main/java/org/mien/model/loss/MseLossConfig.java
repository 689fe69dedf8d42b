package org.mien.model.loss;

import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.mien.core.config.TypeName;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * Squared error between softmax probabilities and one-hot labels, the Brier score (Brier 1950):
 * {@code sum_j (p_j - [j = y])^2}, in [0, 2], not divided by the number of identities, so that its
 * scale does not depend on it. Bounded, so a wrong label does less harm than with cross-entropy;
 * its gradient {@code 2 p_j (e_j - sum_k e_k p_k)}, {@code e_j = p_j - [j = y]}, vanishes where a
 * row is firmly wrong, so it learns slowly from a random start.
 */
@TypeName("mse")
public record MseLossConfig() implements LossConfig, LogitLoss {
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
    return new SquaredErrorLoss(weights.toArrayOrNull());
  }
}
