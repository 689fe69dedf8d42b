package org.mien.model.backbone;

import java.util.List;
import org.mien.core.preprocessing.Preprocessing;

/**
 * The sizes that tell one ResNet from another.
 *
 * @param stem the layers before the first stage
 * @param block the kind of residual block
 * @param widths inner channels of each stage's blocks
 * @param blocks residual blocks of each stage
 */
record ResNetPlan(Stem stem, Block block, List<Integer> widths, List<Integer> blocks) {

  enum Stem {
    /** A 7x7 convolution of stride 2 and a 3x3 max pooling of stride 2: a quarter of the side. */
    IMAGENET,
    /** A 3x3 convolution of stride 2: half the side. */
    SMALL
  }

  enum Block {
    /** Two 3x3 convolutions. */
    BASIC(1),
    /** 1x1, 3x3 and 1x1 to four times the width. */
    BOTTLENECK(4);

    final int expansion;

    Block(int expansion) {
      this.expansion = expansion;
    }
  }

  static ResNetPlan ofDepth(int depth) {
    return switch (depth) {
      case 18 -> imagenet(Block.BASIC, List.of(2, 2, 2, 2));
      case 34 -> imagenet(Block.BASIC, List.of(3, 4, 6, 3));
      case 50 -> imagenet(Block.BOTTLENECK, List.of(3, 4, 6, 3));
      case 101 -> imagenet(Block.BOTTLENECK, List.of(3, 4, 23, 3));
      case 152 -> imagenet(Block.BOTTLENECK, List.of(3, 8, 36, 3));
      default ->
          throw new IllegalArgumentException(
              "expected a ResNet depth of 18, 34, 50, 101 or 152, was " + depth);
    };
  }

  static ResNetPlan of(SmallResNetConfig config) {
    return new ResNetPlan(Stem.SMALL, Block.BASIC, config.widths(), config.blocksPerStage());
  }

  private static ResNetPlan imagenet(Block block, List<Integer> blocks) {
    return new ResNetPlan(Stem.IMAGENET, block, List.of(64, 128, 256, 512), blocks);
  }

  /** Channels that leave the stem. */
  int stemWidth() {
    return widths.get(0);
  }

  /** Length of the feature vector. */
  int featureDimension() {
    return widths.get(widths.size() - 1) * block.expansion;
  }

  /** An ImageNet ResNet divides the side by 32; below that the last stage sees mostly padding. */
  static void requireReducible(Preprocessing input) {
    if (Math.min(input.widthPixels(), input.heightPixels()) < 32) {
      throw new IllegalArgumentException(
          "expected an input of at least 32x32 pixels, was "
              + input.widthPixels()
              + "x"
              + input.heightPixels());
    }
  }
}
