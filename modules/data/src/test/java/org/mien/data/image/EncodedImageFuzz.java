package org.mien.data.image;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.mien.core.error.DataException;

/** Whatever the bytes, an image is accepted or refused with a {@link DataException}. */
final class EncodedImageFuzz {
  @FuzzTest(maxDuration = "5s")
  void anyBytesAreAcceptedOrRefused(byte[] bytes) {
    try {
      EncodedImage image = EncodedImage.check("fuzzed", bytes);
      if (image.format() == EncodedImage.Format.NETPBM) {
        NetpbmImage.readHeader("fuzzed", bytes).decode("fuzzed", bytes);
      } else if (image.format() == EncodedImage.Format.GIF) {
        GifImage.readHeader("fuzzed", bytes).decode("fuzzed", bytes);
      } else if (image.format() == EncodedImage.Format.JPEG) {
        new JpegCoefficients("fuzzed", bytes).check();
      }
    } catch (DataException expected) {
      // what damaged input is answered with
    }
  }
}
