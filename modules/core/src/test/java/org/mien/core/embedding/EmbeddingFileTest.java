package org.mien.core.embedding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.DataException;

class EmbeddingFileTest {
  @TempDir Path folder;
  private Path npy;

  @BeforeEach
  void write() {
    npy = folder.resolve("faces.npy");
    EmbeddingFile.write(
        npy,
        new EmbeddingMatrix(
            List.of("a/1.jpg", "b, the second/\"2\".jpg"),
            List.of("a", "b, the second"),
            3,
            new float[] {1, -2.5f, 0, Float.MIN_VALUE, 3e38f, -0f}));
  }

  @Test
  void whatWasWrittenIsReadBitForBit() {
    EmbeddingMatrix read = EmbeddingFile.read(npy);
    assertEquals(List.of("a/1.jpg", "b, the second/\"2\".jpg"), read.keys());
    assertEquals(List.of("a", "b, the second"), read.identities());
    assertArrayEquals(new float[] {1, -2.5f, 0, Float.MIN_VALUE, 3e38f, -0f}, read.values());
  }

  @Test
  void theHeaderIsThatOfNumPysFormat() throws IOException {
    byte[] bytes = Files.readAllBytes(npy);
    assertEquals(0, (bytes.length - 6 * Float.BYTES) % 64, "numbers begin at a multiple of 64");
    String header = new String(bytes, 10, 118, StandardCharsets.US_ASCII);
    assertTrue(
        header.startsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"), header);
    assertTrue(header.endsWith(" \n"), header);
    assertEquals(118, bytes[8] + 256 * bytes[9]);
    assertEquals((byte) 0x93, bytes[0]);
  }

  @Test
  void damagedFilesAreRefusedWithWhatIsWrong() throws IOException {
    byte[] bytes = Files.readAllBytes(npy);
    for (int length : new int[] {0, 9, 60, bytes.length - 1}) {
      Files.write(npy, Arrays.copyOf(bytes, length));
      assertThrows(DataException.class, () -> EmbeddingFile.read(npy), length + " bytes");
    }
    byte[] doubles = bytes.clone();
    doubles[22] = '8';
    Files.write(npy, doubles);
    assertTrue(refusal().contains("float32"), refusal());
    Files.write(npy, bytes);
    Files.writeString(folder.resolve("faces.csv"), "key,identity\na,a\n");
    assertTrue(refusal().contains("1 keys"), refusal());
    Files.writeString(folder.resolve("faces.csv"), "name\na\n");
    assertTrue(refusal().contains("columns key and identity"), refusal());
    Files.delete(folder.resolve("faces.csv"));
    assertTrue(refusal().contains("no such file"), refusal());
  }

  private String refusal() {
    return assertThrows(DataException.class, () -> EmbeddingFile.read(npy)).getMessage();
  }
}
