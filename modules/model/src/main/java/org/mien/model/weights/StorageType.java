package org.mien.model.weights;

import java.nio.ByteBuffer;

/** The element types of PyTorch's storages that weights come in. */
enum StorageType {
  FLOAT(4),
  DOUBLE(8),
  HALF(2),
  BFLOAT16(2),
  LONG(8),
  INT(4);

  final int bytes;

  StorageType(int bytes) {
    this.bytes = bytes;
  }

  float read(ByteBuffer buffer, int index) {
    int at = index * bytes;
    return switch (this) {
      case FLOAT -> buffer.getFloat(at);
      case DOUBLE -> (float) buffer.getDouble(at);
      case HALF -> halfToFloat(buffer.getShort(at));
      case BFLOAT16 -> Float.intBitsToFloat(buffer.getShort(at) << 16);
      case LONG -> buffer.getLong(at);
      case INT -> buffer.getInt(at);
    };
  }

  /** IEEE 754 binary16; Java 17 has no conversion of its own. */
  static float halfToFloat(short half) {
    int exponent = (half >> 10) & 0x1F;
    int fraction = half & 0x3FF;
    float magnitude =
        switch (exponent) {
          case 0 -> fraction * 0x1p-24f;
          case 0x1F -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
          default -> Float.intBitsToFloat((exponent + 112) << 23 | fraction << 13);
        };
    return half < 0 ? -magnitude : magnitude;
  }
}
