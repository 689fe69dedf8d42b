package org.mien.data.augment;

import java.util.SplittableRandom;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.data.image.RawImage;

/**
 * Changes brightness, contrast, saturation and hue, in this order, as one linear map that is
 * rounded and limited to 0 to 255 only at the end.
 *
 * <p>With {@code L = 0.299 R + 0.587 G + 0.114 B}:
 *
 * <ul>
 *   <li>brightness: times {@code b}, uniform in {@code 1 +- brightness};
 *   <li>contrast: {@code c v + (1 - c) m}, {@code m} the image's mean {@code L} so far, {@code c}
 *       uniform in {@code 1 +- contrast};
 *   <li>saturation: {@code s v + (1 - s) L}, {@code s} uniform in {@code 1 +- saturation};
 *   <li>hue: the chroma plane (YIQ's I and Q) is turned by an angle uniform in {@code +-
 *       hueDegrees}; {@code L} stays. This is linear, unlike a shift of HSV's hue, so that skin
 *       keeps its shading.
 * </ul>
 *
 * @param probability share of the images
 * @param brightness largest relative change of all values
 * @param contrast largest relative change of the distance to the mean
 * @param saturation largest relative change of the distance to grey
 * @param hueDegrees largest turn of the chroma plane
 */
@TypeName("color-jitter")
public record ColorJitterConfig(
    @Setting(value = "Share of the images.", defaultValue = "0.8", min = 0, max = 1)
        double probability,
    @Setting(
            value = "All values are multiplied with 1 - brightness to 1 + brightness.",
            defaultValue = "0.3",
            min = 0,
            max = 1)
        double brightness,
    @Setting(
            value = "Distances to the mean are multiplied with 1 - contrast to 1 + contrast.",
            defaultValue = "0.3",
            min = 0,
            max = 1)
        double contrast,
    @Setting(
            value = "Distances to grey are multiplied with 1 - saturation to 1 + saturation.",
            defaultValue = "0.2",
            min = 0,
            max = 1)
        double saturation,
    @Setting(
            value = "The chroma plane is turned by at most so many degrees.",
            defaultValue = "5",
            min = 0,
            max = 180)
        double hueDegrees)
    implements AugmentationConfig {
  private static final double[] LUMA = {0.299, 0.587, 0.114};

  /** I and Q of R, G, B (NTSC 1953), and back; rows of the second are R, G, B from I, Q. */
  private static final double[][] CHROMA = {{0.5959, -0.2746, -0.3213}, {0.2115, -0.5227, 0.3112}};

  private static final double[][] FROM_CHROMA = inverseOfChroma();

  public ColorJitterConfig {
    Draw.requireProbability(probability);
    Draw.requireWithin("brightness", brightness, 0, 1);
    Draw.requireWithin("contrast", contrast, 0, 1);
    Draw.requireWithin("saturation", saturation, 0, 1);
    Draw.requireWithin("hueDegrees", hueDegrees, 0, 180);
  }

  @Override
  public RawImage apply(RawImage image, SplittableRandom random) {
    double b = 1 + Draw.around(random, brightness);
    double c = 1 + Draw.around(random, contrast);
    double s = 1 + Draw.around(random, saturation);
    double degrees = Draw.around(random, hueDegrees);
    return changed(image, b, c, s, degrees);
  }

  /** Applies given factors and a given turn. */
  static RawImage changed(
      RawImage image, double brightness, double contrast, double saturation, double hueDegrees) {
    double offset = (1 - contrast) * brightness * meanLuma(image.rgb());
    double[][] chroma = chromaMatrix(saturation, hueDegrees);
    double gain = contrast * brightness;
    byte[] from = image.rgb();
    byte[] to = new byte[from.length];
    // Grey has no chroma, so that the offset passes saturation and hue unchanged.
    for (int i = 0; i < from.length; i += 3) {
      int red = from[i] & 0xFF;
      int green = from[i + 1] & 0xFF;
      int blue = from[i + 2] & 0xFF;
      for (int plane = 0; plane < 3; plane++) {
        double[] row = chroma[plane];
        to[i + plane] = clamp(gain * (row[0] * red + row[1] * green + row[2] * blue) + offset);
      }
    }
    return new RawImage(image.width(), image.height(), to);
  }

  private static byte clamp(double value) {
    return (byte) Math.min(255, Math.max(0, (int) Math.floor(value + 0.5)));
  }

  private static double meanLuma(byte[] rgb) {
    long red = 0;
    long green = 0;
    long blue = 0;
    for (int i = 0; i < rgb.length; i += 3) {
      red += rgb[i] & 0xFF;
      green += rgb[i + 1] & 0xFF;
      blue += rgb[i + 2] & 0xFF;
    }
    return (LUMA[0] * red + LUMA[1] * green + LUMA[2] * blue) / (rgb.length / 3.0);
  }

  /** Luma kept, chroma scaled and turned: {@code (3, 3)} on R, G, B. */
  private static double[][] chromaMatrix(double saturation, double degrees) {
    double cos = saturation * StrictMath.cos(StrictMath.toRadians(degrees));
    double sin = saturation * StrictMath.sin(StrictMath.toRadians(degrees));
    double[][] matrix = new double[3][3];
    for (int to = 0; to < 3; to++) {
      for (int from = 0; from < 3; from++) {
        double i = cos * CHROMA[0][from] - sin * CHROMA[1][from];
        double q = sin * CHROMA[0][from] + cos * CHROMA[1][from];
        matrix[to][from] = LUMA[from] + FROM_CHROMA[to][0] * i + FROM_CHROMA[to][1] * q;
      }
    }
    return matrix;
  }

  /**
   * The columns for I and Q of the inverse of {@code (L, I, Q)} of {@code (R, G, B)}, computed so
   * that no turn and no change of saturation gives back exactly what came in.
   */
  private static double[][] inverseOfChroma() {
    double[] a = LUMA;
    double[] b = CHROMA[0];
    double[] c = CHROMA[1];
    double[] bc = cross(b, c);
    double determinant = a[0] * bc[0] + a[1] * bc[1] + a[2] * bc[2];
    double[] ca = cross(c, a);
    double[] ab = cross(a, b);
    double[][] inverse = new double[3][2];
    for (int row = 0; row < 3; row++) {
      inverse[row][0] = ca[row] / determinant;
      inverse[row][1] = ab[row] / determinant;
    }
    return inverse;
  }

  private static double[] cross(double[] u, double[] v) {
    return new double[] {
      u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]
    };
  }
}
