package org.mien.data.image;

/** How a stored image is to be turned before it is shown: EXIF's tag 0x0112, 1 to 8. */
final class ExifOrientation {
  private static final int TAG = 0x0112;
  private static final int ENTRY_BYTES = 12;

  private ExifOrientation() {}

  /**
   * Finds the orientation in EXIF data: a TIFF header and its first directory, with or without
   * {@code Exif\\0\\0} before it. Anything odd is taken for 1, upright, as other readers do.
   */
  static int find(byte[] bytes, int start, int length) {
    int end = start + length;
    int tiff = start;
    if (length >= 6 && bytes[start] == 'E' && bytes[start + 1] == 'x') {
      tiff += 6;
    }
    if (tiff + 8 > end || bytes[tiff] != bytes[tiff + 1]) {
      return 1;
    }
    boolean little = bytes[tiff] == 'I';
    if (!little && bytes[tiff] != 'M') {
      return 1;
    }
    long directory = tiff + ((long) number(bytes, tiff + 4, 4, little) & 0xFFFFFFFFL);
    if (directory + 2 > end) {
      return 1;
    }
    int entries = number(bytes, (int) directory, 2, little);
    for (int i = 0; i < entries; i++) {
      long entry = directory + 2 + (long) ENTRY_BYTES * i;
      if (entry + ENTRY_BYTES > end) {
        return 1;
      }
      if (number(bytes, (int) entry, 2, little) == TAG) {
        int value = number(bytes, (int) entry + 8, 2, little);
        return value >= 1 && value <= 8 ? value : 1;
      }
    }
    return 1;
  }

  private static int number(byte[] bytes, int at, int count, boolean little) {
    int number = 0;
    for (int i = 0; i < count; i++) {
      number = number << 8 | (bytes[little ? at + count - 1 - i : at + i] & 0xFF);
    }
    return number;
  }

  /** Turns an image as the orientation says. */
  static RawImage apply(RawImage image, int orientation) {
    if (orientation == 1) {
      return image;
    }
    int width = orientation >= 5 ? image.height() : image.width();
    int height = orientation >= 5 ? image.width() : image.height();
    byte[] rgb = new byte[3 * width * height];
    int right = image.width() - 1;
    int bottom = image.height() - 1;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int fromX =
            switch (orientation) {
              case 2, 3 -> right - x;
              case 5, 6 -> y;
              case 7, 8 -> right - y;
              default -> x;
            };
        int fromY =
            switch (orientation) {
              case 3, 4 -> bottom - y;
              case 5, 8 -> x;
              case 6, 7 -> bottom - x;
              default -> y;
            };
        System.arraycopy(
            image.rgb(), 3 * (fromY * image.width() + fromX), rgb, 3 * (y * width + x), 3);
      }
    }
    return new RawImage(width, height, rgb);
  }
}
