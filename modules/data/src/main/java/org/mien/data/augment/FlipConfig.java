package org.mien.data.augment;

import java.util.SplittableRandom;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.data.image.RawImage;

/**
 * Mirrors left and right: column {@code x} becomes column {@code width - 1 - x}, exactly.
 *
 * @param probability share of the images that are mirrored
 */
@TypeName("flip")
public record FlipConfig(
    @Setting(
            value = "Share of the images that are mirrored left to right.",
            defaultValue = "0.5",
            min = 0,
            max = 1)
        double probability)
    implements AugmentationConfig {
  public FlipConfig {
    Draw.requireProbability(probability);
  }

  @Override
  public RawImage apply(RawImage image, SplittableRandom random) {
    int width = image.width();
    byte[] from = image.rgb();
    byte[] to = new byte[from.length];
    for (int row = 0; row < image.height(); row++) {
      int start = 3 * row * width;
      int mirrored = start + 3 * (width - 1);
      for (int i = 0; i < 3 * width; i += 3) {
        to[mirrored - i] = from[start + i];
        to[mirrored - i + 1] = from[start + i + 1];
        to[mirrored - i + 2] = from[start + i + 2];
      }
    }
    return new RawImage(width, image.height(), to);
  }
}
