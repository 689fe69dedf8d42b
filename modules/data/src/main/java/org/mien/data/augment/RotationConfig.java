package org.mien.data.augment;

import java.util.SplittableRandom;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.data.image.RawImage;

/**
 * Turns the image about its centre, {@code ((width - 1) / 2, (height - 1) / 2)} in pixel centres,
 * by an angle uniform in {@code +- maximumDegrees}; bilinear. What comes from beyond the image is
 * mirrored at its edge (the edge pixel once), so that no black corners tell the angle.
 *
 * <p>DataVec's {@code RotateImageTransform} turns about {@code (width / 2, height / 2)}, half a
 * pixel off, and fills the corners with black.
 *
 * @param probability share of the images
 * @param maximumDegrees largest angle either way
 */
@TypeName("rotation")
public record RotationConfig(
    @Setting(value = "Share of the images.", defaultValue = "0.5", min = 0, max = 1)
        double probability,
    @Setting(
            value = "Largest angle either way, in degrees.",
            defaultValue = "10",
            min = 0,
            max = 180)
        double maximumDegrees)
    implements AugmentationConfig {
  public RotationConfig {
    Draw.requireProbability(probability);
    Draw.requireWithin("maximumDegrees", maximumDegrees, 0, 180);
  }

  @Override
  public RawImage apply(RawImage image, SplittableRandom random) {
    return turned(image, Draw.around(random, maximumDegrees));
  }

  /** Turns by an angle, positive against the clock. */
  static RawImage turned(RawImage image, double degrees) {
    double cos = StrictMath.cos(StrictMath.toRadians(degrees));
    double sin = StrictMath.sin(StrictMath.toRadians(degrees));
    double x = (image.width() - 1) / 2.0;
    double y = (image.height() - 1) / 2.0;
    // From where each output pixel comes. Rows go down, so that this turns against the clock.
    return NativeImages.ofThread()
        .warp(
            image,
            new double[] {cos, -sin, x - cos * x + sin * y, sin, cos, y - sin * x - cos * y});
  }
}
