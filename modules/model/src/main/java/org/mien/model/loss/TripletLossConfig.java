package org.mien.model.loss;

import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * Triplet loss (Schroff et al. 2015, "FaceNet", equations 1 and 2): {@code max(0, d(a, p) - d(a, n)
 * + margin)}, where d is the squared Euclidean distance of the embeddings scaled to length 1, in
 * [0, 4]. Triplets are found in each batch, so batches need several images of several people:
 * {@code training.sampling: identity-balanced}.
 *
 * <p>{@code batch-hard}: every image is an anchor once, with its farthest positive and its nearest
 * negative (Hermans et al. 2017, "In Defense of the Triplet Loss", equation 5, there with the plain
 * distance). {@code semi-hard}: every anchor with every positive and the nearest negative that is
 * farther than the positive, or the farthest negative if none is (Schroff et al., section 3.2); an
 * anchor's loss is the mean over its positives. An anchor without a positive or a negative has loss
 * 0, and counts in the mean.
 *
 * @param margin alpha, in squared distance
 * @param mining which triplets of a batch count
 */
@TypeName("triplet")
public record TripletLossConfig(
    @Setting(
            value = "How much farther, in squared distance, a negative shall be than a positive.",
            defaultValue = "0.2",
            min = 0.001,
            max = 4)
        double margin,
    @Setting(
            value =
                "batch-hard: each image with its farthest positive and nearest negative. semi-hard:"
                    + " each pair with the nearest negative beyond the positive.",
            defaultValue = "batch-hard")
        Mining mining)
    implements LossConfig {
  public TripletLossConfig {
    Limits.require("margin", margin, 0.001, 4);
  }

  /** Which triplets of a batch count. */
  public enum Mining {
    /** Each anchor with its farthest positive and nearest negative. */
    BATCH_HARD,
    /** Each pair of an identity with the nearest negative beyond it. */
    SEMI_HARD
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
    return new TripletLoss(margin, mining);
  }
}
