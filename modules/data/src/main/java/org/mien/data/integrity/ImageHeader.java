package org.mien.data.integrity;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Format and size as the first bytes of an image file say them: nothing is decoded, an EXIF
 * orientation is not applied, and the rest of the file may be damaged.
 *
 * @param format JPEG, PNG, BMP, PGM, GIF or WebP
 * @param widthPixels stored width
 * @param heightPixels stored height
 */
record ImageHeader(String format, long widthPixels, long heightPixels) {

  /**
   * Returns the header, or nothing if these bytes are no known image or do not reach far enough.
   */
  static Optional<ImageHeader> of(byte[] bytes) {
    try {
      if (begins(bytes, 0, 0xFF, 0xD8)) {
        return jpeg(bytes);
      } else if (begins(bytes, 0, 0x89, 'P', 'N', 'G') && begins(bytes, 12, 'I', 'H', 'D', 'R')) {
        return known("PNG", big(bytes, 16, 4), big(bytes, 20, 4));
      } else if (begins(bytes, 0, 'B', 'M')) {
        return little(bytes, 14, 4) == 12
            ? known("BMP", little(bytes, 18, 2), little(bytes, 20, 2))
            : known("BMP", little(bytes, 18, 4), Math.abs((int) little(bytes, 22, 4)));
      } else if (begins(bytes, 0, 'G', 'I', 'F', '8')) {
        return known("GIF", little(bytes, 6, 2), little(bytes, 8, 2));
      } else if (begins(bytes, 0, 'P', '5') || begins(bytes, 0, 'P', '2')) {
        return pgm(bytes);
      } else if (begins(bytes, 0, 'R', 'I', 'F', 'F') && begins(bytes, 8, 'W', 'E', 'B', 'P')) {
        return webp(bytes);
      }
      return Optional.empty();
    } catch (ArrayIndexOutOfBoundsException e) { // the header goes on behind these bytes
      return Optional.empty();
    }
  }

  private static Optional<ImageHeader> jpeg(byte[] bytes) {
    int at = 2;
    while (true) {
      if ((bytes[at] & 0xFF) != 0xFF) {
        return Optional.empty();
      }
      int marker = bytes[at + 1] & 0xFF;
      if (marker == 0xFF) {
        at++;
      } else if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7)) {
        at += 2;
      } else if (marker >= 0xC0
          && marker <= 0xCF
          && marker != 0xC4
          && marker != 0xC8
          && marker != 0xCC) {
        return known("JPEG", big(bytes, at + 7, 2), big(bytes, at + 5, 2));
      } else if (marker == 0xD9 || marker == 0xDA || big(bytes, at + 2, 2) < 2) {
        return Optional.empty();
      } else {
        at += 2 + (int) big(bytes, at + 2, 2);
      }
    }
  }

  private static Optional<ImageHeader> pgm(byte[] bytes) {
    String text = new String(bytes, 0, Math.min(bytes.length, 4096), StandardCharsets.ISO_8859_1);
    String[] words = text.substring(2).replaceAll("#[^\n]*\n", " ").strip().split("\\s+", 3);
    if (words.length < 3 || !words[0].matches("\\d{1,9}") || !words[1].matches("\\d{1,9}")) {
      return Optional.empty();
    }
    return known("PGM", Long.parseLong(words[0]), Long.parseLong(words[1]));
  }

  /** RFC 9649: lossy, lossless and extended files each have their size elsewhere. */
  private static Optional<ImageHeader> webp(byte[] bytes) {
    if (begins(bytes, 12, 'V', 'P', '8', ' ')) {
      return known("WebP", little(bytes, 26, 2) & 0x3FFF, little(bytes, 28, 2) & 0x3FFF);
    } else if (begins(bytes, 12, 'V', 'P', '8', 'L')) {
      long bits = little(bytes, 21, 4);
      return known("WebP", (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1);
    } else if (begins(bytes, 12, 'V', 'P', '8', 'X')) {
      return known("WebP", little(bytes, 24, 3) + 1, little(bytes, 27, 3) + 1);
    }
    return Optional.empty();
  }

  private static Optional<ImageHeader> known(String format, long width, long height) {
    return width < 1 || height < 1
        ? Optional.empty()
        : Optional.of(new ImageHeader(format, width, height));
  }

  private static boolean begins(byte[] bytes, int at, int... beginning) {
    if (bytes.length < at + beginning.length) {
      return false;
    }
    for (int i = 0; i < beginning.length; i++) {
      if (bytes[at + i] != (byte) beginning[i]) {
        return false;
      }
    }
    return true;
  }

  private static long big(byte[] bytes, int at, int length) {
    long value = 0;
    for (int i = 0; i < length; i++) {
      value = (value << 8) | (bytes[at + i] & 0xFF);
    }
    return value;
  }

  private static long little(byte[] bytes, int at, int length) {
    long value = 0;
    for (int i = length - 1; i >= 0; i--) {
      value = (value << 8) | (bytes[at + i] & 0xFF);
    }
    return value;
  }
}
