package org.mien.model.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import onnx.Onnx;
import org.mien.core.error.DataException;
import org.nd4j.shade.protobuf.ByteString;
import org.nd4j.shade.protobuf.UnsafeByteOperations;

/** Adds nodes and constants to an ONNX graph, valid in one version of the operator set. */
final class OnnxNodes {
  /** Protobuf's own limit is 2 GiB for the whole message; the rest is for all but weights. */
  private static final long LARGEST_WEIGHTS_BYTES = Integer.MAX_VALUE - (64L << 20);

  private final Onnx.GraphProto.Builder graph;
  private final int opset;
  private final boolean initializersAreInputs;
  private final String prefix;
  private final Set<String> names;
  private long weightsBytes;

  /**
   * @param graph where to add; names that are taken in it are avoided
   * @param opset version of the default operator set
   * @param irVersion version of the format: before 4, every constant is also an input
   * @param prefix put before every name
   */
  OnnxNodes(Onnx.GraphProto.Builder graph, int opset, long irVersion, String prefix) {
    this.graph = graph;
    this.opset = opset;
    this.initializersAreInputs = irVersion < 4;
    this.prefix = prefix;
    this.names = new HashSet<>();
    graph.getInputList().forEach(value -> names.add(value.getName()));
    graph.getInitializerList().forEach(tensor -> names.add(tensor.getName()));
    for (Onnx.NodeProto node : graph.getNodeList()) {
      names.add(node.getName());
      names.addAll(node.getOutputList());
    }
    for (Onnx.TensorProto tensor : graph.getInitializerList()) {
      weightsBytes += tensor.getSerializedSize();
    }
  }

  private OnnxNodes(OnnxNodes other, Onnx.GraphProto.Builder graph) {
    this.graph = graph;
    this.opset = other.opset;
    this.initializersAreInputs = other.initializersAreInputs;
    this.prefix = other.prefix;
    this.names = other.names;
    this.weightsBytes = other.weightsBytes;
  }

  /** Adds to another graph from here on, and avoids the names of this one too. */
  OnnxNodes writingTo(Onnx.GraphProto.Builder other) {
    return new OnnxNodes(this, other);
  }

  int opset() {
    return opset;
  }

  /** Takes a name that nothing else in the graph has. */
  String unused(String wanted) {
    String name = prefix + wanted;
    for (int i = 2; !names.add(name); i++) {
      name = prefix + wanted + "_" + i;
    }
    return name;
  }

  /** Adds a constant of 32-bit floats, row by row, and returns its name. */
  String constant(String name, float[] values, long... dimensions) {
    if (Arrays.stream(dimensions).reduce(1, Math::multiplyExact) != values.length) {
      throw new IllegalArgumentException(
          values.length + " values do not fill " + Arrays.toString(dimensions));
    }
    ByteBuffer buffer = bytes(4L * values.length);
    buffer.asFloatBuffer().put(values);
    return constant(name, Onnx.TensorProto.DataType.FLOAT_VALUE, buffer, dimensions);
  }

  /** Adds a vector of 64-bit integers, and returns its name. */
  String constant(String name, long[] values) {
    ByteBuffer buffer = bytes(8L * values.length);
    buffer.asLongBuffer().put(values);
    return constant(name, Onnx.TensorProto.DataType.INT64_VALUE, buffer, values.length);
  }

  /** Adds a single number without dimensions, and returns its name. */
  String scalar(String name, float value) {
    return constant(name, Onnx.TensorProto.DataType.FLOAT_VALUE, bytes(4).putFloat(0, value));
  }

  /** Adds a single number from 0 to 255 without dimensions, and returns its name. */
  String unsignedByte(String name, int value) {
    return constant(name, Onnx.TensorProto.DataType.UINT8_VALUE, bytes(1).put(0, (byte) value));
  }

  /** Adds a constant of numbers from -128 to 127, row by row, and returns its name. */
  String signedBytes(String name, byte[] values, long... dimensions) {
    ByteBuffer buffer = bytes(values.length);
    buffer.put(0, values);
    return constant(name, Onnx.TensorProto.DataType.INT8_VALUE, buffer, dimensions);
  }

  /** Adds a vector of 32-bit integers, and returns its name. */
  String integers(String name, int[] values) {
    ByteBuffer buffer = bytes(4L * values.length);
    buffer.asIntBuffer().put(values);
    return constant(name, Onnx.TensorProto.DataType.INT32_VALUE, buffer, values.length);
  }

  private String constant(String name, int type, ByteBuffer raw, long... dimensions) {
    String taken = unused(name);
    Onnx.TensorProto.Builder tensor =
        Onnx.TensorProto.newBuilder()
            .setName(taken)
            .setDataType(type)
            .setRawData(UnsafeByteOperations.unsafeWrap(raw));
    for (long dimension : dimensions) {
      tensor.addDims(dimension);
    }
    graph.addInitializer(tensor);
    if (initializersAreInputs) {
      Onnx.ValueInfoProto.Builder input = Onnx.ValueInfoProto.newBuilder().setName(taken);
      Onnx.TypeProto.Tensor.Builder shape = input.getTypeBuilder().getTensorTypeBuilder();
      shape.setElemType(type);
      for (long dimension : dimensions) {
        shape.getShapeBuilder().addDimBuilder().setDimValue(dimension);
      }
      graph.addInput(input);
    }
    return taken;
  }

  private ByteBuffer bytes(long length) {
    weightsBytes += length;
    if (weightsBytes > LARGEST_WEIGHTS_BYTES) {
      throw new DataException(
          "the weights come to "
              + (weightsBytes >> 20)
              + " MiB; an ONNX model in one file is shorter than 2 GiB");
    }
    return ByteBuffer.allocate((int) length).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Adds a node with one output, and returns the output's name. */
  String node(
      String operator,
      String name,
      List<String> inputs,
      Onnx.AttributeProto.Builder... attributes) {
    String output = unused(name);
    Onnx.NodeProto.Builder node =
        Onnx.NodeProto.newBuilder()
            .setOpType(operator)
            .setName(output)
            .addAllInput(inputs)
            .addOutput(output);
    for (Onnx.AttributeProto.Builder attribute : attributes) {
      node.addAttribute(attribute);
    }
    graph.addNode(node);
    return output;
  }

  static Onnx.AttributeProto.Builder attribute(String name, double value) {
    return Onnx.AttributeProto.newBuilder()
        .setName(name)
        .setType(Onnx.AttributeProto.AttributeType.FLOAT)
        .setF((float) value);
  }

  static Onnx.AttributeProto.Builder attribute(String name, long value) {
    return Onnx.AttributeProto.newBuilder()
        .setName(name)
        .setType(Onnx.AttributeProto.AttributeType.INT)
        .setI(value);
  }

  static Onnx.AttributeProto.Builder attribute(String name, int... values) {
    List<Long> longs = new ArrayList<>();
    for (int value : values) {
      longs.add((long) value);
    }
    return Onnx.AttributeProto.newBuilder()
        .setName(name)
        .setType(Onnx.AttributeProto.AttributeType.INTS)
        .addAllInts(longs);
  }

  static Onnx.AttributeProto.Builder attribute(String name, String value) {
    return Onnx.AttributeProto.newBuilder()
        .setName(name)
        .setType(Onnx.AttributeProto.AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value));
  }

  /** Limits a tensor to a range; before version 11 the limits are attributes. */
  String clip(String name, String input, double min, double max) {
    if (opset < 11) {
      return node("Clip", name, List.of(input), attribute("min", min), attribute("max", max));
    }
    String low = constant(name + ".min", new float[] {(float) min});
    String high = constant(name + ".max", new float[] {(float) max});
    return node("Clip", name, List.of(input, low, high));
  }

  /** Euclidean length along axes, which stay with length 1; from version 18 axes are an input. */
  String euclideanLength(String name, String input, int... axes) {
    if (opset < 18) {
      return node(
          "ReduceL2", name, List.of(input), attribute("axes", axes), attribute("keepdims", 1L));
    }
    long[] longs = Arrays.stream(axes).asLongStream().toArray();
    String axesName = constant(name + ".axes", longs);
    return node("ReduceL2", name, List.of(input, axesName), attribute("keepdims", 1L));
  }

  /** Takes {@code from} (inclusive) to {@code to} (exclusive) along an axis. */
  String slice(String name, String input, int axis, int from, int to) {
    if (opset < 10) {
      return node(
          "Slice",
          name,
          List.of(input),
          attribute("axes", new int[] {axis}),
          attribute("starts", new int[] {from}),
          attribute("ends", new int[] {to}));
    }
    return node(
        "Slice",
        name,
        List.of(
            input,
            constant(name + ".from", new long[] {from}),
            constant(name + ".to", new long[] {to}),
            constant(name + ".axis", new long[] {axis})));
  }

  /** Makes {@code (batch, ...)} a matrix {@code (batch, product of the rest)}. */
  String flatten(String name, String input) {
    return node("Flatten", name, List.of(input), attribute("axis", 1L));
  }
}
