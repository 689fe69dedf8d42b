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
import java.util.List;
import onnx.Onnx.ModelProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.DataException;
import org.mien.model.onnx.TinyOnnx;
import org.mien.testing.DataFolder;
import org.mien.testing.DataTest;
import org.nd4j.shade.protobuf.ByteString;

class OnnxWeightsTest {
  @TempDir Path folder;

  @Test
  void readsInitialisersInTheFilesOrder() throws IOException {
    StateDictionary weights = OnnxWeights.read(write(new TinyOnnx().build()));
    assertEquals(List.of("weight", "shape"), List.copyOf(weights.shapes().keySet()));
    assertEquals(List.of(4L, 3L, 8L, 8L), weights.shapes().get("weight"));
    assertEquals(4 * 3 * 8 * 8, weights.values("weight").length);
    assertArrayEquals(new float[] {1, -1}, weights.values("shape"));
  }

  @Test
  void readsEveryTypeRawAndInFields() throws IOException {
    ByteBuffer raw = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    StateDictionary weights =
        OnnxWeights.read(
            with(
                raw("double", DataType.DOUBLE, raw.putDouble(0, 0.1)),
                raw("half", DataType.FLOAT16, raw.putDouble(0, 0).putShort(0, (short) 0x3E00)),
                raw("bfloat", DataType.BFLOAT16, raw.putShort(2, (short) 0xC020)),
                raw("int", DataType.INT32, raw.putLong(0, -5)),
                raw("byte", DataType.INT8, raw),
                raw("unsigned", DataType.UINT8, raw),
                raw("short", DataType.INT16, raw),
                raw("unsigned short", DataType.UINT16, raw),
                raw("bool", DataType.BOOL, raw),
                raw("long", DataType.INT64, raw),
                tensor("half field", DataType.FLOAT16, 1).addInt32Data(0xC000).build(),
                tensor("bfloat field", DataType.BFLOAT16, 1).addInt32Data(0x3FC0).build(),
                tensor("double field", DataType.DOUBLE, 1).addDoubleData(0.1).build(),
                tensor("byte field", DataType.INT8, 2).addInt32Data(-3).addInt32Data(3).build(),
                tensor("scalar", DataType.FLOAT).addFloatData(2.5f).build()));
    assertArrayEquals(new float[] {0.1f}, weights.values("double"));
    assertArrayEquals(new float[] {1.5f, 0, 0, 0}, weights.values("half"));
    assertArrayEquals(new float[] {1.5f / 128, -2.5f, 0, 0}, weights.values("bfloat"), 1f);
    assertEquals(-2.5f, weights.values("bfloat")[1]);
    assertArrayEquals(new float[] {-5, -1}, weights.values("int"));
    assertArrayEquals(new float[] {-5, -1, -1, -1, -1, -1, -1, -1}, weights.values("byte"));
    assertEquals(251, weights.values("unsigned")[0]);
    assertArrayEquals(new float[] {-5, -1, -1, -1}, weights.values("short"));
    assertArrayEquals(new float[] {65531, 65535, 65535, 65535}, weights.values("unsigned short"));
    assertEquals(1, weights.values("bool")[0]);
    assertArrayEquals(new float[] {-5}, weights.values("long"));
    assertArrayEquals(new float[] {-2}, weights.values("half field"));
    assertArrayEquals(new float[] {1.5f}, weights.values("bfloat field"));
    assertArrayEquals(new float[] {0.1f}, weights.values("double field"));
    assertArrayEquals(new float[] {-3, 3}, weights.values("byte field"));
    assertEquals(List.of(), weights.shapes().get("scalar"));
    assertArrayEquals(new float[] {2.5f}, weights.values("scalar"));
  }

  @Test
  void namesAnonymousTensorsAfterTheNodesThatUseThem() throws IOException {
    StateDictionary weights = OnnxWeights.readByUse(write(new TinyOnnx().build()));
    assertEquals(List.of("0000.Conv.1", "0001.Reshape.1"), List.copyOf(weights.shapes().keySet()));
    assertArrayEquals(new float[] {1, -1}, weights.values("0001.Reshape.1"));
  }

  @Test
  void textsAreLeftOut() throws IOException {
    StateDictionary weights =
        OnnxWeights.read(
            with(
                tensor("text", DataType.STRING, 1)
                    .addStringData(ByteString.copyFromUtf8("a"))
                    .build(),
                tensor("number", DataType.FLOAT, 1).addFloatData(1).build()));
    assertEquals(List.of("number"), List.copyOf(weights.shapes().keySet()));
  }

  @Test
  void wrongShapesAndNamesAreRefused() throws IOException {
    TensorProto good = tensor("w", DataType.FLOAT, 1).addFloatData(1).build();
    assertError("12 numbers of 4 bytes, but 4 bytes", tensor("w", 3, 4, good));
    assertError("at most 2147483639 numbers", tensor("w", 1L << 40, 1L << 40, good));
    assertError("negative size", tensor("w", -1, -1, good));
    assertError("comes twice", good, good);
    assertError("has no name", good.toBuilder().clearName().build());
    assertError(
        "has 9 axes", good.toBuilder().addAllDims(List.of(1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L)).build());
    Path text = Files.writeString(folder.resolve("text.onnx"), "no model");
    assertThrows(DataException.class, () -> OnnxWeights.read(text));
  }

  @DataTest
  void listsTheInitialisersOfMobileFaceNet() {
    Path file = DataFolder.path().resolve("models/mobilefacenet-512/fr_feature.onnx");
    StateDictionary weights = OnnxWeights.read(file);
    assertEquals(134, weights.shapes().size());
    assertEquals("519", weights.shapes().keySet().iterator().next());
    assertEquals(List.of(64L, 3L, 3L, 3L), weights.shapes().get("519"));
    StateDictionary byUse = OnnxWeights.readByUse(file);
    assertEquals(134, byUse.shapes().size());
    assertArrayEquals(weights.values("519"), byUse.values("0000.Conv.1"));
    assertArrayEquals(weights.values("668"), byUse.values("0001.PRelu.1"));
    assertEquals(
        1190338,
        byUse.shapes().values().stream()
            .mapToLong(s -> s.stream().reduce(1L, (a, b) -> a * b))
            .sum());
  }

  private void assertError(String expected, TensorProto... tensors) throws IOException {
    Path file = with(tensors);
    String message = assertThrows(DataException.class, () -> OnnxWeights.read(file)).getMessage();
    assertTrue(message.contains(expected), message);
    assertTrue(message.contains(file.toString()), message);
  }

  private static TensorProto tensor(String name, long rows, long columns, TensorProto from) {
    return from.toBuilder().setName(name).clearDims().addDims(rows).addDims(columns).build();
  }

  private static TensorProto.Builder tensor(String name, DataType type, long... shape) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(type.getNumber());
    for (long size : shape) {
      tensor.addDims(size);
    }
    return tensor;
  }

  private static TensorProto raw(String name, DataType type, ByteBuffer bytes) {
    int width =
        switch (type) {
          case DOUBLE, INT64 -> 8;
          case INT32 -> 4;
          case FLOAT16, BFLOAT16, INT16, UINT16 -> 2;
          default -> 1;
        };
    return tensor(name, type, 8 / width).setRawData(ByteString.copyFrom(bytes.duplicate())).build();
  }

  private Path with(TensorProto... tensors) throws IOException {
    ModelProto.Builder model = new TinyOnnx().build().toBuilder();
    model.getGraphBuilder().clearInitializer().addAllInitializer(List.of(tensors));
    return write(model.build());
  }

  private Path write(ModelProto model) throws IOException {
    return Files.write(folder.resolve("tiny.onnx"), model.toByteArray());
  }
}
