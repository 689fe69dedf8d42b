package org.mien.data.image;

import java.util.Arrays;
import org.mien.core.error.DataException;

/**
 * The first picture of a GIF (CompuServe's specification, 87a and 89a): plain, interlaced, smaller
 * than the screen or animated. What the picture leaves of the screen has the background colour;
 * transparency is dropped, as it is of other formats.
 *
 * @param width of the screen, in pixels
 * @param height of the screen, in pixels
 * @param palette RGB triples of the picture's colours
 * @param background index of the background among them
 * @param left of the picture on the screen
 * @param top of the picture on the screen
 * @param pictureWidth in pixels; the picture lies within the screen
 * @param pictureHeight in pixels
 * @param interlaced whether its rows are in four passes
 * @param dataStart where the picture's compressed data begins
 */
@SuppressWarnings("ArrayRecordComponent") // a header's view of the bytes, never compared
record GifImage(
    int width,
    int height,
    byte[] palette,
    int background,
    int left,
    int top,
    int pictureWidth,
    int pictureHeight,
    boolean interlaced,
    int dataStart) {

  /** First row and distance of rows of the four passes. */
  private static final int[][] PASSES = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};

  private static final int LARGEST_CODE = 4096;

  /**
   * Reads up to the first picture, and checks that the file's blocks go on to its end mark.
   *
   * @throws DataException naming the file if it is damaged, truncated or holds no picture
   */
  static GifImage readHeader(String where, byte[] bytes) {
    if (bytes.length < 13) {
      throw truncated(where, bytes.length);
    }
    int width = little16(bytes, 6);
    int height = little16(bytes, 8);
    EncodedImage.checkDimensions(where, width, height);
    int flags = bytes[10] & 0xFF;
    int background = bytes[11] & 0xFF;
    int at = 13;
    byte[] global = {};
    if ((flags & 0x80) != 0) {
      global = palette(where, bytes, at, flags);
      at += global.length;
    }
    GifImage first = null;
    while (true) {
      if (at >= bytes.length) {
        throw truncated(where, bytes.length);
      }
      int block = bytes[at++] & 0xFF;
      if (block == 0x3B) { // the end
        if (first == null) {
          throw DataException.in(where, "is a damaged GIF: it holds no picture");
        }
        return first;
      } else if (block == 0x21) { // an extension: its label, then its data
        at = skipData(where, bytes, at + 1);
      } else if (block == 0x2C) { // a picture
        if (at + 9 > bytes.length) {
          throw truncated(where, bytes.length);
        }
        int pictureFlags = bytes[at + 8] & 0xFF;
        byte[] palette = global;
        int data = at + 9;
        if ((pictureFlags & 0x80) != 0) {
          palette = palette(where, bytes, data, pictureFlags);
          data += palette.length;
        }
        if (first == null) {
          first =
              new GifImage(
                  width,
                  height,
                  palette,
                  background,
                  little16(bytes, at),
                  little16(bytes, at + 2),
                  little16(bytes, at + 4),
                  little16(bytes, at + 6),
                  (pictureFlags & 0x40) != 0,
                  data);
          first.check(where);
        }
        at = skipData(where, bytes, data + 1);
      } else {
        throw DataException.in(
            where, String.format("is a damaged GIF: unknown block %02X at byte %d", block, at - 1));
      }
    }
  }

  private void check(String where) {
    if (pictureWidth < 1
        || pictureHeight < 1
        || left + pictureWidth > width
        || top + pictureHeight > height) {
      throw DataException.in(
          where,
          String.format(
              "is a damaged GIF: a picture of %dx%d at %d, %d on a screen of %dx%d",
              pictureWidth, pictureHeight, left, top, width, height));
    }
    if (palette.length == 0) {
      throw DataException.in(where, "is a damaged GIF: it has no colours");
    }
  }

  /** Decodes the first picture. */
  RawImage decode(String where, byte[] bytes) {
    byte[] indices = new byte[pictureWidth * pictureHeight];
    decompress(where, bytes, indices);
    byte[] rgb = new byte[3 * width * height];
    if (pictureWidth < width || pictureHeight < height) {
      int colour = 3 * background < palette.length ? 3 * background : 0;
      for (int i = 0; i < rgb.length; i += 3) {
        System.arraycopy(palette, colour, rgb, i, 3);
      }
    }
    int from = 0;
    for (int[] pass : interlaced ? PASSES : new int[][] {{0, 1}}) {
      for (int row = pass[0]; row < pictureHeight; row += pass[1]) {
        int to = 3 * ((top + row) * width + left);
        for (int column = 0; column < pictureWidth; column++, to += 3) {
          int colour = 3 * (indices[from++] & 0xFF);
          if (colour >= palette.length) {
            throw DataException.in(
                where, "is a damaged GIF: colour " + colour / 3 + " of " + palette.length / 3);
          }
          System.arraycopy(palette, colour, rgb, to, 3);
        }
      }
    }
    return new RawImage(width, height, rgb);
  }

  /** Undoes the LZW compression with variable code length that the specification defines. */
  private void decompress(String where, byte[] bytes, byte[] indices) {
    int rootBits = bytes[dataStart] & 0xFF;
    if (rootBits < 1 || rootBits > 8) {
      throw DataException.in(
          where, "is a damaged GIF: a code size of " + rootBits + " at byte " + dataStart);
    }
    int clear = 1 << rootBits;
    int[] prefix = new int[LARGEST_CODE];
    byte[] last = new byte[LARGEST_CODE];
    int[] length = new int[LARGEST_CODE];
    for (int i = 0; i < clear; i++) {
      last[i] = (byte) i;
      length[i] = 1;
    }
    int next = clear + 2;
    int bits = rootBits + 1;
    int previous = -1;
    int done = 0;
    int held = 0; // bits read and not used
    int holding = 0;
    int at = dataStart + 1;
    int blockEnd = at;
    while (done < indices.length) {
      while (holding < bits) {
        if (at == blockEnd) {
          int size = bytes[at++] & 0xFF; // the walk over blocks has seen that they are complete
          if (size == 0) {
            throw unfinished(where, done, indices.length);
          }
          blockEnd = at + size;
        }
        held |= (bytes[at++] & 0xFF) << holding;
        holding += 8;
      }
      int code = held & ((1 << bits) - 1);
      held >>>= bits;
      holding -= bits;
      if (code == clear) {
        next = clear + 2;
        bits = rootBits + 1;
        previous = -1;
        continue;
      }
      if (code == clear + 1) {
        throw unfinished(where, done, indices.length);
      }
      if (code > next || (code == next && (previous < 0 || next == LARGEST_CODE))) {
        throw DataException.in(
            where, "is a damaged GIF: unknown code " + code + " after " + done + " pixels");
      }
      if (previous >= 0 && next < LARGEST_CODE) {
        // The new string: the previous one and the first value of this one, perhaps its own.
        prefix[next] = previous;
        length[next] = length[previous] + 1;
        last[next] = first(code == next ? previous : code, prefix, last, clear);
        next++;
        if (next == 1 << bits && bits < 12) {
          bits++;
        }
      }
      int end = done + length[code];
      for (int string = code, i = end - 1; i >= done; i--) {
        if (i < indices.length) { // some encoders write more than there are pixels
          indices[i] = last[string];
        }
        string = prefix[string];
      }
      done = end;
      previous = code;
    }
  }

  private static byte first(int code, int[] prefix, byte[] last, int clear) {
    int at = code;
    while (at >= clear) {
      at = prefix[at];
    }
    return last[at];
  }

  private static byte[] palette(String where, byte[] bytes, int at, int flags) {
    int length = 3 << ((flags & 7) + 1);
    if (at + length > bytes.length) {
      throw truncated(where, bytes.length);
    }
    return Arrays.copyOfRange(bytes, at, at + length);
  }

  /** Returns where the data that begins at {@code at}, blocks of up to 255 bytes, ends. */
  private static int skipData(String where, byte[] bytes, int at) {
    int next = at;
    while (true) {
      if (next >= bytes.length) {
        throw truncated(where, bytes.length);
      }
      int size = bytes[next] & 0xFF;
      next += 1 + size;
      if (size == 0) {
        return next;
      }
    }
  }

  private static DataException truncated(String where, int length) {
    return DataException.in(
        where, "is a truncated GIF: it stops after " + length + " bytes without its end mark");
  }

  private static DataException unfinished(String where, int done, int expected) {
    return DataException.in(
        where, "is a damaged GIF: its picture ends after " + done + " of " + expected + " pixels");
  }

  private static int little16(byte[] bytes, int at) {
    return (bytes[at + 1] & 0xFF) << 8 | (bytes[at] & 0xFF);
  }
}
