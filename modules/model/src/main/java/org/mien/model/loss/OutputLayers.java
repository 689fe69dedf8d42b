package org.mien.model.loss;

import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.mien.model.layer.CosineOutputLayer;
import org.mien.model.layer.LogitRule;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** The output layers that losses share. */
final class OutputLayers {
  private OutputLayers() {}

  static FeedForwardLayer linear(ILossFunction loss, int dimension, int identities) {
    return new OutputLayer.Builder(loss)
        .nIn(dimension)
        .nOut(identities)
        .activation(Activation.SOFTMAX)
        .build();
  }

  static FeedForwardLayer cosine(
      LogitRule rule, double scale, int dimension, int identities, IdentityWeights weights) {
    return CosineOutputLayer.of(
        dimension, identities, new SoftmaxCrossEntropyLoss(0, weights), rule, scale);
  }

  static FeedForwardLayer embedding(ILossFunction loss, int dimension, IdentityWeights weights) {
    if (!weights.values().isEmpty()) {
      throw new IllegalArgumentException(
          "a loss over pairs or triplets has no weights of identities; identity-balanced sampling"
              + " shows them equally often");
    }
    LossLayer layer = new LossLayer.Builder(loss).activation(Activation.IDENTITY).build();
    layer.setNIn(dimension);
    layer.setNOut(dimension);
    return layer;
  }
}
