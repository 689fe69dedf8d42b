package org.mien.model.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.Deflater;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.DataException;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Graphs whose numbers do not fit into one array of Java's: here an array holds 32 KiB. */
final class LongEntriesTest {
  private static final int FEATURES = 4000;
  private static final long ARRAY = 32 << 10;

  @TempDir private Path folder;
  private Path file;
  private ComputationGraph graph;

  @BeforeEach
  void write() throws IOException {
    graph = SmallModels.head(FEATURES);
    INDArray state = graph.getUpdater().getStateViewArray();
    for (long i = 0; i < state.length(); i += 97) {
      state.putScalar(i, i * 1e-3);
    }
    file = folder.resolve("graph.zip");
    try (ZipOutputStream zip =
        new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      zip.setLevel(Deflater.NO_COMPRESSION);
      GraphArchive.write(zip, graph, true);
    }
  }

  @Test
  void areReadPieceByPiece() {
    try (BoundedZip zip = BoundedZip.open(file, ARRAY)) {
      assertTrue(zip.size("coefficients.bin") > 3 * ARRAY);
      assertTrue(zip.size("updaterState.bin") > 6 * ARRAY);
      assertThrows(DataException.class, () -> zip.bytes("coefficients.bin", Long.MAX_VALUE));
      ComputationGraph read = GraphArchive.read(zip, true);
      assertEquals(graph.params(), read.params());
      assertEquals(graph.getUpdater().getStateViewArray(), read.getUpdater().getStateViewArray());
    }
  }

  @Test
  void damageIsNoticedAtTheLastByte() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    // In the middle of the numbers: header, configuration and the directory at the end stay whole.
    bytes[bytes.length - 50_000] ^= 4;
    Files.write(file, bytes);
    try (BoundedZip zip = BoundedZip.open(file, ARRAY)) {
      DataException e = assertThrows(DataException.class, () -> GraphArchive.read(zip, true));
      assertTrue(e.getMessage().contains("checksum is wrong"), e.getMessage());
    }
  }

  @Test
  void anotherNumberOfNumbersIsRefusedBeforeTheyAreRead() {
    try (BoundedZip zip = BoundedZip.open(file, ARRAY)) {
      DataException e =
          assertThrows(
              DataException.class,
              () -> GraphArchive.readArray(zip, "coefficients.bin", graph.numParams() + 1));
      assertTrue(e.getMessage().contains("numbers where the configuration takes"), e.getMessage());
    }
  }
}
