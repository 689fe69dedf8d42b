package org.mien.data.augment;

import java.util.SplittableRandom;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.data.image.RawImage;

/**
 * Leaves the traces of JPEG compression: the image is encoded and decoded by OpenCV (libjpeg-turbo,
 * colour at half the resolution) at a quality that is a whole number uniform between two bounds.
 *
 * @param probability share of the images
 * @param minimumQuality worst quality, of 1 to 100
 * @param maximumQuality best quality, of 1 to 100
 */
@TypeName("jpeg")
public record JpegConfig(
    @Setting(value = "Share of the images.", defaultValue = "0.2", min = 0, max = 1)
        double probability,
    @Setting(value = "Worst quality, of 1 to 100.", defaultValue = "30", min = 1, max = 100)
        int minimumQuality,
    @Setting(value = "Best quality, of 1 to 100.", defaultValue = "90", min = 1, max = 100)
        int maximumQuality)
    implements AugmentationConfig {
  public JpegConfig {
    Draw.requireProbability(probability);
    Draw.requireWithin("minimumQuality", minimumQuality, 1, 100);
    Draw.requireWithin("maximumQuality", maximumQuality, 1, 100);
    Draw.requireOrder("minimumQuality", minimumQuality, "maximumQuality", maximumQuality);
  }

  @Override
  public RawImage apply(RawImage image, SplittableRandom random) {
    return NativeImages.ofThread()
        .throughJpeg(image, Draw.between(random, minimumQuality, maximumQuality));
  }
}
