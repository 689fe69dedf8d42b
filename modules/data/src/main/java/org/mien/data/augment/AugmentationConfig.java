package org.mien.data.augment;

import java.util.SplittableRandom;
import org.mien.data.image.RawImage;

/**
 * One random change of an image, chosen by {@code type:}.
 *
 * <p>Every variant is a pure function: the same image and the same numbers from the random source
 * give the same pixels, in any thread and in any order of calls. The image given is not changed,
 * and the size stays.
 */
public sealed interface AugmentationConfig
    permits FlipConfig,
        CropJitterConfig,
        RotationConfig,
        ColorJitterConfig,
        GreyConfig,
        BlurConfig,
        LowResolutionConfig,
        JpegConfig,
        CutOutConfig {

  /** Share of the images that a pipeline applies it to, in [0, 1]. */
  double probability();

  /**
   * Applies it, whatever {@link #probability} says.
   *
   * @param image not changed
   * @param random where its parameters are drawn from; how many draws it takes is its own affair
   * @return an image of the same size; it may be the one given if nothing changes
   */
  RawImage apply(RawImage image, SplittableRandom random);
}
