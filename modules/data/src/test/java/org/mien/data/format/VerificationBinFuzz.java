package org.mien.data.format;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mien.core.error.DataException;

/** Whatever the bytes of a pickle, it is read or refused with a {@link DataException}. */
final class VerificationBinFuzz {
  @FuzzTest(maxDuration = "5s")
  void anyFileIsReadOrRefused(byte[] bytes) throws IOException {
    Path file = Files.createTempFile("fuzzed", ".bin");
    try {
      Files.write(file, bytes);
      VerificationBin bin = VerificationBin.read(file);
      for (int i = 0; i < 2 * bin.pairs(); i++) {
        bin.image(i);
      }
    } catch (DataException expected) {
      // what damaged input is answered with
    } finally {
      Files.delete(file);
    }
  }
}
