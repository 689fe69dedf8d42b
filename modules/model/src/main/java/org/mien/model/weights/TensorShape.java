package org.mien.model.weights;

import java.util.List;
import org.mien.core.error.DataException;

/** What every reader asks of a shape before it believes it. */
final class TensorShape {
  /** The deepest that any framework writes for a network of images is 5. */
  static final int MAX_RANK = 8;

  /** The longest array of Java. */
  static final long MAX_ELEMENTS = Integer.MAX_VALUE - 8L;

  private TensorShape() {}

  /**
   * Number of elements of a tensor.
   *
   * @param where file and tensor, for the message
   * @throws DataException if there are more than {@value #MAX_RANK} axes, one is negative, or the
   *     elements are more than an array of Java can hold
   */
  static int elements(String where, List<Long> shape) {
    if (shape.size() > MAX_RANK) {
      throw DataException.in(where, "has " + shape.size() + " axes; expected at most " + MAX_RANK);
    }
    long count = 1;
    for (long size : shape) {
      if (size < 0) {
        throw DataException.in(where, "has the shape " + shape + " with a negative size");
      }
      try {
        count = Math.multiplyExact(count, size);
      } catch (ArithmeticException e) {
        throw tooLarge(where, shape, e);
      }
    }
    if (count > MAX_ELEMENTS) {
      throw tooLarge(where, shape, null);
    }
    return (int) count;
  }

  private static DataException tooLarge(String where, List<Long> shape, ArithmeticException cause) {
    return DataException.in(
        where, "has the shape " + shape + "; expected at most " + MAX_ELEMENTS + " numbers", cause);
  }
}
