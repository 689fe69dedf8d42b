package org.mien.model.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mien.core.error.DataException;

/** The files come from {@code benchmarks/parity/make_small_weights.py}. */
class KerasWeightsTest {
  private static final long KERNEL_ADDRESS = 8192;
  private static final long KERNEL_BYTES = 192;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"whole.h5", "weights.h5", "latest.h5"})
  void readsTheLayoutsOfKeras2(String name) {
    StateDictionary weights = KerasWeights.read(TorchWeightsTest.resource(name));
    assertEquals(
        Map.of(
            "conv1/kernel", List.of(2L, 3L, 2L, 4L),
            "conv1/bias", List.of(4L),
            "bn1/gamma", List.of(4L),
            "bn1/beta", List.of(4L),
            "bn1/moving_mean", List.of(4L),
            "bn1/moving_variance", List.of(4L)),
        weights.shapes());
    float[] kernel = weights.values("conv1/kernel");
    for (int i = 0; i < kernel.length; i++) {
      assertEquals(i / 8f, kernel[i]);
    }
    assertArrayEquals(new float[] {1, -2, 3, -4}, weights.values("conv1/bias"));
    assertArrayEquals(new float[] {0.5f, 0.25f, 2, 1}, weights.values("bn1/moving_variance"));
  }

  @Test
  void aModelInsideAModelKeepsItsOwnNames() {
    assertEquals(
        Set.of(
            "conv1/kernel",
            "conv1/bias",
            "bn1/gamma",
            "bn1/beta",
            "bn1/moving_mean",
            "bn1/moving_variance",
            "top/bias"),
        KerasWeights.read(TorchWeightsTest.resource("nested.h5")).shapes().keySet());
  }

  @Test
  void namesThatComeTwiceKeepTheirLayer() {
    StateDictionary weights = KerasWeights.read(TorchWeightsTest.resource("twice.h5"));
    assertEquals(Set.of("a/conv/bias", "b/conv/bias"), weights.shapes().keySet());
    assertArrayEquals(new float[] {1, -2, 3, -4}, weights.values("a/conv/bias"));
    assertArrayEquals(new float[] {0.5f, 0.25f, 2, 1}, weights.values("b/conv/bias"));
  }

  @Test
  void readsEveryTypeByItsPath() {
    StateDictionary weights = KerasWeights.read(TorchWeightsTest.resource("types.h5"));
    assertArrayEquals(new float[] {1, -0.5f, 65504, 0x1p-24f}, weights.values("half"));
    assertArrayEquals(new float[] {0.1f}, weights.values("double"));
    assertArrayEquals(new float[] {-7}, weights.values("int64"));
    assertArrayEquals(new float[] {250}, weights.values("uint8"));
    assertEquals(List.of(), weights.shapes().get("scalar"));
    assertArrayEquals(new float[] {2.5f}, weights.values("scalar"));
    assertEquals(List.of(0L, 3L), weights.shapes().get("empty"));
    assertArrayEquals(new float[0], weights.values("empty"));
    assertArrayEquals(new float[] {1, -2, 3, -4}, weights.values("group/inner"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gzip.h5|'zeros': is stored as CHUNKED; expected CONTIGUOUS",
        "virtual.h5|'huge': has the shape [1048576, 1048576]",
        "big-endian.h5|'w': is of HDF5's type FloatingPoint with 4 bytes; expected little-endian",
        "text.h5|'w': is of HDF5's type VariableLength",
        "soft-link.h5|'w' is a link",
        "external-link.h5|'w' is a link",
        "cycle.h5|nested deeper than 32",
      })
  void whatKerasDoesNotWriteIsNamed(String name, String expected) {
    String message = errorOf(TorchWeightsTest.resource(name));
    assertTrue(message.contains(expected), message);
    assertTrue(message.contains(name), message);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8, 100, 700, 3000})
  void truncatedFilesAreErrorsOfData(int length) throws IOException {
    byte[] all = Files.readAllBytes(TorchWeightsTest.resource("weights.h5"));
    String message = errorOf(Files.write(folder.resolve("cut.h5"), Arrays.copyOf(all, length)));
    assertTrue(message.contains("cut.h5"), message);
  }

  @Test
  void whereverAFileIsCutItIsAnErrorOfDataOrReadsWhole() throws IOException {
    byte[] all = Files.readAllBytes(TorchWeightsTest.resource("weights.h5"));
    int refused = 0;
    for (int length = 0; length < all.length; length += 192) {
      Path file = Files.write(folder.resolve("cut.h5"), Arrays.copyOf(all, length));
      try {
        StateDictionary weights = KerasWeights.read(file);
        assertEquals(6, weights.shapes().size());
        weights.shapes().keySet().forEach(weights::values);
      } catch (DataException expected) {
        assertTrue(expected.getMessage().contains("cut.h5"), expected.getMessage());
        refused++;
      }
    }
    assertTrue(refused > 40, refused + " cuts were refused");
  }

  @Test
  void numbersThatWouldLieBehindTheEndAreRefused() throws IOException {
    // The kernel's address, told by h5py, moved to the last bytes.
    byte[] old = Files.readAllBytes(TorchWeightsTest.resource("weights.h5"));
    ByteBuffer buffer = ByteBuffer.wrap(old).order(ByteOrder.LITTLE_ENDIAN);
    int changed = 0;
    for (int i = 0; i + 2 * Long.BYTES <= old.length; i++) {
      if (buffer.getLong(i) == KERNEL_ADDRESS && buffer.getLong(i + Long.BYTES) == KERNEL_BYTES) {
        buffer.putLong(i, old.length - 100L);
        changed++;
      }
    }
    assertEquals(1, changed);
    Path file = Files.write(folder.resolve("moved.h5"), old);
    assertTrue(errorOf(file).contains("takes 192 bytes from byte"), errorOf(file));
  }

  /** Whatever bytes change, the answer is weights or a clear error, soon and in little memory. */
  @ParameterizedTest
  @ValueSource(strings = {"weights.h5", "latest.h5", "types.h5"})
  @Timeout(120)
  void damagedFilesGiveErrorsOfDataOnly(String name) throws IOException {
    byte[] good = Files.readAllBytes(TorchWeightsTest.resource(name));
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    Path file = folder.resolve("damaged.h5");
    for (int round = 0; round < 300; round++) {
      byte[] bad = good.clone();
      for (int change = random.nextInt(1, 9); change > 0; change--) {
        bad[random.nextInt(bad.length)] = (byte) (random.nextBoolean() ? 255 : random.nextInt(256));
      }
      Files.write(file, bad);
      try {
        StateDictionary weights = KerasWeights.read(file);
        weights.shapes().keySet().forEach(weights::values);
      } catch (DataException expected) {
        assertTrue(expected.getMessage().contains("damaged.h5"), expected.getMessage());
      } catch (Throwable other) {
        throw new AssertionError("seed " + seed + ", round " + round, other);
      }
    }
  }

  @Test
  void aMissingFileIsAnErrorOfData() {
    assertTrue(errorOf(folder.resolve("none.h5")).contains("no such file"));
  }

  private static String errorOf(Path file) {
    return assertThrows(DataException.class, () -> KerasWeights.read(file)).getMessage();
  }
}
