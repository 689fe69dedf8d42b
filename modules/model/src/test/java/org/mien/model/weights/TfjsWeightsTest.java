package org.mien.model.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mien.core.error.DataException;
import org.mien.testing.DataFolder;
import org.mien.testing.DataTest;

class TfjsWeightsTest {
  @TempDir Path folder;

  @Test
  void readsEveryTypeAcrossTheEndsOfFiles() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putFloat(1.5f).putFloat(-2); // plain
    bytes.putInt(-7); // whole
    bytes.put((byte) 0).put((byte) 200); // quantised to 8 bits
    bytes.putShort((short) 0xFFFF); // to 16 bits
    bytes.putShort((short) 0x3C00).putShort((short) 0xC000); // to float16
    bytes.put((byte) 250).put((byte) 1); // bytes, bool
    bytes.putShort((short) 40_000);
    byte[] all = bytes.array();
    // The first number is cut in two.
    Files.write(folder.resolve("shard1"), java.util.Arrays.copyOfRange(all, 0, 2));
    Files.write(folder.resolve("shard2"), java.util.Arrays.copyOfRange(all, 2, 24));
    StateDictionary weights =
        TfjsWeights.read(
            manifest(
                """
                [{"paths": ["shard1", "shard2"], "weights": [
                  {"name": "plain", "shape": [2, 1], "dtype": "float32"},
                  {"name": "whole", "shape": [], "dtype": "int32"},
                  {"name": "eight", "shape": [2], "dtype": "float32",
                   "quantization": {"dtype": "uint8", "scale": 0.5, "min": -10, "original_dtype": "float32"}},
                  {"name": "sixteen", "shape": [1], "dtype": "float32",
                   "quantization": {"dtype": "uint16", "scale": 1e-4, "min": 1.25}},
                  {"name": "half", "shape": [2], "dtype": "float32",
                   "quantization": {"dtype": "float16"}},
                  {"name": "byte", "shape": [1], "dtype": "uint8"},
                  {"name": "flag", "shape": [1], "dtype": "bool"},
                  {"name": "short", "shape": [1], "dtype": "uint16"}]}]
                """));
    assertEquals(
        List.of("plain", "whole", "eight", "sixteen", "half", "byte", "flag", "short"),
        List.copyOf(weights.shapes().keySet()));
    assertEquals(List.of(2L, 1L), weights.shapes().get("plain"));
    assertEquals(List.of(), weights.shapes().get("whole"));
    assertArrayEquals(new float[] {1.5f, -2}, weights.values("plain"));
    assertArrayEquals(new float[] {-7}, weights.values("whole"));
    assertArrayEquals(new float[] {-10, 90}, weights.values("eight"));
    assertArrayEquals(new float[] {(float) (65535 * 1e-4 + 1.25)}, weights.values("sixteen"));
    assertArrayEquals(new float[] {1, -2}, weights.values("half"));
    assertArrayEquals(new float[] {250}, weights.values("byte"));
    assertArrayEquals(new float[] {1}, weights.values("flag"));
    assertArrayEquals(new float[] {40_000}, weights.values("short"));
  }

  @Test
  void readsTheManifestInsideAModelAndSeveralGroups() throws IOException {
    Files.write(folder.resolve("a.bin"), new byte[] {3});
    Files.write(folder.resolve("b.bin"), new byte[] {4, 5});
    StateDictionary weights =
        TfjsWeights.read(
            manifest(
                """
                {"format": "layers-model", "weightsManifest": [
                 {"paths": ["a.bin"], "weights": [{"name": "x", "shape": [1], "dtype": "uint8"}]},
                 {"paths": ["b.bin"], "weights": [{"name": "y", "shape": [2], "dtype": "uint8"}]}]}
                """));
    assertArrayEquals(new float[] {3}, weights.values("x"));
    assertArrayEquals(new float[] {4, 5}, weights.values("y"));
    assertThrows(IllegalArgumentException.class, () -> weights.values("z"));
  }

  /** Each of one file of four bytes, described wrongly. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`a.bin`|[2]|float32||takes 8 bytes from byte 0 on, but the group's files hold 4",
        "`a.bin`|[3]|uint8||its tensors take 3 bytes, its files a.bin (4 bytes) hold 4",
        "`a.bin`|[4294967296, 4294967296]|uint8||expected at most 2147483639 numbers",
        "`a.bin`|[2147483647]|float32||expected at most 2147483639 numbers",
        "`a.bin`|[-1]|float32||negative size",
        "`a.bin`|[1.5]|float32||expected a list of whole numbers",
        "`a.bin`|[1e99]|float32||expected a list of whole numbers",
        "`a.bin`|[99999999999999999999]|float32||expected a list of whole numbers",
        "`a.bin`|[1,1,1,1,1,1,1,1,1]|float32||a list of at most 8",
        "`a.bin`|1|float32||a list of at most 8",
        "`a.bin`|[1]|string||expected one of float32, float16",
        "`a.bin`|[1]|complex64||expected one of float32, float16",
        "`a.bin`|[4]|float32|{\"dtype\":\"uint8\",\"scale\":1}|its min is missing",
        "`a.bin`|[4]|float32|{\"dtype\":\"uint8\",\"scale\":\"1\",\"min\":0}|its scale is",
        "`a.bin`|[4]|float32|{\"dtype\":\"uint8\",\"scale\":1e999,\"min\":0}|expected a finite",
        "`a.bin`|[1]|float32|{\"dtype\":\"int32\",\"scale\":1,\"min\":0}|\"float16\"",
        "`../a.bin`|[1]|float32||leads out of the manifest's folder",
        "`/etc/hostname`|[1]|float32||leads out of the manifest's folder",
        "`..\\\\a.bin`|[1]|float32||leads out of the manifest's folder",
        "`C:a.bin`|[1]|float32||leads out of the manifest's folder",
        "`link`|[1]|float32||leads out of the manifest's folder",
        "`missing.bin`|[1]|float32||missing beside the manifest",
        "`.`|[1]|float32||missing beside the manifest",
        "`a\\u0000.bin`|[1]|float32||cannot be opened",
      })
  void whatDoesNotFitIsNamed(
      String path, String shape, String type, String quantisation, String expected)
      throws IOException {
    Path inside = Files.createDirectories(folder.resolve("inside"));
    Files.write(inside.resolve("a.bin"), new byte[4]);
    Files.write(folder.resolve("a.bin"), new byte[4]);
    Files.createSymbolicLink(inside.resolve("link"), folder.resolve("a.bin"));
    Path manifest = inside.resolve("x-weights_manifest.json");
    Files.writeString(
        manifest,
        String.format(
            "[{\"paths\":[\"%s\"],\"weights\":[{\"name\":\"w\",\"shape\":%s,\"dtype\":\"%s\"%s}]}]",
            path, shape, type, quantisation == null ? "" : ",\"quantization\":" + quantisation));
    String message = errorOf(manifest);
    assertTrue(message.contains(expected), message);
    assertTrue(message.contains(manifest.toString()), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|the manifest is missing; expected a list of groups",
        "`null`|the manifest is",
        "`{}`|the manifest is missing",
        "`[1]`|group 0 is 1; expected an object",
        "`[{\"paths\":[1],\"weights\":[]}]`|group 0: a path is 1",
        "`[{\"paths\":[],\"weights\":[{}]}]`|group 0, weight 0: its name is missing",
        "`[{\"paths\":[],\"paths\":[]}]`|Duplicate field",
        "`[]x`|not JSON",
        "`[{`|not JSON",
      })
  void whatIsNoManifestIsNamed(String text, String expected) throws IOException {
    String message = errorOf(manifest(text == null ? "" : text));
    assertTrue(message.contains(expected), message);
  }

  @Test
  void aTensorThatComesTwiceAndAFileNamedTwiceAreRefused() throws IOException {
    Files.write(folder.resolve("a.bin"), new byte[2]);
    String weight = "{\"name\":\"w\",\"shape\":[1],\"dtype\":\"uint8\"}";
    assertTrue(
        errorOf(manifest("[{\"paths\":[\"a.bin\"],\"weights\":[" + weight + "," + weight + "]}]"))
            .contains("comes twice"));
    assertTrue(
        errorOf(manifest("[{\"paths\":[\"a.bin\",\"./a.bin\"],\"weights\":[]}]"))
            .contains("named twice"));
  }

  @Test
  void deepAndLongManifestsAreRefusedUnread() throws IOException {
    assertTrue(errorOf(manifest("[".repeat(100_000))).contains("nesting depth"));
    assertTrue(errorOf(manifest(" ".repeat((4 << 20) + 1))).contains("at most 4194304"));
    assertTrue(errorOf(folder.resolve("none.json")).contains("no such file"));
  }

  @Test
  void aFileThatShrinksAfterwardsIsAnErrorOfData() throws IOException {
    Path file = Files.write(folder.resolve("a.bin"), new byte[4]);
    StateDictionary weights =
        TfjsWeights.read(
            manifest(
                "[{\"paths\":[\"a.bin\"],\"weights\":"
                    + "[{\"name\":\"w\",\"shape\":[4],\"dtype\":\"uint8\"}]}]"));
    Files.write(file, new byte[3]);
    assertTrue(
        assertThrows(DataException.class, () -> weights.values("w"))
            .getMessage()
            .contains("'w' cannot be read"));
  }

  @DataTest
  void readsDlibsFaceNetworkWhole() throws IOException {
    Path network = DataFolder.path().resolve("models/dlib-resnet29");
    Path manifest = network.resolve("face_recognition_model-weights_manifest.json");
    StateDictionary weights = TfjsWeights.read(manifest);
    assertEquals(117, weights.shapes().size());
    assertEquals(List.of(7L, 7L, 3L, 32L), weights.shapes().get("conv32_down/conv/filters"));
    assertEquals(List.of(256L, 128L), weights.shapes().get("fc"));
    // On their own: every tensor's place from the sums of the sizes before it.
    byte[] bytes = Files.readAllBytes(network.resolve("face_recognition_model.bin"));
    int begin = 0;
    for (JsonNode weight : new ObjectMapper().readTree(manifest.toFile()).get(0).get("weights")) {
      int count = 1;
      for (JsonNode size : weight.get("shape")) {
        count *= size.intValue();
      }
      float[] values = weights.values(weight.get("name").textValue());
      assertEquals(count, values.length);
      JsonNode quantised = weight.get("quantization");
      for (int i = 0; i < count; i += Math.max(1, count / 7)) {
        double expected =
            quantised == null
                ? ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getFloat(begin + 4 * i)
                : (bytes[begin + i] & 0xFF) * quantised.get("scale").doubleValue()
                    + quantised.get("min").doubleValue();
        assertEquals((float) expected, values[i], weight.get("name").textValue());
      }
      begin += quantised == null ? 4 * count : count;
    }
    assertEquals(bytes.length, begin);
  }

  private Path manifest(String text) throws IOException {
    return Files.writeString(folder.resolve("net-weights_manifest.json"), text);
  }

  private static String errorOf(Path manifest) {
    return assertThrows(DataException.class, () -> TfjsWeights.read(manifest)).getMessage();
  }
}
