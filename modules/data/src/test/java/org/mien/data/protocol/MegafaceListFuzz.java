package org.mien.data.protocol;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mien.core.error.DataException;

/** Whatever the bytes of a MegaFace list, it is read or refused with a {@link DataException}. */
final class MegafaceListFuzz {
  @FuzzTest(maxDuration = "5s")
  void anyFileIsReadOrRefused(byte[] bytes) throws IOException {
    Path file = Files.createTempFile("fuzz", ".json");
    try {
      Files.write(file, bytes);
      MegafaceList.read(file);
    } catch (DataException expected) {
      // what damaged input is answered with
    } finally {
      Files.delete(file);
    }
  }
}
