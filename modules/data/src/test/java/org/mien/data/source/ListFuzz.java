package org.mien.data.source;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.mien.core.error.DataException;
import org.mien.core.random.SeedStreams;

/** Whatever follows a table's header, it is read or refused with a {@link DataException}. */
final class ListFuzz {
  private static final byte[] HEADER = "file,identity,x\n".getBytes(StandardCharsets.UTF_8);

  @FuzzTest(maxDuration = "5s")
  void anyTableIsReadOrRefused(byte[] bytes) throws IOException {
    Path file = Files.createTempFile("fuzzed", ".csv");
    try {
      byte[] table = Arrays.copyOf(HEADER, HEADER.length + bytes.length);
      System.arraycopy(bytes, 0, table, HEADER.length, bytes.length);
      Files.write(file, table);
      new ListConfig(file, Optional.empty(), "file", "identity").open(new SeedStreams(1));
    } catch (DataException expected) {
      // what damaged input is answered with
    } finally {
      Files.delete(file);
    }
  }
}
