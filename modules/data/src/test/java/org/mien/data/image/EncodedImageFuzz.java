package org.mien.data.image;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.mien.core.error.DataException;

/** Whatever the bytes, an image is accepted or refused with a {@link DataException}. */
final class EncodedImageFuzz {
  @FuzzTest(maxDuration = "5s")
  void anyBytesAreAcceptedOrRefused(byte[] bytes) {
    try {
      EncodedImage image = EncodedImage.check("fuzzed", bytes);
      if (image.format() == EncodedImage.Format.PGM) {
        PgmImage.readHeader("fuzzed", bytes).decode("fuzzed", bytes);
      }
    } catch (DataException expected) {
      // what damaged input is answered with
    }
  }
}
