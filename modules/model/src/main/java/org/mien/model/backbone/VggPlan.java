package org.mien.model.backbone;

import java.util.List;

/**
 * The sizes that tell one VGG from another.
 *
 * @param convolutions 3x3 convolutions of each block; a pooling that halves the side follows each
 * @param widths channels of each block
 * @param hidden outputs of each of the two fully connected layers; 0 for none, the features then
 *     being the mean over each plane
 * @param batchNorm whether a batch normalisation follows every convolution
 * @param names how the layers are called
 */
record VggPlan(
    List<Integer> convolutions, List<Integer> widths, int hidden, boolean batchNorm, Names names) {

  /** Outputs of the two fully connected layers. */
  static final int HIDDEN = 4096;

  /** Side of the planes that the first fully connected layer takes in. */
  static final int PLANES = 7;

  private static final List<Integer> WIDTHS = List.of(64, 128, 256, 512, 512);

  enum Names {
    /** Torchvision's: {@code features.0}, {@code classifier.0}. */
    TORCHVISION,
    /** Those of the paper's authors: {@code conv1_1}, {@code fc6}. */
    AUTHORS
  }

  static VggPlan of(int depth, boolean batchNorm, VggFeatures features, Names names) {
    List<Integer> convolutions =
        switch (depth) {
          case 11 -> List.of(1, 1, 2, 2, 2);
          case 13 -> List.of(2, 2, 2, 2, 2);
          case 16 -> List.of(2, 2, 3, 3, 3);
          case 19 -> List.of(2, 2, 4, 4, 4);
          default ->
              throw new IllegalArgumentException(
                  "expected a VGG depth of 11, 13, 16 or 19, was " + depth);
        };
    int hidden = features == VggFeatures.FC7 ? HIDDEN : 0;
    return new VggPlan(convolutions, WIDTHS, hidden, batchNorm, names);
  }

  /** The same layers with a fraction of the channels, for tests. */
  VggPlan narrow(int divisor) {
    return new VggPlan(
        convolutions,
        widths.stream().map(width -> width / divisor).toList(),
        hidden / divisor,
        batchNorm,
        names);
  }
}
