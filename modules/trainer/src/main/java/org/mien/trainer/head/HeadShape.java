package org.mien.trainer.head;

import java.util.Optional;
import org.mien.model.margin.TargetMargin;

/**
 * What a fused head computes: features {@code (batch, features)}, scaled to the length {@code
 * sqrt(features)} where wanted, a linear layer with bias to the embedding {@code (batch,
 * dimension)}, scaled to {@code embeddingLength} where that is not 0, and a classifier to logits
 * {@code (batch, identities)}.
 *
 * @param margin empty for a linear classifier with bias. Otherwise the classifier has no bias, a
 *     logit is {@code embeddingLength} times the cosine of embedding and identity's weights, and
 *     the row's own identity's cosine goes through the margin in training
 */
record HeadShape(
    int features,
    int dimension,
    int identities,
    boolean normalizeInput,
    float embeddingLength,
    Optional<TargetMargin> margin) {
  HeadShape {
    if (features < 1 || dimension < 1 || identities < 2) {
      throw new IllegalArgumentException(
          String.format(
              "expected at least 1 feature, 1 dimension, 2 identities, was %d, %d, %d",
              features, dimension, identities));
    }
    if (margin.isPresent() && !(embeddingLength > 0)) {
      throw new IllegalArgumentException(
          "expected a positive scale of the cosines, was " + embeddingLength);
    }
  }
}
