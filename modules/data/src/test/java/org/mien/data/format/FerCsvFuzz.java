package org.mien.data.format;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mien.core.error.DataException;

/** Whatever the bytes of FER2013's table, it is read or refused with a {@link DataException}. */
final class FerCsvFuzz {
  @FuzzTest(maxDuration = "5s")
  void anyFileIsReadOrRefused(byte[] bytes) throws IOException {
    Path file = Files.createTempFile("fuzzed", ".csv");
    try {
      Files.write(file, bytes);
      try (FerCsv csv = FerCsv.open(file)) {
        for (int i = 0; i < csv.size(); i++) {
          csv.usage(i);
          csv.pixels(i);
        }
      }
    } catch (DataException expected) {
      // what damaged input is answered with
    } finally {
      Files.delete(file);
    }
  }
}
