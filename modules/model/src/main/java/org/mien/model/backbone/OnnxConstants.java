package org.mien.model.backbone;

import static java.util.stream.Collectors.toSet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import onnx.Onnx;
import org.mien.core.error.DataException;

/** The constants of an ONNX graph: its initialisers and what its {@code Constant} nodes hold. */
final class OnnxConstants {
  /**
   * One constant.
   *
   * @param shape its sides, empty for a scalar
   * @param values in C order
   */
  @SuppressWarnings("ArrayRecordComponent") // A tuple inside this package, never compared.
  record Constant(long[] shape, float[] values) {

    /** Sides without leading ones. */
    long[] trimmed() {
      int from = 0;
      while (from < shape.length && shape[from] == 1) {
        from++;
      }
      return Arrays.copyOfRange(shape, from, shape.length);
    }

    Optional<Float> scalar() {
      return values.length == 1 ? Optional.of(values[0]) : Optional.empty();
    }

    /** Whether it is one number a plane: {@code (channels, 1, 1)}, with or without a batch of 1. */
    boolean aPlane(long channels) {
      return Arrays.equals(trimmed(), new long[] {channels, 1, 1})
          || (channels == 1 && values.length == 1);
    }
  }

  private final String origin;
  private final Map<String, Onnx.TensorProto> tensors = new HashMap<>();

  OnnxConstants(String origin, Onnx.GraphProto graph) {
    this.origin = origin;
    graph.getInitializerList().forEach(tensor -> tensors.put(tensor.getName(), tensor));
    for (Onnx.NodeProto node : graph.getNodeList()) {
      if (node.getOpType().equals("Constant") && node.getOutputCount() == 1) {
        node.getAttributeList().stream()
            .filter(attribute -> attribute.getName().equals("value") && attribute.hasT())
            .forEach(attribute -> tensors.put(node.getOutput(0), attribute.getT()));
      }
    }
  }

  boolean has(String name) {
    return tensors.containsKey(name);
  }

  /** Its element type, by ONNX's number. */
  int type(String name) {
    return tensors.get(name).getDataType();
  }

  /** Gives a constant a second name. */
  void alias(String name, String constant) {
    tensors.put(name, tensors.get(constant));
  }

  /**
   * Gives a constant a second name, under which it has further axes of length 1.
   *
   * @param axes where in the result they are; negative ones count from its end
   */
  void unsqueezed(String name, String constant, long[] axes) {
    Onnx.TensorProto tensor = tensors.get(constant);
    int rank = tensor.getDimsCount() + axes.length;
    Set<Long> added =
        LongStream.of(axes).mapToObj(axis -> axis < 0 ? axis + rank : axis).collect(toSet());
    if (added.size() != axes.length || added.stream().anyMatch(a -> a < 0 || a >= rank)) {
      throw damaged(constant, "cannot be given the axes " + Arrays.toString(axes));
    }
    Onnx.TensorProto.Builder result = tensor.toBuilder().clearDims().setName(name);
    int next = 0;
    for (long axis = 0; axis < rank; axis++) {
      result.addDims(added.contains(axis) ? 1 : tensor.getDims(next++));
    }
    tensors.put(name, result.build());
  }

  /** Number of elements, by the shape. */
  long length(String name) {
    return count(name, tensors.get(name));
  }

  Constant floats(String name) {
    Onnx.TensorProto tensor = tensors.get(name);
    if (tensor.getDataType() != Onnx.TensorProto.DataType.FLOAT_VALUE) {
      throw damaged(name, "expected 32-bit floats, was type " + tensor.getDataType());
    }
    int count = count(name, tensor);
    float[] values = new float[requireStored(name, tensor, count, Float.BYTES)];
    if (tensor.getRawData().isEmpty()) {
      for (int i = 0; i < count; i++) {
        values[i] = tensor.getFloatData(i);
      }
    } else {
      raw(tensor).asFloatBuffer().get(values);
    }
    return new Constant(shape(tensor), values);
  }

  /** A vector of 64-bit integers. */
  long[] integers(String name) {
    Onnx.TensorProto tensor = tensors.get(name);
    if (tensor.getDataType() != Onnx.TensorProto.DataType.INT64_VALUE) {
      throw damaged(name, "expected 64-bit integers, was type " + tensor.getDataType());
    }
    int count = count(name, tensor);
    long[] values = new long[requireStored(name, tensor, count, Long.BYTES)];
    if (tensor.getRawData().isEmpty()) {
      for (int i = 0; i < count; i++) {
        values[i] = tensor.getInt64Data(i);
      }
    } else {
      raw(tensor).asLongBuffer().get(values);
    }
    return values;
  }

  private static ByteBuffer raw(Onnx.TensorProto tensor) {
    return tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns the count if the file holds as many numbers; the shape alone is not believed. */
  private int requireStored(String name, Onnx.TensorProto tensor, int count, int bytes) {
    long stored =
        tensor.getRawData().isEmpty()
            ? (bytes == Float.BYTES ? tensor.getFloatDataCount() : tensor.getInt64DataCount())
            : tensor.getRawData().size() / bytes;
    if (stored != count || tensor.getRawData().size() % bytes != 0) {
      throw damaged(
          name,
          "its shape "
              + tensor.getDimsList()
              + " asks for "
              + count
              + " numbers, it has "
              + stored);
    }
    return count;
  }

  private int count(String name, Onnx.TensorProto tensor) {
    try {
      long count = LongStream.of(shape(tensor)).reduce(1, Math::multiplyExact);
      if (count >= 0 && LongStream.of(shape(tensor)).allMatch(side -> side >= 0)) {
        return Math.toIntExact(count);
      }
    } catch (ArithmeticException e) {
      throw new DataException(
          origin + ": the tensor " + name + " has the shape " + tensor.getDimsList(), e);
    }
    throw damaged(name, "has the shape " + tensor.getDimsList());
  }

  private static long[] shape(Onnx.TensorProto tensor) {
    return tensor.getDimsList().stream().mapToLong(Long::longValue).toArray();
  }

  private DataException damaged(String name, String problem) {
    return DataException.in(origin, "the tensor " + name + ": " + problem);
  }
}
