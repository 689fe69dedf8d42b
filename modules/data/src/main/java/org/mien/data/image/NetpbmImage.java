package org.mien.data.image;

import java.util.Arrays;
import org.mien.core.error.DataException;

/**
 * A portable graymap or pixmap, binary (P5, P6) or in text (P2, P3), as the netpbm manual defines
 * them: values up to {@code maximum} are scaled to 0 to 255, {@code round(255 * value / maximum)}.
 * Read here rather than by OpenCV because OpenCV ignores the maximum of 8-bit files and reports
 * damage on standard error.
 *
 * @param name of the format, for messages
 * @param text whether values are written as decimal numbers
 * @param channels 1 for grey, 3 for colour
 * @param width in pixels
 * @param height in pixels
 * @param maximum the value of white, 1 to 65535
 * @param dataStart where the values begin
 */
record NetpbmImage(
    String name, boolean text, int channels, int width, int height, int maximum, int dataStart) {

  /**
   * Reads the header and checks that the pixel data can be complete.
   *
   * @throws DataException naming the file if the header is malformed or data is missing
   */
  static NetpbmImage readHeader(String where, byte[] bytes) {
    int kind = bytes[1] - '0';
    int channels = kind == 3 || kind == 6 ? 3 : 1;
    String name = channels == 3 ? "PPM" : "PGM";
    Cursor cursor = new Cursor(where, name, bytes, 2);
    int width = cursor.number("width");
    int height = cursor.number("height");
    EncodedImage.checkDimensions(where, width, height);
    int maximum = cursor.number("maximum");
    if (maximum < 1 || maximum > 65535) {
      throw DataException.in(
          where, "is a damaged " + name + ": expected a maximum of 1 to 65535, was " + maximum);
    }
    boolean text = kind == 2 || kind == 3;
    if (cursor.at >= bytes.length || !isSpace(bytes[cursor.at])) {
      throw DataException.in(where, "is a truncated " + name + ": it stops inside its header");
    }
    NetpbmImage header =
        new NetpbmImage(name, text, channels, width, height, maximum, cursor.at + 1);
    // In text a value takes two bytes at least, but for the last one.
    long needed =
        (long) width * height * channels * (text ? 2 : header.bytesPerValue()) - (text ? 1 : 0);
    if (bytes.length - header.dataStart < needed) {
      throw DataException.in(
          where,
          String.format(
              "is a truncated %s: %d bytes of pixels, expected at least %d for %dx%d",
              name, bytes.length - header.dataStart, needed, width, height));
    }
    return header;
  }

  /** Decodes {@code bytes}, whose header this is; grey becomes three equal planes. */
  RawImage decode(String where, byte[] bytes) {
    byte[] rgb = new byte[3 * width * height];
    Cursor cursor = new Cursor(where, name, bytes, dataStart);
    for (int i = 0, at = dataStart; i < width * height * channels; i++) {
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
            where,
            "is a damaged " + name + ": a value of " + value + " above its maximum of " + maximum);
      }
      byte scaled = (byte) ((value * 255 + maximum / 2) / maximum);
      if (channels == 3) {
        rgb[i] = scaled;
      } else {
        Arrays.fill(rgb, 3 * i, 3 * i + 3, scaled);
      }
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
    private final String name;
    private final byte[] bytes;
    private int at;

    Cursor(String where, String name, byte[] bytes, int at) {
      this.where = where;
      this.name = name;
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
        throw DataException.in(where, "is a truncated " + name + ": it stops before its " + what);
      }
      int start = at;
      int number = 0;
      while (at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9') {
        number = number * 10 + bytes[at++] - '0';
        if (at - start > 8) {
          throw DataException.in(
              where,
              "is a damaged " + name + ": its " + what + " at byte " + start + " is too long");
        }
      }
      if (at == start) {
        throw DataException.in(
            where,
            "is a damaged " + name + ": expected its " + what + " at byte " + at + ", a number");
      }
      return number;
    }
  }
}
