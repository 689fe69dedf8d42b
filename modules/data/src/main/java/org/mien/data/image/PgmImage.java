package org.mien.data.image;

import org.mien.core.error.DataException;

/**
 * A portable graymap, binary (P5) or in text (P2), as the netpbm manual defines it: grey values up
 * to {@code maximum} are scaled to 0 to 255, {@code round(255 * value / maximum)}. Read here rather
 * than by OpenCV because OpenCV ignores the maximum of 8-bit files and reports damage on standard
 * error.
 *
 * @param text whether values are written as decimal numbers
 * @param width in pixels
 * @param height in pixels
 * @param maximum the value of white, 1 to 65535
 * @param dataStart where the values begin
 */
record PgmImage(boolean text, int width, int height, int maximum, int dataStart) {

  /**
   * Reads the header and checks that the pixel data can be complete.
   *
   * @throws DataException naming the file if the header is malformed or data is missing
   */
  static PgmImage readHeader(String where, byte[] bytes) {
    Cursor cursor = new Cursor(where, bytes, 2);
    int width = cursor.number("width");
    int height = cursor.number("height");
    EncodedImage.checkDimensions(where, width, height);
    int maximum = cursor.number("maximum");
    if (maximum < 1 || maximum > 65535) {
      throw DataException.in(
          where, "is a damaged PGM: expected a maximum of 1 to 65535, was " + maximum);
    }
    boolean text = bytes[1] == '2';
    if (cursor.at >= bytes.length || !isSpace(bytes[cursor.at])) {
      throw DataException.in(where, "is a truncated PGM: it stops inside its header");
    }
    PgmImage header = new PgmImage(text, width, height, maximum, cursor.at + 1);
    // In text a value takes two bytes at least, but for the last one.
    long needed = (long) width * height * (text ? 2 : header.bytesPerValue()) - (text ? 1 : 0);
    if (bytes.length - header.dataStart < needed) {
      throw DataException.in(
          where,
          String.format(
              "is a truncated PGM: %d bytes of pixels, expected at least %d for %dx%d",
              bytes.length - header.dataStart, needed, width, height));
    }
    return header;
  }

  /** Decodes {@code bytes}, whose header this is, to three equal planes. */
  RawImage decode(String where, byte[] bytes) {
    byte[] rgb = new byte[3 * width * height];
    Cursor cursor = new Cursor(where, bytes, dataStart);
    for (int i = 0, at = dataStart; i < width * height; i++) {
      int value;
      if (text) {
        value = cursor.number("value");
      } else if (maximum > 255) {
        value = (bytes[at] & 0xFF) << 8 | (bytes[at + 1] & 0xFF);
        at += 2;
      } else {
        value = bytes[at++] & 0xFF;
      }
      if (value > maximum) {
        throw DataException.in(
            where, "is a damaged PGM: a value of " + value + " above its maximum of " + maximum);
      }
      byte grey = (byte) ((value * 255 + maximum / 2) / maximum);
      rgb[3 * i] = grey;
      rgb[3 * i + 1] = grey;
      rgb[3 * i + 2] = grey;
    }
    return new RawImage(width, height, rgb);
  }

  private int bytesPerValue() {
    return maximum > 255 ? 2 : 1;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || (b >= '\t' && b <= '\r');
  }

  /** Reads decimal numbers with white space and comments between them. */
  private static final class Cursor {
    private final String where;
    private final byte[] bytes;
    private int at;

    Cursor(String where, byte[] bytes, int at) {
      this.where = where;
      this.bytes = bytes;
      this.at = at;
    }

    int number(String what) {
      while (at < bytes.length && (isSpace(bytes[at]) || bytes[at] == '#')) {
        if (bytes[at] == '#') {
          while (at < bytes.length && bytes[at] != '\n') {
            at++;
          }
        } else {
          at++;
        }
      }
      if (at >= bytes.length) {
        throw DataException.in(where, "is a truncated PGM: it stops before its " + what);
      }
      int start = at;
      int number = 0;
      while (at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9') {
        number = number * 10 + bytes[at++] - '0';
        if (at - start > 8) {
          throw DataException.in(
              where, "is a damaged PGM: its " + what + " at byte " + start + " is too long");
        }
      }
      if (at == start) {
        throw DataException.in(
            where, "is a damaged PGM: expected its " + what + " at byte " + at + ", a number");
      }
      return number;
    }
  }
}
