package org.mien.data.image;

import java.nio.charset.StandardCharsets;
import org.mien.core.error.DataException;

/**
 * The structure of a WebP file (RFC 9649): one picture, lossy or lossless, with or without alpha.
 * The pixels are OpenCV's to decode.
 *
 * @param width in pixels, before any EXIF rotation
 * @param height in pixels
 * @param orientation of its EXIF chunk, 1 if it has none
 */
record WebpImage(int width, int height, int orientation) {

  /**
   * Walks the chunks.
   *
   * @throws DataException naming the file if it is damaged, truncated or animated
   */
  static WebpImage read(String where, byte[] bytes) {
    long end = bytes.length < 12 ? Long.MAX_VALUE : 8 + little32(bytes, 4);
    if (end > bytes.length) {
      throw DataException.in(
          where,
          "is a truncated WebP: it has "
              + bytes.length
              + " bytes"
              + (bytes.length < 12 ? "" : " of " + end));
    }
    int width = 0;
    int height = 0;
    int canvasWidth = 0;
    int canvasHeight = 0;
    int orientation = 1;
    int at = 12;
    while (at + 8 <= end) {
      String type = new String(bytes, at, 4, StandardCharsets.ISO_8859_1);
      long length = little32(bytes, at + 4);
      int data = at + 8;
      if (data + length > end) {
        throw DataException.in(
            where, "is a damaged WebP: the chunk at byte " + at + " is longer than the file");
      }
      switch (type) {
        case "VP8X" -> {
          require(where, length >= 10, type, at);
          if ((bytes[data] & 2) != 0) {
            throw DataException.in(where, "is an animated WebP; expected one picture");
          }
          canvasWidth = 1 + little24(bytes, data + 4);
          canvasHeight = 1 + little24(bytes, data + 7);
          EncodedImage.checkDimensions(where, canvasWidth, canvasHeight);
        }
        case "VP8 " -> {
          // RFC 6386, 9.1: a key frame's tag, its start code, then its dimensions.
          require(where, length >= 10 && (bytes[data] & 1) == 0, type, at);
          int partition = little24(bytes, data) >> 5;
          require(where, little24(bytes, data + 3) == 0x2A019D, type, at);
          require(where, 10L + partition <= length, type, at);
          width = little16(bytes, data + 6) & 0x3FFF;
          height = little16(bytes, data + 8) & 0x3FFF;
        }
        case "VP8L" -> {
          require(where, length >= 5 && bytes[data] == 0x2F, type, at);
          long sizes = little32(bytes, data + 1);
          width = 1 + (int) (sizes & 0x3FFF);
          height = 1 + (int) (sizes >> 14 & 0x3FFF);
        }
        case "ANIM", "ANMF" ->
            throw DataException.in(where, "is an animated WebP; expected one picture");
        case "EXIF" -> orientation = ExifOrientation.find(bytes, data, (int) length);
        default -> {} // colour profiles, alpha, XMP and what may come
      }
      long next = data + length + (length & 1);
      at = (int) Math.min(next, end);
    }
    if (width == 0 || height == 0) {
      throw DataException.in(where, "is a damaged WebP: it holds no picture");
    }
    EncodedImage.checkDimensions(where, width, height);
    if (canvasWidth != 0 && (canvasWidth != width || canvasHeight != height)) {
      throw DataException.in(
          where,
          String.format(
              "is a damaged WebP: a picture of %dx%d on a canvas of %dx%d",
              width, height, canvasWidth, canvasHeight));
    }
    return new WebpImage(width, height, orientation);
  }

  private static void require(String where, boolean right, String type, int at) {
    if (!right) {
      throw DataException.in(
          where, "is a damaged WebP: its " + type.strip() + " chunk at byte " + at + " is wrong");
    }
  }

  private static int little16(byte[] bytes, int at) {
    return (bytes[at + 1] & 0xFF) << 8 | (bytes[at] & 0xFF);
  }

  private static int little24(byte[] bytes, int at) {
    return (bytes[at + 2] & 0xFF) << 16 | little16(bytes, at);
  }

  private static long little32(byte[] bytes, int at) {
    return (long) little16(bytes, at + 2) << 16 | little16(bytes, at);
  }
}
