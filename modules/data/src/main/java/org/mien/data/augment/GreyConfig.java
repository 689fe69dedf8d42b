package org.mien.data.augment;

import java.util.SplittableRandom;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.data.image.RawImage;

/**
 * Takes the colour away: all three planes become {@code 0.299 R + 0.587 G + 0.114 B} (ITU-R BT.601,
 * section 2.5.1), rounded half up.
 *
 * @param probability share of the images that become grey
 */
@TypeName("grey")
public record GreyConfig(
    @Setting(
            value = "Share of the images that lose their colour.",
            defaultValue = "0.1",
            min = 0,
            max = 1)
        double probability)
    implements AugmentationConfig {
  public GreyConfig {
    Draw.requireProbability(probability);
  }

  @Override
  public RawImage apply(RawImage image, SplittableRandom random) {
    byte[] from = image.rgb();
    byte[] to = new byte[from.length];
    for (int i = 0; i < from.length; i += 3) {
      int sum = 299 * (from[i] & 0xFF) + 587 * (from[i + 1] & 0xFF) + 114 * (from[i + 2] & 0xFF);
      byte grey = (byte) ((sum + 500) / 1000);
      to[i] = grey;
      to[i + 1] = grey;
      to[i + 2] = grey;
    }
    return new RawImage(image.width(), image.height(), to);
  }
}
