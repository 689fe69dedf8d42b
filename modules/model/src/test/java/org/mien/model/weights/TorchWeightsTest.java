package org.mien.model.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mien.core.error.DataException;

/** The files come from {@code make_small_pth.py} and {@code make_small_weights.py}. */
class TorchWeightsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"small.pth", "small-legacy.pth", "checkpoint.pth"})
  void readsNamesAndShapesInOrder(String name) {
    TorchWeights weights = TorchWeights.read(resource(name));
    assertEquals(
        List.of(
            "conv.weight",
            "transposed",
            "slice",
            "half",
            "bfloat16",
            "double",
            "counter",
            "empty",
            "parameter"),
        List.copyOf(weights.shapes().keySet()));
    assertEquals(List.of(2L, 3L, 2L, 2L), weights.shapes().get("conv.weight"));
    assertEquals(List.of(6L, 4L), weights.shapes().get("transposed"));
    assertEquals(List.of(), weights.shapes().get("counter"));
    assertEquals(List.of(0L, 3L), weights.shapes().get("empty"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"small.pth", "small-legacy.pth", "checkpoint.pth"})
  void readsValuesOfEveryTypeAndLayout(String name) {
    TorchWeights weights = TorchWeights.read(resource(name));
    float[] quarters = new float[24];
    float[] transposed = new float[24];
    for (int i = 0; i < 24; i++) {
      quarters[i] = i / 4f;
      transposed[i] = i % 4 * 6 + i / 4;
    }
    assertArrayEquals(quarters, weights.values("conv.weight"));
    assertArrayEquals(transposed, weights.values("transposed"));
    assertArrayEquals(new float[] {5, 6, 7, 8}, weights.values("slice"));
    assertArrayEquals(
        new float[] {1, -0.5f, 65504, 0x1p-24f, Float.POSITIVE_INFINITY}, weights.values("half"));
    assertArrayEquals(new float[] {1, -2.5f}, weights.values("bfloat16"));
    assertArrayEquals(new float[] {1.5f, Float.NEGATIVE_INFINITY}, weights.values("double"));
    assertArrayEquals(new float[] {7}, weights.values("counter"));
    assertArrayEquals(new float[0], weights.values("empty"));
    assertArrayEquals(new float[] {3}, weights.values("parameter"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.pth", "evil-legacy.pth"})
  void aForeignClassIsNamedAndNotRun(String name) {
    String message = errorOf(resource(name));
    assertTrue(message.contains(name), message);
    assertTrue(message.contains("the class posix.system"), message);
    assertTrue(message.contains("nothing was executed"), message);
  }

  @Test
  void aWholePickledModuleIsRefusedByItsClass() {
    String message = errorOf(resource("model.pth"));
    assertTrue(message.contains("the class torch.nn.modules.linear.Linear"), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "datetime.date",
        "decimal.Decimal",
        "array.array",
        "builtins.bytearray",
        "builtins.eval",
        "_codecs.encode"
      })
  void theLibrarysOwnConstructorsAreOutOfReach(String className) throws IOException {
    int dot = className.lastIndexOf('.');
    String pickle =
        "\u0080\u0002c" + className.substring(0, dot) + "\n" + className.substring(dot + 1) + "\n.";
    Path file = folder.resolve("class.pth");
    Files.write(file, pickle.getBytes(StandardCharsets.ISO_8859_1));
    assertTrue(errorOf(file).contains("the class " + className), errorOf(file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"i__main__\nEvil\n.", "(c__main__\nEvil\no.", "Pid\n.", "I1\n."})
  void oldInstructionsThatMakeObjectsAreRefused(String program) throws IOException {
    Path file = folder.resolve("old.pth");
    Files.write(file, ("\u0080\u0002" + program).getBytes(StandardCharsets.ISO_8859_1));
    errorOf(file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"model", "backbone", "net", "lightning", "compiled"})
  void wrappersAndSharedPrefixesAreTakenOff(String name) {
    TorchWeights weights = TorchWeights.read(resource("wrapped-" + name + ".pth"));
    assertEquals(List.of("conv.weight", "conv.bias"), List.copyOf(weights.shapes().keySet()));
    assertArrayEquals(new float[] {1}, weights.values("conv.bias"));
  }

  @Test
  void aSharedBeginningThatIsPartOfTheNamesStays() {
    assertEquals(
        List.of("features.conv.weight", "features.conv.bias"),
        List.copyOf(TorchWeights.read(resource("wrapped-features.pth")).shapes().keySet()));
  }

  @Test
  void twoDictionariesOfTensorsAreNotGuessedBetween() {
    String message = errorOf(resource("wrapped-two.pth"));
    assertTrue(message.contains("under 'model' and 'net'"), message);
    assertTrue(message.contains("torch.save(checkpoint['model'], ...)"), message);
  }

  @Test
  void tensorsUnderAnUnknownKeyAreShownAndNotTaken() {
    String message = errorOf(resource("wrapped-unknown.pth"));
    assertTrue(message.contains("there are tensors under 'generator'"), message);
  }

  @Test
  void aTensorThatRepeatsItsStorageIsRefused() {
    assertTrue(errorOf(resource("expanded.pth")).contains("reaches outside its storage of 1"));
  }

  @Test
  void somethingElseThanADictionaryIsRefused() {
    assertTrue(errorOf(resource("list.pth")).contains("no dictionary of named tensors"));
  }

  @Test
  void aStringLongerThanTheFileIsNotAllocated() throws IOException {
    Path file = folder.resolve("long.pth");
    Files.write(file, new byte[] {(byte) 0x80, 2, 'X', -1, -1, -1, 0x7f, 'a', '.'});
    assertTrue(errorOf(file).contains("a string of 2147483647 bytes"), errorOf(file));
  }

  @Test
  void aTextFileIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("text.pth"), "<html>not found</html>");
    assertTrue(errorOf(file).contains("neither a zip"), errorOf(file));
  }

  @Test
  void aMissingFileIsAnErrorOfData() {
    assertTrue(errorOf(folder.resolve("missing.pth")).contains("missing.pth"));
  }

  @Test
  void compressedEntriesAreRefused() throws IOException {
    Path file = folder.resolve("bomb.pth");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("archive/data.pkl"));
      zip.write(new byte[1 << 20]);
    }
    assertTrue(errorOf(file).contains("a compressed entry archive/data.pkl"), errorOf(file));
  }

  @Test
  void bigEndianFilesAreReadInTheirOrder() throws IOException {
    Path file = folder.resolve("big.pth");
    try (ZipFile in = new ZipFile(resource("small.pth").toFile());
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      store(out, "archive/byteorder", "big".getBytes(StandardCharsets.US_ASCII));
      store(out, "archive/data.pkl", bytes(in, "small/data.pkl"));
      for (var entry : Collections.list(in.entries())) {
        if (entry.getName().contains("/data/")) {
          byte[] bytes = bytes(in, entry.getName());
          byte[] swapped = bytes.length == 96 ? swapFloats(bytes) : bytes;
          store(out, entry.getName().replaceFirst("^[^/]+", "archive"), swapped);
        }
      }
    }
    assertArrayEquals(new float[] {5, 6, 7, 8}, TorchWeights.read(file).values("slice"));
  }

  /** Whatever bytes change, the answer is weights or a clear error, never anything else. */
  @ParameterizedTest
  @ValueSource(strings = {"small.pth", "small-legacy.pth"})
  void damagedFilesGiveErrorsOfDataOnly(String name) throws IOException {
    byte[] good = Files.readAllBytes(resource(name));
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    Path file = folder.resolve("damaged.pth");
    for (int round = 0; round < 400; round++) {
      byte[] bad = good.clone();
      for (int change = random.nextInt(1, 4); change > 0; change--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      int length = random.nextInt(4) == 0 ? random.nextInt(bad.length) : bad.length;
      Files.write(file, Arrays.copyOf(bad, length));
      try {
        TorchWeights weights = TorchWeights.read(file);
        weights.shapes().keySet().forEach(weights::values);
      } catch (DataException expected) {
        assertTrue(expected.getMessage().contains("damaged.pth"), expected.getMessage());
      } catch (Throwable other) {
        throw new AssertionError("seed " + seed + ", round " + round, other);
      }
    }
  }

  private static String errorOf(Path file) {
    return assertThrows(DataException.class, () -> TorchWeights.read(file)).getMessage();
  }

  private static void store(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(bytes);
  }

  private static byte[] bytes(ZipFile zip, String name) throws IOException {
    try (InputStream in = zip.getInputStream(zip.getEntry(name))) {
      return in.readAllBytes();
    }
  }

  private static byte[] swapFloats(byte[] bytes) {
    byte[] swapped = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      swapped[i] = bytes[i / 4 * 4 + 3 - i % 4];
    }
    return swapped;
  }

  static Path resource(String name) {
    try {
      return Path.of(TorchWeightsTest.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
