package org.mien.data.image;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.zip.CRC32;
import org.mien.core.error.DataException;

/**
 * The bytes of an image file whose structure was checked: known format, bounded dimensions, nothing
 * cut off. Decoders may be given such bytes; OpenCV alone would fill a truncated JPEG with grey and
 * allocate whatever a header asks for.
 *
 * <p>JPEG (ITU-T T.81): every segment up to the end-of-image marker is walked, entropy-coded data
 * included. PNG: every chunk with its CRC up to IEND. GIF and WebP: every block or chunk. BMP, PGM
 * and PPM: the pixel data must be as long as the header says. Damage inside a JPEG's entropy-coded
 * data that keeps its markers intact is not found here; see {@link JpegDamage}.
 *
 * @param format what the bytes are, whatever the file's extension says
 * @param widthPixels stored width, before any EXIF rotation
 * @param heightPixels stored height, before any EXIF rotation
 * @param orientation the EXIF orientation, 1 to 8, that OpenCV does not apply
 */
record EncodedImage(Format format, int widthPixels, int heightPixels, int orientation) {
  /** Larger images are refused before anything is allocated for them. */
  static final long MAXIMUM_PIXELS = 64_000_000;

  /** A progressive JPEG with more scans than this is made to waste time, not to be seen. */
  private static final int MAXIMUM_SCANS = 100;

  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private static final byte[] PNG_SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

  enum Format {
    JPEG,
    PNG,
    BMP,
    /** PGM or PPM. */
    NETPBM,
    GIF,
    WEBP
  }

  private static final String EXPECTED = "JPEG, PNG, BMP, PGM, PPM, GIF or WebP image";

  private EncodedImage(Format format, int widthPixels, int heightPixels) {
    this(format, widthPixels, heightPixels, 1);
  }

  /**
   * Checks the bytes of a file.
   *
   * @throws DataException naming the file and what is wrong with it
   */
  static EncodedImage check(String where, byte[] bytes) {
    if (bytes.length == 0) {
      throw DataException.in(where, "is empty (0 bytes); expected a " + EXPECTED);
    }
    if (startsWith(bytes, 0xFF, 0xD8)) {
      return jpeg(where, bytes);
    }
    if (startsWith(bytes, 0x89, 'P', 'N', 'G')) {
      return png(where, bytes);
    }
    if (startsWith(bytes, 'B', 'M')) {
      return bmp(where, bytes);
    }
    if (isNetpbm(bytes)) {
      NetpbmImage header = NetpbmImage.readHeader(where, bytes);
      return new EncodedImage(Format.NETPBM, header.width(), header.height());
    }
    if (startsWith(bytes, 'G', 'I', 'F', '8')) {
      GifImage header = GifImage.readHeader(where, bytes);
      return new EncodedImage(Format.GIF, header.width(), header.height());
    }
    if (startsWith(bytes, 'R', 'I', 'F', 'F') && isWebp(bytes)) {
      WebpImage header = WebpImage.read(where, bytes);
      return new EncodedImage(Format.WEBP, header.width(), header.height(), header.orientation());
    }
    throw DataException.in(where, "is not a " + EXPECTED + ": " + describeBeginning(bytes));
  }

  private static boolean isNetpbm(byte[] bytes) {
    return startsWith(bytes, 'P')
        && bytes.length > 1
        && (bytes[1] == '2' || bytes[1] == '3' || bytes[1] == '5' || bytes[1] == '6');
  }

  private static boolean isWebp(byte[] bytes) {
    return bytes.length < 12
        || (bytes[8] == 'W' && bytes[9] == 'E' && bytes[10] == 'B' && bytes[11] == 'P');
  }

  private static EncodedImage jpeg(String where, byte[] bytes) {
    int at = 2;
    int width = 0;
    int height = 0;
    int scans = 0;
    while (true) {
      if (at + 1 >= bytes.length) {
        throw truncatedJpeg(where, bytes.length);
      }
      if (unsigned8(bytes, at) != 0xFF) {
        throw DataException.in(
            where, "is a damaged JPEG: expected a marker at byte " + at + ", found other data");
      }
      int marker = unsigned8(bytes, at + 1);
      if (marker == 0xFF) {
        at++; // a fill byte before the marker
        continue;
      }
      at += 2;
      if (marker == 0xD9) {
        if (width == 0 || scans == 0) {
          throw DataException.in(where, "is a damaged JPEG: it ends before any image data");
        }
        return new EncodedImage(Format.JPEG, width, height);
      }
      if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7)) {
        continue; // markers without a segment
      }
      if (marker < 0xC0 || marker == 0xD8) {
        throw DataException.in(
            where,
            String.format(
                Locale.ROOT,
                "is a damaged JPEG: unknown marker FF%02X at byte %d",
                marker,
                at - 2));
      }
      if (at + 2 > bytes.length) {
        throw truncatedJpeg(where, bytes.length);
      }
      int length = unsigned16(bytes, at);
      if (length < 2) {
        throw DataException.in(
            where, "is a damaged JPEG: a segment of length " + length + " at byte " + at);
      }
      if (at + length > bytes.length) {
        throw truncatedJpeg(where, bytes.length);
      }
      if (isStartOfFrame(marker)) {
        if (marker > 0xC2) {
          throw DataException.in(
              where,
              String.format(
                  Locale.ROOT,
                  "is a JPEG of a rare kind (SOF%d); expected baseline or progressive",
                  marker - 0xC0));
        }
        if (width != 0) {
          throw DataException.in(where, "is a damaged JPEG: a second frame header at byte " + at);
        }
        if (length < 8) {
          throw DataException.in(where, "is a damaged JPEG: its frame header is too short");
        }
        height = unsigned16(bytes, at + 3);
        width = unsigned16(bytes, at + 5);
        checkDimensions(where, width, height);
        checkSamples(where, unsigned8(bytes, at + 2), unsigned8(bytes, at + 7));
      }
      at += length;
      if (marker == 0xDA) {
        if (++scans > MAXIMUM_SCANS) {
          throw DataException.in(where, "is a JPEG of more than " + MAXIMUM_SCANS + " scans");
        }
        at = endOfEntropyData(where, bytes, at);
      }
    }
  }

  private static void checkSamples(String where, int bits, int components) {
    if (bits != 8) {
      throw DataException.in(where, "is a JPEG of " + bits + " bits a sample; expected 8");
    }
    if (components != 1 && components != 3 && components != 4) {
      throw DataException.in(
          where, "is a JPEG of " + components + " components; expected 1, 3 or 4");
    }
  }

  /** Returns where the next marker begins that is neither a stuffed FF nor a restart marker. */
  private static int endOfEntropyData(String where, byte[] bytes, int start) {
    int at = start;
    while (true) {
      // Most bytes are not FF: eight at a time while none of them is.
      while (at + 8 <= bytes.length && !holdsFf((long) EIGHT_BYTES.get(bytes, at))) {
        at += 8;
      }
      while (at < bytes.length && bytes[at] != (byte) 0xFF) {
        at++;
      }
      if (at + 1 >= bytes.length) {
        throw truncatedJpeg(where, bytes.length);
      }
      int next = unsigned8(bytes, at + 1);
      if (next == 0xFF) {
        at++;
      } else if (next == 0 || (next >= 0xD0 && next <= 0xD7)) {
        at += 2;
      } else {
        return at;
      }
    }
  }

  /** Returns whether one of the eight bytes is FF: whether its complement holds a zero byte. */
  private static boolean holdsFf(long eight) {
    long complement = ~eight;
    return (complement - 0x0101010101010101L & eight & 0x8080808080808080L) != 0;
  }

  private static boolean isStartOfFrame(int marker) {
    return marker >= 0xC0
        && marker <= 0xCF
        && marker != 0xC4 // Huffman tables
        && marker != 0xC8 // reserved
        && marker != 0xCC; // arithmetic conditioning
  }

  private static DataException truncatedJpeg(String where, int length) {
    return DataException.in(
        where,
        "is a truncated JPEG: it stops after " + length + " bytes without the end-of-image marker");
  }

  private static EncodedImage png(String where, byte[] bytes) {
    for (int i = 0; i < PNG_SIGNATURE.length; i++) {
      if (i >= bytes.length || bytes[i] != PNG_SIGNATURE[i]) {
        throw DataException.in(where, "is a damaged PNG: its signature is wrong at byte " + i);
      }
    }
    int at = PNG_SIGNATURE.length;
    int width = 0;
    int height = 0;
    boolean pixels = false;
    while (true) {
      if (at + 12 > bytes.length) {
        throw truncatedPng(where, bytes.length);
      }
      long length = unsigned32(bytes, at);
      String type = new String(bytes, at + 4, 4, StandardCharsets.ISO_8859_1);
      if (at + 12 + length > bytes.length) {
        throw truncatedPng(where, bytes.length);
      }
      CRC32 crc = new CRC32();
      crc.update(bytes, at + 4, 4 + (int) length);
      if (crc.getValue() != unsigned32(bytes, at + 8 + (int) length)) {
        throw DataException.in(
            where, "is a damaged PNG: the checksum of the chunk at byte " + at + " is wrong");
      }
      boolean first = at == PNG_SIGNATURE.length;
      if (first != type.equals("IHDR") || (first && length != 13)) {
        throw DataException.in(where, "is a damaged PNG: it does not begin with one header chunk");
      }
      if (first) {
        checkDimensions(where, unsigned32(bytes, at + 8), unsigned32(bytes, at + 12));
        width = (int) unsigned32(bytes, at + 8);
        height = (int) unsigned32(bytes, at + 12);
      }
      pixels |= type.equals("IDAT");
      if (type.equals("IEND")) {
        if (!pixels) {
          throw DataException.in(where, "is a damaged PNG: it holds no image data");
        }
        return new EncodedImage(Format.PNG, width, height);
      }
      at += 12 + (int) length;
    }
  }

  private static DataException truncatedPng(String where, int length) {
    return DataException.in(
        where, "is a truncated PNG: it stops after " + length + " bytes without its end chunk");
  }

  private static EncodedImage bmp(String where, byte[] bytes) {
    if (bytes.length < 26) {
      throw truncatedBmp(where, bytes.length, 26);
    }
    long headerLength = little32(bytes, 14);
    long width;
    long height;
    int bitsAt;
    long compression = 0;
    if (headerLength == 12) {
      width = little16(bytes, 18);
      height = little16(bytes, 20);
      bitsAt = 24;
    } else if (headerLength >= 40) {
      if (bytes.length < 54) {
        throw truncatedBmp(where, bytes.length, 54);
      }
      width = (int) little32(bytes, 18);
      height = Math.abs((long) (int) little32(bytes, 22)); // negative: rows from the top
      bitsAt = 28;
      compression = little32(bytes, 30);
    } else {
      throw DataException.in(
          where, "is not an image: it begins with BM, but its header length is " + headerLength);
    }
    checkDimensions(where, width, height);
    if (compression != 0 && compression != 3) {
      throw DataException.in(
          where, "is a compressed BMP (method " + compression + "); expected an uncompressed one");
    }
    long stride = (width * little16(bytes, bitsAt) + 31) / 32 * 4;
    long needed = little32(bytes, 10) + stride * height;
    if (needed > bytes.length) {
      throw truncatedBmp(where, bytes.length, needed);
    }
    return new EncodedImage(Format.BMP, (int) width, (int) height);
  }

  private static DataException truncatedBmp(String where, int length, long needed) {
    return DataException.in(
        where, "is a truncated BMP: it has " + length + " bytes of at least " + needed);
  }

  /** Refuses dimensions of zero or above {@link #MAXIMUM_PIXELS}. */
  static void checkDimensions(String where, long width, long height) {
    if (width < 1 || height < 1) {
      throw DataException.in(where, "says it is " + width + "x" + height + " pixels");
    }
    // Neither factor exceeds 2^32, so a product that would overflow has a factor above the bound.
    if (width > MAXIMUM_PIXELS || height > MAXIMUM_PIXELS || width * height > MAXIMUM_PIXELS) {
      throw DataException.in(
          where,
          String.format(
              Locale.ROOT,
              "says it is %dx%d pixels; images above %d million pixels are refused",
              width,
              height,
              MAXIMUM_PIXELS / 1_000_000));
    }
  }

  private static String describeBeginning(byte[] bytes) {
    int shown = Math.min(bytes.length, 24);
    String known = knownFormat(bytes);
    if (known != null) {
      return "it is " + known;
    }
    for (int i = 0; i < shown; i++) {
      boolean printable = bytes[i] >= ' ' && bytes[i] < 0x7F;
      if (!printable && bytes[i] != '\n' && bytes[i] != '\r' && bytes[i] != '\t') {
        return "it begins with the bytes " + HexFormat.of().formatHex(bytes, 0, Math.min(8, shown));
      }
    }
    String text = new String(bytes, 0, shown, StandardCharsets.US_ASCII);
    return "it begins with the text \"" + text.replaceAll("\\s+", " ").strip() + "\"";
  }

  private static String knownFormat(byte[] bytes) {
    if (startsWith(bytes, 'R', 'I', 'F', 'F')) {
      return "a RIFF file, not a WebP";
    }
    if (startsWith(bytes, 'I', 'I', '*', 0) || startsWith(bytes, 'M', 'M', 0, '*')) {
      return "a TIFF";
    }
    if (bytes.length > 12 && bytes[4] == 'f' && bytes[5] == 't' && bytes[6] == 'y') {
      return "an AVIF, HEIF or MP4 file";
    }
    return null;
  }

  private static boolean startsWith(byte[] bytes, int... beginning) {
    if (bytes.length < beginning.length) {
      return false;
    }
    for (int i = 0; i < beginning.length; i++) {
      if (bytes[i] != (byte) beginning[i]) {
        return false;
      }
    }
    return true;
  }

  private static int unsigned8(byte[] bytes, int at) {
    return bytes[at] & 0xFF;
  }

  private static int unsigned16(byte[] bytes, int at) {
    return unsigned8(bytes, at) << 8 | unsigned8(bytes, at + 1);
  }

  private static long unsigned32(byte[] bytes, int at) {
    return (long) unsigned16(bytes, at) << 16 | unsigned16(bytes, at + 2);
  }

  private static int little16(byte[] bytes, int at) {
    return unsigned8(bytes, at + 1) << 8 | unsigned8(bytes, at);
  }

  private static long little32(byte[] bytes, int at) {
    return (long) little16(bytes, at + 2) << 16 | little16(bytes, at);
  }
}
