package org.mien.model.head;

import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;

/**
 * One linear layer with bias from features to the embedding.
 *
 * @param dimension length of the embedding
 * @param normalizeInput whether each feature vector is first scaled to Euclidean length {@code
 *     sqrt(features)}, so that a component's mean square is 1 whatever the backbone's range
 */
@TypeName("linear")
public record LinearHeadConfig(
    @Setting(value = "Length of the embedding.", defaultValue = "512", min = 1, max = 65536)
        int dimension,
    @Setting(
            value =
                "Whether each feature vector is first scaled so that the mean square of its"
                    + " components is 1.",
            defaultValue = "false")
        boolean normalizeInput)
    implements HeadConfig {
  public LinearHeadConfig {
    if (dimension < 1 || dimension > 65536) {
      throw new IllegalArgumentException(
          "expected an embedding of 1 to 65536 numbers, was " + dimension);
    }
  }
}
