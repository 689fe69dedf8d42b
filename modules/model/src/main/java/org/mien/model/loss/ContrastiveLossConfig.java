package org.mien.model.loss;

import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * Contrastive loss over all pairs of a batch (Hadsell, Chopra and LeCun 2006, "Dimensionality
 * Reduction by Learning an Invariant Mapping", equation 4): {@code d^2 / 2} for two images of one
 * person, {@code max(0, margin - d)^2 / 2} for two of different people, where d is the Euclidean
 * distance of the embeddings scaled to length 1. The loss of a row is the mean over its pairs. Of
 * two equal embeddings of different people the direction apart is unknown, and the gradient 0.
 *
 * @param margin distance beyond which different people are far enough apart; the largest is 2
 */
@TypeName("contrastive")
public record ContrastiveLossConfig(
    @Setting(
            value = "Distance, at most 2, beyond which different people are far enough apart.",
            defaultValue = "1.0",
            min = 0.001,
            max = 2)
        double margin)
    implements LossConfig {
  public ContrastiveLossConfig {
    Limits.require("margin", margin, 0.001, 2);
  }

  @Override
  public Classifier classifier() {
    return Classifier.NONE;
  }

  @Override
  public FeedForwardLayer toOutputLayer(int dimension, int identities, IdentityWeights weights) {
    return OutputLayers.embedding(toLossFunction(), dimension, weights);
  }

  /** Returns the loss over embeddings {@code (batch, dimension)} and a column of identities. */
  public ILossFunction toLossFunction() {
    return new ContrastiveLoss(margin);
  }
}
