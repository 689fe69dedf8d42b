package org.mien.model.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import onnx.Onnx;
import org.mien.core.error.DataException;
import org.mien.model.onnx.OnnxModelFile;
import org.nd4j.shade.protobuf.ByteString;

/**
 * The initialisers of an ONNX model, by their names or by the nodes that use them.
 *
 * <p>Numbers of 8 to 64 bits become 32-bit floats; tensors of anything else (texts, complex
 * numbers) are left out. Axes are PyTorch's for convolutions; the second input of a {@code Gemm} is
 * {@code (out, in)} only where its {@code transB} is 1. What a {@code Constant} node holds is part
 * of the computation and not listed.
 */
public final class OnnxWeights implements StateDictionary {
  private final String origin;
  private final Map<String, Onnx.TensorProto> tensors;
  private final Map<String, List<Long>> shapes = new LinkedHashMap<>();

  private OnnxWeights(String origin, Map<String, Onnx.TensorProto> tensors) {
    this.origin = origin;
    this.tensors = tensors;
    tensors.forEach((name, tensor) -> shapes.put(name, List.copyOf(tensor.getDimsList())));
  }

  /**
   * Reads a model's initialisers under their own names, in the order of the file.
   *
   * @throws DataException if the file is missing, damaged or no ONNX model, or an initialiser is
   *     nameless, comes twice, or has more or fewer numbers than its shape
   */
  public static StateDictionary read(Path onnx) {
    return of(OnnxModelFile.read(onnx));
  }

  /** As {@link #read}, of a model that is in memory. */
  public static StateDictionary of(OnnxModelFile model) {
    return new OnnxWeights(model.name(), named(model));
  }

  /**
   * Reads a model's initialisers in the order in which its nodes use them, named after those nodes:
   * {@code 0000.Conv.1} is what the graph's first node, a convolution, takes as its second input
   * (weights), {@code 0000.Conv.2} its third (bias). For models whose own names are mere numbers,
   * as PyTorch's old exports write them. A tensor that several nodes use is named after the first;
   * one that no node uses is left out.
   *
   * @throws DataException as {@link #read} does
   */
  public static StateDictionary readByUse(Path onnx) {
    OnnxModelFile model = OnnxModelFile.read(onnx);
    Map<String, Onnx.TensorProto> left = named(model);
    Map<String, Onnx.TensorProto> used = new LinkedHashMap<>();
    List<Onnx.NodeProto> nodes = model.proto().getGraph().getNodeList();
    for (int n = 0; n < nodes.size(); n++) {
      Onnx.NodeProto node = nodes.get(n);
      for (int i = 0; i < node.getInputCount(); i++) {
        Onnx.TensorProto tensor = left.remove(node.getInput(i));
        if (tensor != null) {
          used.put(String.format(Locale.ROOT, "%04d.%s.%d", n, node.getOpType(), i), tensor);
        }
      }
    }
    return new OnnxWeights(model.name(), used);
  }

  private static Map<String, Onnx.TensorProto> named(OnnxModelFile model) {
    Map<String, Onnx.TensorProto> tensors = new LinkedHashMap<>();
    Set<String> names = new HashSet<>();
    Onnx.GraphProto graph = model.proto().getGraph();
    if (graph.getSparseInitializerCount() > 0) {
      throw DataException.in(
          model.name(), "has sparse initialisers; expected weights stored densely");
    }
    for (Onnx.TensorProto tensor : graph.getInitializerList()) {
      String name = tensor.getName();
      if (name.isEmpty()) {
        throw DataException.in(model.name(), "initialiser " + names.size() + " has no name");
      }
      if (!names.add(name)) {
        throw DataException.in(model.name(), "the initialiser '" + name + "' comes twice");
      }
      StorageType type = type(tensor);
      if (type != null) {
        check(where(model.name(), name), tensor, type);
        tensors.put(name, tensor);
      }
    }
    return tensors;
  }

  private static String where(String file, String tensor) {
    return file + ": '" + tensor + "'";
  }

  private static void check(String where, Onnx.TensorProto tensor, StorageType type) {
    int elements = TensorShape.elements(where, tensor.getDimsList());
    if (tensor.hasSegment()) {
      throw DataException.in(where, "is stored in segments, which is not supported");
    }
    long stored =
        !tensor.getRawData().isEmpty()
            ? tensor.getRawData().size()
            : (long) fieldCount(tensor, type) * type.bytes;
    if (stored != (long) elements * type.bytes) {
      throw DataException.in(
          where,
          String.format(
              "has the shape %s, %d numbers of %d bytes, but %d bytes of them",
              tensor.getDimsList(), elements, type.bytes, stored));
    }
  }

  /** Null for what is not a number of 8 to 64 bits. */
  private static StorageType type(Onnx.TensorProto tensor) {
    Onnx.TensorProto.DataType type = Onnx.TensorProto.DataType.forNumber(tensor.getDataType());
    if (type == null) {
      return null;
    }
    return switch (type) {
      case FLOAT -> StorageType.FLOAT;
      case DOUBLE -> StorageType.DOUBLE;
      case FLOAT16 -> StorageType.HALF;
      case BFLOAT16 -> StorageType.BFLOAT16;
      case INT64 -> StorageType.LONG;
      case INT32 -> StorageType.INT;
      case INT16 -> StorageType.SHORT;
      case UINT16 -> StorageType.UNSIGNED_SHORT;
      case INT8 -> StorageType.BYTE;
      case UINT8 -> StorageType.UNSIGNED_BYTE;
      case BOOL -> StorageType.BOOL;
      default -> null;
    };
  }

  private static int fieldCount(Onnx.TensorProto tensor, StorageType type) {
    return switch (type) {
      case FLOAT -> tensor.getFloatDataCount();
      case DOUBLE -> tensor.getDoubleDataCount();
      case LONG -> tensor.getInt64DataCount();
      default -> tensor.getInt32DataCount();
    };
  }

  @Override
  public String origin() {
    return origin;
  }

  @Override
  public Map<String, List<Long>> shapes() {
    return Collections.unmodifiableMap(shapes);
  }

  @Override
  public float[] values(String name) {
    Onnx.TensorProto tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(origin + " has no tensor " + name);
    }
    StorageType type = type(tensor);
    float[] values = new float[TensorShape.elements(where(origin, name), tensor.getDimsList())];
    if (!tensor.getRawData().isEmpty()) {
      ByteString raw = tensor.getRawData();
      ByteBuffer bytes = raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
      if (type == StorageType.FLOAT) {
        bytes.asFloatBuffer().get(values);
        return values;
      }
      ByteBuffer slice = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < values.length; i++) {
        values[i] = type.read(slice, i);
      }
      return values;
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = field(tensor, type, i);
    }
    return values;
  }

  /** What is not stored as raw bytes; numbers of fewer than 32 bits lie in 32-bit fields. */
  private static float field(Onnx.TensorProto tensor, StorageType type, int i) {
    return switch (type) {
      case FLOAT -> tensor.getFloatData(i);
      case DOUBLE -> (float) tensor.getDoubleData(i);
      case LONG -> tensor.getInt64Data(i);
      case HALF -> StorageType.halfToFloat((short) tensor.getInt32Data(i));
      case BFLOAT16 -> Float.intBitsToFloat(tensor.getInt32Data(i) << 16);
      default -> tensor.getInt32Data(i);
    };
  }
}
