package org.mien.data.protocol;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.mien.core.error.DataException;

/** Whatever the bytes of IJB's pairs, it is read or refused with a {@link DataException}. */
final class IjbPairsFuzz {
  @FuzzTest(maxDuration = "5s")
  void anyFileIsReadOrRefused(byte[] bytes) throws IOException {
    Path file = Files.createTempFile("fuzz", ".txt");
    try {
      Files.write(file, bytes);
      Path members = Files.createTempFile("members", ".txt");
      try {
        Files.writeString(members, "1.jpg 1 1\\n2.jpg 2 2\\n");
        new IjbConfig(members, file, List.of(), Optional.empty(), Optional.empty()).open();
      } finally {
        Files.delete(members);
      }
    } catch (DataException expected) {
      // what damaged input is answered with
    } finally {
      Files.delete(file);
    }
  }
}
