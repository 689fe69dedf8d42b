package org.mien.model.weights;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mien.core.error.DataException;

/** Whatever the bytes of an HDF5 file, it is read or refused with a {@link DataException}. */
final class KerasWeightsFuzz {
  @FuzzTest(maxDuration = "5s")
  void anyFileIsReadOrRefused(byte[] bytes) throws IOException {
    Path file = Files.createTempFile("fuzzed", ".h5");
    try {
      Files.write(file, bytes);
      StateDictionary weights = KerasWeights.read(file);
      weights.shapes().keySet().forEach(weights::values);
    } catch (DataException expected) {
      // what damaged input is answered with
    } finally {
      Files.delete(file);
    }
  }
}
