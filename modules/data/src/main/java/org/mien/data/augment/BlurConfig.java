package org.mien.data.augment;

import java.util.SplittableRandom;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.data.image.RawImage;

/**
 * Blurs with a Gaussian whose standard deviation in pixels is uniform between two bounds, cut off
 * at three standard deviations; the image is mirrored at its edge.
 *
 * @param probability share of the images
 * @param minimumSigmaPixels smallest standard deviation
 * @param maximumSigmaPixels largest standard deviation
 */
@TypeName("blur")
public record BlurConfig(
    @Setting(value = "Share of the images.", defaultValue = "0.2", min = 0, max = 1)
        double probability,
    @Setting(
            value = "Smallest standard deviation of the Gaussian, in pixels.",
            defaultValue = "0.5",
            min = 0.1,
            max = 50)
        double minimumSigmaPixels,
    @Setting(
            value = "Largest standard deviation of the Gaussian, in pixels.",
            defaultValue = "2.0",
            min = 0.1,
            max = 50)
        double maximumSigmaPixels)
    implements AugmentationConfig {
  public BlurConfig {
    Draw.requireProbability(probability);
    Draw.requireWithin("minimumSigmaPixels", minimumSigmaPixels, 0.1, 50);
    Draw.requireWithin("maximumSigmaPixels", maximumSigmaPixels, 0.1, 50);
    Draw.requireOrder(
        "minimumSigmaPixels", minimumSigmaPixels, "maximumSigmaPixels", maximumSigmaPixels);
  }

  @Override
  public RawImage apply(RawImage image, SplittableRandom random) {
    return NativeImages.ofThread()
        .blur(image, Draw.between(random, minimumSigmaPixels, maximumSigmaPixels));
  }
}
