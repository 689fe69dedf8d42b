package org.mien.model.loss;

import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;

/** What training minimises, chosen by {@code type:}. */
public sealed interface LossConfig
    permits SoftmaxLossConfig,
        FocalLossConfig,
        MseLossConfig,
        SphereFaceLossConfig,
        CosFaceLossConfig,
        ArcFaceLossConfig,
        CombinedMarginLossConfig,
        AdaFaceLossConfig,
        CurricularFaceLossConfig,
        CentreLossConfig,
        TripletLossConfig,
        ContrastiveLossConfig {

  /** What comes after the embedding. */
  Classifier classifier();

  /**
   * Describes the output layer that trains with this loss; its labels are a column {@code (batch,
   * 1)} of identity numbers, and those with a classifier take one-hot rows, too.
   *
   * @param dimension length of what comes in: the embedding
   * @param identities number of identities
   * @param weights how much the rows of each identity count
   * @throws IllegalArgumentException if there are weights and this loss has none
   */
  FeedForwardLayer toOutputLayer(int dimension, int identities, IdentityWeights weights);

  /** What comes after the embedding. */
  enum Classifier {
    /** Logits {@code W^T x + b}. */
    LINEAR,
    /** Logits from the cosines between embedding and columns of the weights, no bias. */
    COSINE,
    /** Nothing: the loss is over the embeddings of a batch. */
    NONE
  }
}
