package org.mien.trainer.kernel;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/**
 * Floats outside the Java heap, of any length: matrix products read them where they are, loops copy
 * short runs into arrays, for which the compiler makes vector code.
 */
public final class NativeFloats {
  /** Most floats of one {@link #read} or {@link #write}. */
  private static final int OVERLAP = 1 << 22;

  /** A direct buffer ends at 2 GiB; these overlap, so that no run crosses the end of one. */
  private static final int SEGMENT = 1 << 28;

  private final Object owner;
  private final long address;
  private final long length;
  private final FloatBuffer[] segments;

  private NativeFloats(Object owner, long address, long length) {
    this.owner = owner;
    this.address = address;
    this.length = length;
    segments = new FloatBuffer[Math.toIntExact((length + SEGMENT - 1) / SEGMENT)];
    for (int i = 0; i < segments.length; i++) {
      long start = (long) i * SEGMENT;
      long size = Math.min(length - start, (long) SEGMENT + OVERLAP);
      segments[i] = new Address(address + start * Float.BYTES).sized(size).asBuffer();
    }
  }

  /** Returns the memory of an array of rank 1, or of one row, that lies in one piece. */
  public static NativeFloats of(INDArray array) {
    if (array.dataType() != DataType.FLOAT
        || array.length() != Math.max(array.size(0), array.size(array.rank() - 1))
        || array.stride(array.rank() - 1) != 1) {
      throw new IllegalArgumentException("expected one run of floats, was " + array.shapeInfo());
    }
    long address = array.data().address() + array.offset() * Float.BYTES;
    return new NativeFloats(array, address, array.length());
  }

  /** Returns the memory of an array of any rank whose rows lie one after the other, as in C. */
  public static NativeFloats ofRows(INDArray array) {
    if (array.dataType() != DataType.FLOAT
        || array.ordering() != 'c'
        || !Shape.hasDefaultStridesForShape(array)) {
      throw new IllegalArgumentException("expected rows of floats, was " + array.shapeInfo());
    }
    long address = array.data().address() + array.offset() * Float.BYTES;
    return new NativeFloats(array, address, array.length());
  }

  /** Returns new memory, all zeros. */
  public static NativeFloats allocate(long length) {
    FloatPointer memory = new FloatPointer(length);
    Pointer.memset(memory, 0, length * Float.BYTES);
    return new NativeFloats(memory, memory.address(), length);
  }

  /** Returns the number of floats. */
  public long length() {
    return length;
  }

  /** Returns a pointer to the float at an offset; valid while this object is. */
  public FloatPointer at(long offset) {
    if (offset < 0 || offset >= length) {
      throw new IndexOutOfBoundsException(offset + " of " + length + " in " + owner.getClass());
    }
    return new Address(address + offset * Float.BYTES);
  }

  /** Copies {@code count} floats from an offset on into an array. */
  public void read(long offset, float[] into, int from, int count) {
    segments[(int) (offset / SEGMENT)].get((int) (offset % SEGMENT), into, from, count);
  }

  /** Copies {@code count} floats of an array to an offset. */
  public void write(long offset, float[] values, int from, int count) {
    segments[(int) (offset / SEGMENT)].put((int) (offset % SEGMENT), values, from, count);
  }

  /** A pointer that owns nothing. */
  private static final class Address extends FloatPointer {
    Address(long address) {
      super((Pointer) null);
      this.address = address;
    }

    FloatPointer sized(long floats) {
      capacity(floats);
      return this;
    }
  }
}
