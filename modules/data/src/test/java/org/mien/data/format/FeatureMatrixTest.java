package org.mien.data.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.DataException;
import org.mien.testing.DataFolder;
import org.mien.testing.DataTest;

final class FeatureMatrixTest {
  @TempDir private Path folder;

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("a.bin"), bytes);
  }

  private static byte[] header(int rows, int columns, int stride, int type, int dataBytes) {
    ByteBuffer bytes = ByteBuffer.allocate(16 + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    return bytes.putInt(rows).putInt(columns).putInt(stride).putInt(type).array();
  }

  private static void assertProblem(Path file, String problem) {
    DataException e = assertThrows(DataException.class, () -> FeatureMatrix.readAll(file));
    assertTrue(
        e.getMessage().startsWith(file.toString()) && e.getMessage().contains(problem),
        e.getMessage());
  }

  @Test
  void aFeatureHasInsightFacesHeader() throws IOException {
    Path file = folder.resolve("feature.bin");
    FeatureMatrix.write(file, List.of(FeatureMatrix.column(new float[] {1, -2, 0.5f})));
    byte[] expected = header(3, 1, 4, 5, 12);
    ByteBuffer.wrap(expected, 16, 12)
        .slice()
        .order(ByteOrder.LITTLE_ENDIAN)
        .putFloat(1)
        .putFloat(-2)
        .putFloat(0.5f);
    assertArrayEquals(expected, Files.readAllBytes(file));
    assertArrayEquals(new float[] {1, -2, 0.5f}, FeatureMatrix.read(file).toFloats());
  }

  @Test
  void doublesAndPaddedRowsAreReadAndKeptAsTheyAre() throws IOException {
    byte[] bytes = header(2, 1, 16, FeatureMatrix.DOUBLE, 32);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putDouble(16, 1.5).putDouble(32, -3);
    bytes[30] = 77; // in the padding
    Path file = file(bytes);
    assertArrayEquals(new float[] {1.5f, -3}, FeatureMatrix.read(file).toFloats());
    Path copy = folder.resolve("copy.bin");
    FeatureMatrix.write(copy, FeatureMatrix.readAll(file));
    assertArrayEquals(bytes, Files.readAllBytes(copy));
    try (FeatureMatrixFile rows = FeatureMatrixFile.open(file)) {
      assertArrayEquals(new float[] {-3}, rows.row(1));
    }
  }

  @Test
  void aFileCutAnywhereIsRefusedWithItsPlace() throws IOException {
    byte[] bytes = header(3, 2, 8, 5, 24);
    for (int length = 1; length < bytes.length; length++) {
      Path cut = file(Arrays.copyOf(bytes, length));
      assertProblem(cut, "no matrix at byte 0");
      assertThrows(DataException.class, () -> FeatureMatrixFile.open(cut));
    }
    byte[] second = Arrays.copyOf(bytes, bytes.length + 7);
    assertProblem(file(second), "no matrix at byte 40: the file ends inside its header");
    assertThrows(DataException.class, () -> FeatureMatrixFile.open(file(second)));
  }

  @Test
  void headersThatPromiseTooMuchAllocateNothing() throws IOException {
    assertProblem(file(header(Integer.MAX_VALUE, 1, 4, 5, 0)), "0 bytes are left");
    assertProblem(file(header(-1, 1, 4, 5, 0)), "-1 rows");
    assertProblem(file(header(1, Integer.MAX_VALUE, 4, 5, 4)), "do not fit into rows of 4 bytes");
    assertProblem(file(header(2, 1 << 30, 0, 5, 0)), "do not fit into rows of 0 bytes");
    assertProblem(file(header(1, 1, 4, 4, 4)), "its type is 4");
  }

  @Test
  void twoBillionRowsOfNothingCostNothing() throws IOException {
    Path file = file(header(Integer.MAX_VALUE, 0, 0, 5, 0));
    FeatureMatrix empty = FeatureMatrix.read(file);
    assertTimeoutPreemptively(
        Duration.ofMillis(500), () -> assertEquals(0, empty.toFloats().length));
  }

  @Test
  void rowsAreWrittenAndReadOneByOne() {
    Path file = folder.resolve("scores.bin");
    FeatureMatrixFile.write(file, 5, 3, row -> new float[] {row, row + 0.5f, -row});
    try (FeatureMatrixFile rows = FeatureMatrixFile.open(file)) {
      assertEquals(5, rows.rows());
      assertEquals(3, rows.columns());
      assertArrayEquals(new float[] {4, 4.5f, -4}, rows.row(4));
      assertThrows(IllegalArgumentException.class, () -> rows.row(5));
    }
    assertEquals(15, FeatureMatrix.read(file).toFloats().length);
    assertThrows(
        IllegalArgumentException.class,
        () -> FeatureMatrixFile.write(file, 1, 3, row -> new float[2]));
  }

  @Test
  @DataTest
  void theKitsModelsAreWrittenBackByteForByte() throws IOException {
    Path models = DataFolder.path().resolve("data/megaface/models");
    List<FeatureMatrix> bayes = FeatureMatrix.readAll(models.resolve("jb_LBP.bin"));
    assertEquals(
        List.of("1x400", "257x400", "223x400"),
        bayes.stream().map(matrix -> matrix.rows() + "x" + matrix.columns()).toList());
    assertEquals(257 * 400, bayes.get(1).toFloats().length);
    // Three matrices without a row stand for L2.
    assertEquals(3, FeatureMatrix.readAll(models.resolve("jb_identity.bin")).size());
    for (String name : List.of("jb_LBP.bin", "jb_identity.bin")) {
      Path copy = folder.resolve(name);
      FeatureMatrix.write(copy, FeatureMatrix.readAll(models.resolve(name)));
      assertArrayEquals(Files.readAllBytes(models.resolve(name)), Files.readAllBytes(copy));
    }
  }
}
