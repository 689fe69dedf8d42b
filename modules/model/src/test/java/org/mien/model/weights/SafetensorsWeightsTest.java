package org.mien.model.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mien.core.error.DataException;

class SafetensorsWeightsTest {
  @TempDir Path folder;

  @Test
  void readsEveryTypeAndTheMetadata() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(45).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putDouble(0.1).putLong(-9).putFloat(1.5f).putFloat(-0f).putInt(-7);
    bytes.putShort((short) 0x3E00).putShort((short) 0xC020).putShort((short) -3);
    bytes.putShort((short) 0xFFFF).put((byte) -1).put((byte) 0xFF).put((byte) 1);
    bytes.putShort((short) 0).putShort((short) 0).putShort((short) 0);
    SafetensorsWeights weights =
        SafetensorsWeights.read(
            file(
                """
                {"__metadata__": {"format": "pt", "producer": "other"},
                 "f64": {"dtype": "F64", "shape": [], "data_offsets": [0, 8]},
                 "i64": {"dtype": "I64", "shape": [1], "data_offsets": [8, 16]},
                 "f32": {"dtype": "F32", "shape": [2, 1], "data_offsets": [16, 24]},
                 "i32": {"dtype": "I32", "shape": [1], "data_offsets": [24, 28]},
                 "f16": {"dtype": "F16", "shape": [1], "data_offsets": [28, 30]},
                 "bf16": {"dtype": "BF16", "shape": [1], "data_offsets": [30, 32]},
                 "i16": {"dtype": "I16", "shape": [1], "data_offsets": [32, 34]},
                 "u16": {"dtype": "U16", "shape": [1], "data_offsets": [34, 36]},
                 "i8": {"dtype": "I8", "shape": [1], "data_offsets": [36, 37]},
                 "u8": {"dtype": "U8", "shape": [1], "data_offsets": [37, 38]},
                 "bool": {"dtype": "BOOL", "shape": [1], "data_offsets": [38, 39]},
                 "rest": {"dtype": "F16", "shape": [3], "data_offsets": [39, 45]},
                 "none": {"dtype": "F32", "shape": [0, 4], "data_offsets": [45, 45]}}
                """,
                bytes.array()));
    assertEquals(Map.of("format", "pt", "producer", "other"), weights.metadata());
    assertEquals(Optional.empty(), weights.naming());
    assertEquals(13, weights.shapes().size());
    assertEquals(List.of(), weights.shapes().get("f64"));
    assertArrayEquals(new float[] {0.1f}, weights.values("f64"));
    assertArrayEquals(new float[] {-9}, weights.values("i64"));
    assertArrayEquals(new float[] {1.5f, -0f}, weights.values("f32"));
    assertArrayEquals(new float[] {-7}, weights.values("i32"));
    assertArrayEquals(new float[] {1.5f}, weights.values("f16"));
    assertArrayEquals(new float[] {-2.5f}, weights.values("bf16"));
    assertArrayEquals(new float[] {-3}, weights.values("i16"));
    assertArrayEquals(new float[] {65535}, weights.values("u16"));
    assertArrayEquals(new float[] {-1}, weights.values("i8"));
    assertArrayEquals(new float[] {255}, weights.values("u8"));
    assertArrayEquals(new float[] {1}, weights.values("bool"));
    assertArrayEquals(new float[3], weights.values("rest"));
    assertArrayEquals(new float[0], weights.values("none"));
  }

  /** One tensor {@code w} of four bytes, described wrongly. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "F32|[2]|[0, 4]|takes 8 bytes, its data_offsets [0, 4] are 4",
        "F32|[1]|[4, 0]|do not lie in the 4 bytes",
        "F32|[1]|[-4, 0]|do not lie in the 4 bytes",
        "F32|[1]|[1, 5]|do not lie in the 4 bytes",
        "F32|[1]|[0, 9223372036854775807]|do not lie in the 4 bytes",
        "F32|[1]|[0, 99999999999999999999]|data_offsets: is 99999999999999999999; expected a list",
        "F32|[1]|[0]|do not lie in the 4 bytes",
        "F32|[1]|[0, 2, 4]|expected a list of at most 2",
        "U8|[3]|[0, 3]|its tensors take 3 bytes, but 4 follow the header",
        "U8|[3]|[1, 4]|begins at byte 1 of the numbers, the one before it ends at 0",
        "F32|[4294967296, 4294967296]|[0, 4]|at most 2147483639 numbers",
        "F32|[4611686018427387904, 4]|[0, 4]|at most 2147483639 numbers",
        "F32|[-1, -1]|[0, 4]|negative size",
        "F32|[1.0]|[0, 4]|shape: is 1.0; expected a list",
        "F32|[1,1,1,1,1,1,1,1,1]|[0, 4]|expected a list of at most 8",
        "F32|4|[0, 4]|shape: is 4; expected",
        "F8_E4M3|[4]|[0, 4]|expected one of F32",
        "U64|[1]|[0, 4]|expected one of F32",
      })
  void whatDoesNotFitIsNamed(String type, String shape, String offsets, String expected)
      throws IOException {
    String message =
        errorOf(
            file(
                String.format(
                    "{\"w\": {\"dtype\": \"%s\", \"shape\": %s, \"data_offsets\": %s}}",
                    type, shape, offsets),
                new byte[4]));
    assertTrue(message.contains(expected), message);
    assertTrue(message.contains("net.safetensors: "), message);
  }

  @Test
  void overlapsAndNamesThatComeTwiceAreRefused() throws IOException {
    String tensor = "{\"dtype\": \"U8\", \"shape\": [3], \"data_offsets\": [%d, %d]}";
    String overlap =
        errorOf(
            file(
                "{\"a\":" + tensor.formatted(0, 3) + ",\"b\":" + tensor.formatted(1, 4) + "}",
                new byte[4]));
    assertTrue(overlap.contains("tensor 'b' begins at byte 1"), overlap);
    String twice =
        errorOf(
            file(
                "{\"a\":" + tensor.formatted(0, 3) + ",\"a\":" + tensor.formatted(0, 3) + "}",
                new byte[3]));
    assertTrue(twice.contains("Duplicate field 'a'"), twice);
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 3, 100_000_000, 1L << 62, Long.MAX_VALUE})
  void aHeaderLongerThanTheFileOrTheLimitIsNotAllocated(long length) throws IOException {
    Path file = folder.resolve("net.safetensors");
    byte[] bytes =
        ByteBuffer.allocate(10)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(length)
            .putShort((short) 0)
            .array();
    Files.write(file, bytes);
    assertTrue(errorOf(file).contains("announce a header of"), errorOf(file));
  }

  @Test
  void aHeaderOfAHundredMegabytesIsRefusedUnread() throws IOException {
    Path file = folder.resolve("net.safetensors");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.write(
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(120_000_000).array());
      sparse.setLength(120_000_008); // sparse: takes no space
    }
    assertTrue(errorOf(file).contains("at most 4194304"), errorOf(file));
  }

  @Test
  void brokenHeadersAreToldByTheirByte() throws IOException {
    assertTrue(errorOf(file("{\"a\": [}", new byte[0])).contains("its header is not JSON"));
    assertTrue(errorOf(file("[]", new byte[0])).contains("expected an object"));
    assertTrue(errorOf(file("", new byte[0])).contains("expected an object"));
    assertTrue(errorOf(file("[".repeat(100_000), new byte[0])).contains("nesting depth"));
    assertTrue(
        errorOf(file("{\"__metadata__\": {\"a\": 1}}", new byte[0])).contains("expected a text"));
    assertTrue(errorOf(file("{\"__metadata__\": []}", new byte[0])).contains("an object of texts"));
    assertTrue(errorOf(file("{\"w\": 1}", new byte[0])).contains("dtype: is missing"));
    Path tiny = Files.write(folder.resolve("tiny"), new byte[7]);
    assertTrue(errorOf(tiny).contains("has 7 bytes"), errorOf(tiny));
    assertTrue(errorOf(folder.resolve("none")).contains("no such file"));
  }

  @Test
  void whatIsWrittenComesBackBitForBit() throws IOException {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    shapes.put("a.weight", List.of(3L, 2L, 5L, 5L));
    shapes.put("b \"quoted\" ü.bias", List.of());
    shapes.put("c", List.of(0L, 2L));
    shapes.put("long", List.of(300_000L));
    FormulaWeights weights = new FormulaWeights(shapes);
    Path file = folder.resolve("net.safetensors");
    try (OutputStream out = Files.newOutputStream(file)) {
      SafetensorsWeights.write(out, weights, Map.of("format", "pt", "producer", "Mien"));
    }
    SafetensorsWeights read = SafetensorsWeights.read(file);
    assertEquals(List.copyOf(shapes.entrySet()), List.copyOf(read.shapes().entrySet()));
    assertEquals("pt", read.metadata().get("format"));
    assertTrue(read.naming().orElseThrow().leftOut("classifier.weight"));
    for (String name : shapes.keySet()) {
      assertArrayEquals(weights.values(name), read.values(name));
    }
    long header =
        ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertEquals(0, header % 8, "the numbers are not aligned");
  }

  private Path file(String header, byte[] numbers) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + text.length + numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(text.length).put(text).put(numbers);
    return Files.write(folder.resolve("net.safetensors"), bytes.array());
  }

  private static String errorOf(Path file) {
    return assertThrows(DataException.class, () -> SafetensorsWeights.read(file)).getMessage();
  }
}
