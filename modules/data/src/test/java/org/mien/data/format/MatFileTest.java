package org.mien.data.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.DataException;

/** Files written by hand from The MathWorks' definition; those of AgeDB are tested with it. */
final class MatFileTest {
  @TempDir private Path folder;

  /** Header, then the elements. */
  private Path file(byte[]... elements) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteBuffer header = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
    header.put("MATLAB 5.0 MAT-file".getBytes(StandardCharsets.US_ASCII));
    header.putShort(124, (short) 0x0100).put(126, (byte) 'I').put(127, (byte) 'M');
    out.write(header.array());
    for (byte[] element : elements) {
      out.write(element);
    }
    return Files.write(folder.resolve("a.mat"), out.toByteArray());
  }

  private static byte[] element(int type, byte[] content) {
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + (content.length + 7) / 8 * 8).order(ByteOrder.LITTLE_ENDIAN);
    return bytes.putInt(type).putInt(content.length).put(content).array();
  }

  private static byte[] ints(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(values);
    return bytes.array();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] array(int kind, int rows, int columns, String name, byte[] content) {
    return element(
        14,
        join(
            element(6, ints(kind, 0)),
            element(5, ints(rows, columns)),
            element(1, name.getBytes(StandardCharsets.US_ASCII)),
            content));
  }

  private static byte[] compressed(byte[] content) {
    Deflater deflater = new Deflater();
    deflater.setInput(content);
    deflater.finish();
    byte[] buffer = new byte[content.length + 100];
    int length = deflater.deflate(buffer);
    deflater.end();
    ByteBuffer bytes = ByteBuffer.allocate(8 + length).order(ByteOrder.LITTLE_ENDIAN);
    return bytes.putInt(15).putInt(length).put(buffer, 0, length).array();
  }

  private static void assertProblem(Path file, String problem) {
    DataException e = assertThrows(DataException.class, () -> MatFile.read(file));
    assertTrue(
        e.getMessage().startsWith(file.toString()) && e.getMessage().contains(problem),
        e.getMessage());
  }

  @Test
  void numbersTextsAndCellsAreReadPlainAndCompressed() throws IOException {
    byte[] numbers = array(6, 2, 1, "n", element(2, new byte[] {7, (byte) 200}));
    byte[] text = array(4, 1, 2, "t", element(4, new byte[] {'h', 0, 'i', 0}));
    byte[] small = {2, 0, 1, 0, 9, 0, 0, 0}; // tag and one byte in eight
    byte[] cells = array(1, 1, 2, "c", join(array(6, 1, 1, "", small), element(14, new byte[0])));
    Map<String, MatFile.Value> variables = MatFile.read(file(numbers, compressed(text), cells));
    assertEquals(new MatFile.Numbers(2, 1, List.of(7.0, 200.0)), variables.get("n"));
    assertEquals(new MatFile.Text(1, 2, "hi"), variables.get("t"));
    assertEquals(
        new MatFile.Cells(
            1,
            2,
            List.of(new MatFile.Numbers(1, 1, List.of(9.0)), new MatFile.Numbers(0, 0, List.of()))),
        variables.get("c"));
  }

  @Test
  void damageIsRefusedWithItsByte() throws IOException {
    byte[] good = array(6, 1, 1, "n", element(2, new byte[] {7}));
    assertEquals(1, MatFile.read(file(good)).size());
    assertProblem(file(array(6, 1 << 20, 1 << 20, "n", element(2, new byte[] {7}))), "byte 160");
    assertProblem(file(array(6, -1, -1, "n", element(2, new byte[] {7}))), "-1 x -1");
    assertProblem(file(array(3, 1, 1, "n", element(2, new byte[] {7}))), "class 3 is not read");
    assertProblem(file(array(6 | 0x800, 1, 1, "n", element(2, new byte[] {7}))), "complex");
    assertProblem(file(element(9, new byte[8])), "byte 128: expected a variable, found type 9");
    byte[] whole = Files.readAllBytes(file(good));
    for (int length = 1; length < whole.length - 7; length++) { // the last 7 are padding
      if (length != 128) {
        Path cut = Files.write(folder.resolve("cut.mat"), Arrays.copyOf(whole, length));
        assertProblem(cut, "MATLAB 5");
      }
    }
  }

  @Test
  void bombsAreRefused() throws IOException {
    assertProblem(file(compressed(new byte[65 << 20])), "more than 64 MiB");
    byte[] deep = array(6, 1, 1, "", element(2, new byte[] {7}));
    for (int i = 0; i < 40; i++) {
      deep = array(1, 1, 1, "", deep);
    }
    assertProblem(file(deep), "more than 32 deep");
  }
}
