package org.mien.data.format;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mien.core.error.DataException;

/** Whatever the bytes of a matrix file, it is read or refused with a {@link DataException}. */
final class FeatureMatrixFuzz {
  @FuzzTest(maxDuration = "5s")
  void anyFileIsReadOrRefused(byte[] bytes) throws IOException {
    Path file = Files.createTempFile("fuzz", ".bin");
    try {
      Files.write(file, bytes);
      FeatureMatrix.readAll(file).forEach(FeatureMatrix::toFloats);
    } catch (DataException expected) {
      // what damaged input is answered with
    } finally {
      Files.delete(file);
    }
  }
}
