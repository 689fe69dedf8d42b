package org.mien.data.augment;

import org.mien.data.image.RawImage;

/** Images drawn for these tests. */
final class TestCard {
  private TestCard() {}

  /** Colours that differ everywhere and at every scale, with no symmetry. */
  static RawImage card(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int at = 3 * (y * width + x);
        boolean inDisc = Math.hypot(x - width * 0.3, y - height * 0.4) < width * 0.15;
        rgb[at] = (byte) (255 * x / Math.max(1, width - 1));
        rgb[at + 1] = (byte) (inDisc ? 240 : 200 * y / Math.max(1, height - 1));
        rgb[at + 2] = (byte) ((x / 7 + y / 5) % 2 == 0 ? 30 : 180);
      }
    }
    return new RawImage(width, height, rgb);
  }

  static RawImage filled(int width, int height, int red, int green, int blue) {
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < rgb.length; i += 3) {
      rgb[i] = (byte) red;
      rgb[i + 1] = (byte) green;
      rgb[i + 2] = (byte) blue;
    }
    return new RawImage(width, height, rgb);
  }

  static int value(RawImage image, int x, int y, int plane) {
    return image.rgb()[3 * (y * image.width() + x) + plane] & 0xFF;
  }

  static double mean(RawImage image) {
    double sum = 0;
    for (byte b : image.rgb()) {
      sum += b & 0xFF;
    }
    return sum / image.rgb().length;
  }

  /** Root of the mean squared difference. */
  static double distance(RawImage a, RawImage b) {
    double sum = 0;
    for (int i = 0; i < a.rgb().length; i++) {
      double difference = (a.rgb()[i] & 0xFF) - (b.rgb()[i] & 0xFF);
      sum += difference * difference;
    }
    return Math.sqrt(sum / a.rgb().length);
  }
}
