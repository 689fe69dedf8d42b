package org.mien.data.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mien.core.error.DataException;

final class VerificationBinTest {
  @TempDir private Path folder;

  /** A pickle that Python made; benchmarks/golden/make_bin_golden.py wrote it. */
  private Path golden(String name) throws IOException {
    Path file = folder.resolve(name + ".bin");
    try (InputStream in = VerificationBinTest.class.getResourceAsStream(name + ".bin")) {
      Files.copy(in, file);
    }
    return file;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes-protocol0",
        "bytes-protocol1",
        "bytes-protocol2",
        "bytes-protocol3",
        "bytes-protocol5",
        "arrays-protocol2",
        "arrays-protocol4",
        "arrays-protocol5",
        "columns-protocol4",
        "numbers-protocol3"
      })
  void everyWayOfPicklingGivesTheSameSet(String name) throws IOException {
    VerificationBin expected = VerificationBin.read(golden("bytes-protocol4"));
    VerificationBin bin = VerificationBin.read(golden(name));
    assertEquals(3, bin.pairs());
    assertTrue(bin.genuine(0));
    assertFalse(bin.genuine(1));
    assertTrue(bin.genuine(2));
    for (int i = 0; i < 6; i++) {
      assertArrayEquals(expected.image(i), bin.image(i));
      assertEquals((byte) 0xFF, bin.image(i)[0], "a JPEG begins with FF D8");
    }
  }

  @Test
  void thePicklesOfPythonTwoAreRead() throws IOException {
    // (['\xff\x00a', 'b'], [True]) by Python 2: protocol 0 with quoted strings, and protocol 2.
    String zero = "((lp0\nS'\\xff\\x00a'\np1\naS'b'\np2\na(lp3\nI01\natp4\n.";
    String two =
        "\u0080\u0002]q\u0000(U\u0003\u00ff\u0000aq\u0001T\u0001\u0000\u0000\u0000bq\u0002e]q\u0003\u0088a\u0086q\u0004.";
    for (String pickle : List.of(zero, two)) {
      Path file = folder.resolve("python2.bin");
      Files.write(file, pickle.getBytes(StandardCharsets.ISO_8859_1));
      VerificationBin bin = VerificationBin.read(file);
      assertEquals(1, bin.pairs());
      assertTrue(bin.genuine(0));
      assertArrayEquals(new byte[] {(byte) 0xFF, 0, 'a'}, bin.image(0));
      assertArrayEquals(new byte[] {'b'}, bin.image(1));
    }
  }

  @Test
  void whatIsWrittenIsReadBack() {
    List<byte[]> images = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      byte[] image = new byte[i * i];
      Arrays.fill(image, (byte) (i * 37));
      images.add(image);
    }
    BitSet genuine = BitSet.valueOf(new long[] {0b10110});
    Path file = folder.resolve("own.bin");
    VerificationBin.of(images, genuine).write(file);
    VerificationBin read = VerificationBin.read(file);
    assertEquals(5, read.pairs());
    for (int i = 0; i < 10; i++) {
      assertArrayEquals(images.get(i), read.image(i));
      assertEquals(genuine.get(i / 2), read.genuine(i / 2));
    }
  }

  @Test
  void aClassThatIsNotNumpysIsNotExecuted() throws IOException {
    Path file = folder.resolve("hostile.bin");
    Files.writeString(file, "cos\nsystem\n(S'touch " + folder.resolve("harm") + "'\ntR.");
    DataException error = assertThrows(DataException.class, () -> VerificationBin.read(file));
    assertTrue(error.getMessage().contains("os.system"), error.getMessage());
    assertFalse(Files.exists(folder.resolve("harm")));
  }

  @Test
  void aLengthBeyondTheFileIsRefusedBeforeItIsAllocated() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(new byte[] {(byte) 0x80, 4, (byte) 0x8e}); // BINBYTES8
    bytes.write(new byte[] {0, 0, 0, 0, 0, 1, 0, 0}); // 2^40
    Path file = folder.resolve("long.bin");
    Files.write(file, bytes.toByteArray());
    assertThrows(DataException.class, () -> VerificationBin.read(file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes-protocol0", "arrays-protocol2", "arrays-protocol5"})
  void aFileThatEndsAnywhereIsADataException(String name) throws IOException {
    byte[] whole = Files.readAllBytes(golden(name));
    Path file = folder.resolve("cut.bin");
    // Every place in the first image and its frame, some of the rest, and every place at the end.
    for (int length = 0;
        length < whole.length;
        length += length < 200 || length > whole.length - 100 ? 1 : 37) {
      Files.write(file, Arrays.copyOf(whole, length));
      DataException error = assertThrows(DataException.class, () -> VerificationBin.read(file));
      assertTrue(error.getMessage().contains("cut.bin"), error.getMessage());
    }
  }

  @Test
  void imagesAndFlagsThatDoNotMatchAreRefused() throws IOException {
    Path file = folder.resolve("odd.bin");
    Files.writeString(file, "((lS'a'\na(lI01\nat.");
    DataException error = assertThrows(DataException.class, () -> VerificationBin.read(file));
    assertTrue(error.getMessage().contains("1 images and 1 flags"), error.getMessage());
  }

  private DataException refusal(String pickle) throws IOException {
    Path file = folder.resolve("hostile.bin");
    Files.write(file, pickle.getBytes(StandardCharsets.ISO_8859_1));
    return assertThrows(DataException.class, () -> VerificationBin.read(file));
  }

  @Test
  void aTextThatIsTurnedIntoBytesAgainAndAgainIsRefused() throws IOException {
    // One text of a megabyte, encoded 10,000 times by 6 bytes each: 10 GB.
    String encode = "h\u0000(h\u0001h\u0002tR";
    String pickle =
        "\u0080\u0002(c_codecs\nencode\nq\u0000X\u0000\u0000\u0010\u0000"
            + "a".repeat(1 << 20)
            + "q\u0001X\u0006\u0000\u0000\u0000latin1q\u0002"
            + encode.repeat(10_000)
            + "t.";
    assertTrue(refusal(pickle).getMessage().contains("more bytes than the pickle has"));
  }

  @Test
  void anImageOfManyPairsIsKeptOnce() throws IOException {
    // A Python 2 string of a megabyte in 2,000 pairs: 4 GB if each were copied.
    String pickle =
        "\u0080\u0002](T\u0000\u0000\u0010\u0000"
            + "a".repeat(1 << 20)
            + "q\u0000"
            + "h\u0000".repeat(3999)
            + "e]("
            + "\u0088".repeat(2000)
            + "e\u0086.";
    Path file = folder.resolve("repeated.bin");
    Files.write(file, pickle.getBytes(StandardCharsets.ISO_8859_1));
    VerificationBin bin = VerificationBin.read(file);
    assertEquals(2000, bin.pairs());
    assertEquals(1 << 20, bin.image(3999).length);
  }

  @Test
  void whatIsNoTextWhereATextBelongsIsRefusedWithoutPrintingIt() throws IOException {
    StringBuilder nested = new StringBuilder("\u0080\u0002]q\u0000");
    for (int i = 0; i < 60; i++) {
      nested.append("](h").append((char) i).append('h').append((char) i);
      nested.append("eq").append((char) (i + 1));
    }
    assertTrue(
        refusal(nested + "cnumpy\ndtype\n(h<tR.").getMessage().contains("an array of unknown"));
    assertTrue(
        refusal(nested + "c_codecs\nencode\n(U\u0001ah<tR.")
            .getMessage()
            .contains("other than latin1"));
    assertTrue(
        refusal(
                nested
                    + "cnumpy.core.multiarray\n_reconstruct\n)R(I1\n(h<tcnumpy\ndtype\n(U\u0002u1tRI0\nU\u0001atb.")
            .getMessage()
            .contains("shape"));
    refusal(nested + ".");
  }

  @Test
  void anArrayThatSaysItHasMoreElementsThanBytesIsRefused() throws IOException {
    String array =
        "cnumpy.core.multiarray\n_reconstruct\n)R(I1\n(%ttcnumpy\ndtype\n(U\u0002u1tRI0\nU\u0003abctb.";
    for (String shape :
        List.of("I4\n", "I-3\n", "I2147483647\nI2147483647\nI2147483647\n", "N", "F3\n")) {
      refusal(array.replace("%tt", shape + "t"));
    }
  }

  @Test
  void aLargeFileTakesItsLengthInMemoryAndNoMore() {
    List<byte[]> images = new ArrayList<>();
    byte[] image = new byte[400_000];
    for (int i = 0; i < 200; i++) {
      images.add(image);
    }
    Path file = folder.resolve("large.bin"); // 80 MB
    VerificationBin.of(images, new BitSet()).write(file);
    long before = usedBytes();
    VerificationBin bin = VerificationBin.read(file);
    long megabytes = (usedBytes() - before) >> 20;
    assertEquals(100, bin.pairs());
    assertTrue(megabytes < 90, megabytes + " MiB for a file of 77 MiB");
  }

  private static long usedBytes() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
