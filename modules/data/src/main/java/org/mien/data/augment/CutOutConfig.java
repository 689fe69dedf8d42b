package org.mien.data.augment;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.data.image.RawImage;

/**
 * Covers a rectangle with one grey, as a mask, a hand or sunglasses would (DeVries and Taylor 2017;
 * areas and aspects as in Zhong et al. 2020, random erasing).
 *
 * <p>Of an image of {@code A} pixels the rectangle covers {@code a A}, {@code a} uniform between
 * the two fractions; its width is {@code r} times its height, {@code log r} uniform between {@code
 * +- log maximumAspect}. Sides are rounded to whole pixels and limited to the image's (where the
 * other side grows, so that the area stays as near as whole pixels allow); the place is uniform
 * among those wholly inside.
 *
 * @param probability share of the images
 * @param minimumFraction smallest share of the image's area
 * @param maximumFraction largest share of the image's area
 * @param maximumAspect longest side over shortest, at most
 * @param value the grey, 0 to 255
 */
@TypeName("cut-out")
public record CutOutConfig(
    @Setting(value = "Share of the images.", defaultValue = "0.25", min = 0, max = 1)
        double probability,
    @Setting(
            value = "Smallest share of the image's area that is covered.",
            defaultValue = "0.02",
            min = 0,
            exclusiveMin = true,
            max = 1)
        double minimumFraction,
    @Setting(
            value = "Largest share of the image's area that is covered.",
            defaultValue = "0.2",
            min = 0,
            exclusiveMin = true,
            max = 1)
        double maximumFraction,
    @Setting(
            value = "Longest side of the rectangle over its shortest, at most.",
            defaultValue = "3",
            min = 1,
            max = 100)
        double maximumAspect,
    @Setting(value = "The grey it is covered with.", defaultValue = "127", min = 0, max = 255)
        int value)
    implements AugmentationConfig {
  public CutOutConfig {
    Draw.requireProbability(probability);
    Draw.requireWithin("minimumFraction", minimumFraction, Double.MIN_VALUE, 1);
    Draw.requireWithin("maximumFraction", maximumFraction, Double.MIN_VALUE, 1);
    Draw.requireOrder("minimumFraction", minimumFraction, "maximumFraction", maximumFraction);
    Draw.requireWithin("maximumAspect", maximumAspect, 1, 100);
    Draw.requireWithin("value", value, 0, 255);
  }

  @Override
  public RawImage apply(RawImage image, SplittableRandom random) {
    double area =
        Draw.between(random, minimumFraction, maximumFraction) * image.width() * image.height();
    double aspect = StrictMath.exp(Draw.around(random, StrictMath.log(maximumAspect)));
    int width = side(StrictMath.sqrt(area * aspect), image.width());
    int height = side(area / width, image.height());
    width = side(area / height, image.width());
    int left = Draw.between(random, 0, image.width() - width);
    int top = Draw.between(random, 0, image.height() - height);
    byte[] rgb = image.rgb().clone();
    for (int row = top; row < top + height; row++) {
      int from = 3 * (row * image.width() + left);
      Arrays.fill(rgb, from, from + 3 * width, (byte) value);
    }
    return new RawImage(image.width(), image.height(), rgb);
  }

  private static int side(double length, int limit) {
    return (int) Math.min(limit, Math.max(1, Math.floor(length + 0.5)));
  }
}
