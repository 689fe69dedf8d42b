package org.mien.model.head;

import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;

/**
 * One linear layer with bias from features to the embedding.
 *
 * @param dimension length of the embedding
 * @param normalizeInput whether each feature vector is first scaled to Euclidean length {@code
 *     sqrt(features)}, so that a component's mean square is 1 whatever the backbone's range
 * @param embeddingLength length that each embedding is scaled to before the classifier, so that
 *     only its direction counts, as it does in verification (Wang et al. 2017, NormFace, section
 *     3.3, normalises the classifier's weights too); 0 leaves it as it is
 */
@TypeName("linear")
public record LinearHeadConfig(
    @Setting(value = "Length of the embedding.", defaultValue = "512", min = 1, max = 65536)
        int dimension,
    @Setting(
            value =
                "Whether each feature vector is first scaled so that the mean square of its"
                    + " components is 1.",
            defaultValue = "true")
        boolean normalizeInput,
    @Setting(
            value =
                "Length that each embedding is scaled to before the classifier, so that only its"
                    + " direction counts; 0 leaves it as it is.",
            defaultValue = "16.0",
            min = 0,
            max = 1000)
        double embeddingLength)
    implements HeadConfig {
  public LinearHeadConfig {
    if (dimension < 1 || dimension > 65536) {
      throw new IllegalArgumentException(
          "expected an embedding of 1 to 65536 numbers, was " + dimension);
    }
    if (!(embeddingLength >= 0 && embeddingLength <= 1000)) {
      throw new IllegalArgumentException(
          "expected an embedding length of 0 to 1000, was " + embeddingLength);
    }
  }
}
