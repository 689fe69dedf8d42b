package org.mien.model.weights;

import java.nio.ByteBuffer;

/** The types of numbers that weights are stored as; all become 32-bit floats. */
enum StorageType {
  FLOAT(4),
  DOUBLE(8),
  HALF(2),
  BFLOAT16(2),
  LONG(8),
  INT(4),
  SHORT(2),
  UNSIGNED_SHORT(2),
  BYTE(1),
  UNSIGNED_BYTE(1),
  BOOL(1);

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
      case SHORT -> buffer.getShort(at);
      case UNSIGNED_SHORT -> Short.toUnsignedInt(buffer.getShort(at));
      case BYTE -> buffer.get(at);
      case UNSIGNED_BYTE -> Byte.toUnsignedInt(buffer.get(at));
      case BOOL -> buffer.get(at) == 0 ? 0 : 1;
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
