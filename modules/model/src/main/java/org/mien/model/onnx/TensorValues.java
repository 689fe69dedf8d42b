package org.mien.model.onnx;

import java.nio.ByteOrder;
import java.util.Optional;
import onnx.Onnx;
import org.mien.core.error.DataException;
import org.nd4j.shade.protobuf.ByteString;

/** Reads the numbers of constants, in whichever of the two ways they are stored. */
final class TensorValues {
  private TensorValues() {}

  /** Number of elements as the shape says. */
  static long count(Onnx.TensorProto tensor) {
    long count = 1;
    for (long dimension : tensor.getDimsList()) {
      count = Math.multiplyExact(count, dimension);
    }
    return count;
  }

  /**
   * The numbers of a tensor of 32-bit floats, row by row.
   *
   * @throws DataException if there are more or fewer than its shape says
   */
  static float[] floats(Onnx.TensorProto tensor) {
    if (tensor.getDataType() != Onnx.TensorProto.DataType.FLOAT_VALUE) {
      throw new IllegalArgumentException(
          "expected 32-bit floats in " + tensor.getName() + ", was type " + tensor.getDataType());
    }
    float[] values;
    if (tensor.getFloatDataCount() > 0) {
      values = new float[tensor.getFloatDataCount()];
      for (int i = 0; i < values.length; i++) {
        values[i] = tensor.getFloatData(i);
      }
    } else {
      ByteString raw = tensor.getRawData();
      values = new float[raw.size() / Float.BYTES];
      raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    }
    if (values.length != count(tensor)) {
      throw new DataException(
          String.format(
              "ONNX constant %s: expected %d numbers for the shape %s, was %d",
              tensor.getName(), count(tensor), tensor.getDimsList(), values.length));
    }
    return values;
  }

  /** The numbers of a tensor of 64-bit integers; nothing if it is another kind or damaged. */
  static Optional<long[]> longs(Onnx.TensorProto tensor) {
    if (tensor.getDataType() != Onnx.TensorProto.DataType.INT64_VALUE) {
      return Optional.empty();
    }
    if (tensor.getInt64DataCount() > 0) {
      return Optional.of(tensor.getInt64DataList().stream().mapToLong(Long::longValue).toArray());
    }
    ByteString raw = tensor.getRawData();
    if (raw.size() % Long.BYTES != 0) {
      return Optional.empty();
    }
    long[] values = new long[raw.size() / Long.BYTES];
    raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(values);
    return Optional.of(values);
  }
}
