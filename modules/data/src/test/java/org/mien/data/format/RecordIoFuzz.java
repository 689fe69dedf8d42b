package org.mien.data.format;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mien.core.error.DataException;

/** Whatever the bytes of a RecordIO file, it is read or refused with a {@link DataException}. */
final class RecordIoFuzz {
  @FuzzTest(maxDuration = "5s")
  void anyFileIsReadOrRefused(byte[] bytes) throws IOException {
    Path file = Files.createTempFile("fuzzed", ".rec");
    try {
      Files.write(file, bytes);
      try (RecordIoFile records = RecordIoFile.open(file)) {
        RecordIoIndex index = RecordIoIndex.walkImages(records);
        for (int i = 0; i < index.size(); i++) {
          ImageRecord.parse(file, index.offset(i), records.read(index.offset(i)));
        }
      }
    } catch (DataException expected) {
      // what damaged input is answered with
    } finally {
      Files.delete(file);
    }
  }
}
