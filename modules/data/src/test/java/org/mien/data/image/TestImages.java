package org.mien.data.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;

/** Images made by hand or by Java's own encoders. */
public final class TestImages {
  private TestImages() {}

  /** A smooth picture that differs from seed to seed. */
  public static BufferedImage picture(int width, int height, long seed) {
    Random random = new Random(seed);
    double a = random.nextDouble() * 5;
    double b = random.nextDouble() * 5;
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int red = (int) (127 + 100 * Math.sin(a + 6.0 * x / width));
        int green = (int) (127 + 100 * Math.cos(b + 6.0 * y / height));
        int blue = 255 * (x + y) / (width + height);
        image.setRGB(x, y, red << 16 | green << 8 | blue);
      }
    }
    return image;
  }

  /** Encodes with ImageIO: {@code jpg}, {@code png} or {@code bmp}. */
  public static byte[] encoded(BufferedImage image, String format) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, format, out)) {
        throw new IllegalArgumentException("no encoder for " + format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** A JPEG of this size. */
  public static byte[] jpeg(int width, int height, long seed) {
    return encoded(picture(width, height, seed), "jpg");
  }

  /** An image of RGB triples written in rows. */
  public static RawImage raw(int width, int height, int... rgb) {
    byte[] bytes = new byte[rgb.length];
    for (int i = 0; i < rgb.length; i++) {
      bytes[i] = (byte) rgb[i];
    }
    return new RawImage(width, height, bytes);
  }

  /** Pixels as they are: mean 0, divisor 1. */
  public static Preprocessing plain(int width, int height, Crop crop) {
    return new Preprocessing(
        width, height, ColorOrder.RGB, List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0), crop, "any");
  }
}
