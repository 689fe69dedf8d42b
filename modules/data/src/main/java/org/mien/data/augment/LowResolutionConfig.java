package org.mien.data.augment;

import java.util.SplittableRandom;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.data.image.RawImage;

/**
 * Shows the image as if it had been taken from far away: shrunk to a fraction {@code f} of both
 * sides (rounded, at least one pixel; each pixel the mean of the area it covers), then enlarged to
 * its old size, bilinear. {@code f} is uniform between two bounds.
 *
 * @param probability share of the images
 * @param minimumFraction smallest fraction of the side
 * @param maximumFraction largest fraction of the side
 */
@TypeName("low-resolution")
public record LowResolutionConfig(
    @Setting(value = "Share of the images.", defaultValue = "0.2", min = 0, max = 1)
        double probability,
    @Setting(
            value = "Smallest fraction of its sides that the image is shrunk to.",
            defaultValue = "0.25",
            min = 0.01,
            max = 1)
        double minimumFraction,
    @Setting(
            value = "Largest fraction of its sides that the image is shrunk to.",
            defaultValue = "0.75",
            min = 0.01,
            max = 1)
        double maximumFraction)
    implements AugmentationConfig {
  public LowResolutionConfig {
    Draw.requireProbability(probability);
    Draw.requireWithin("minimumFraction", minimumFraction, 0.01, 1);
    Draw.requireWithin("maximumFraction", maximumFraction, 0.01, 1);
    Draw.requireOrder("minimumFraction", minimumFraction, "maximumFraction", maximumFraction);
  }

  @Override
  public RawImage apply(RawImage image, SplittableRandom random) {
    double fraction = Draw.between(random, minimumFraction, maximumFraction);
    return NativeImages.ofThread()
        .shrinkAndEnlarge(image, side(fraction, image.width()), side(fraction, image.height()));
  }

  private static int side(double fraction, int side) {
    return Math.max(1, (int) Math.floor(fraction * side + 0.5));
  }
}
