package org.mien.data.format;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mien.core.error.DataException;

/** Whatever the bytes of a MATLAB file, it is read or refused with a {@link DataException}. */
final class MatFileFuzz {
  @FuzzTest(maxDuration = "5s")
  void anyFileIsReadOrRefused(byte[] bytes) throws IOException {
    Path file = Files.createTempFile("fuzz", ".mat");
    try {
      Files.write(file, bytes);
      MatFile.read(file);
    } catch (DataException expected) {
      // what damaged input is answered with
    } finally {
      Files.delete(file);
    }
  }
}
