package org.mien.model.weights;

import java.util.List;
import net.razorvine.pickle.PickleException;

/**
 * A view on a storage: element {@code (i, j, ...)} lies at {@code offset + i * strides[0] + j *
 * strides[1] + ...}.
 */
record TorchTensor(Storage storage, long offset, List<Long> shape, List<Long> strides) {
  private static final int MAX_RANK = 8;

  /**
   * @param key names the storage's bytes in the file
   * @param elements number of elements
   */
  record Storage(StorageType type, String key, long elements) {}

  TorchTensor {
    shape = List.copyOf(shape);
    strides = List.copyOf(strides);
    if (shape.size() != strides.size() || shape.size() > MAX_RANK) {
      throw new PickleException("a tensor of shape " + shape + " with strides " + strides);
    }
    long count = 1;
    long last = offset;
    boolean negative = offset < 0;
    try {
      for (int axis = 0; axis < shape.size(); axis++) {
        long size = shape.get(axis);
        long stride = strides.get(axis);
        negative |= size < 0 || stride < 0;
        count = Math.multiplyExact(count, size);
        last = Math.addExact(last, Math.multiplyExact(Math.max(0, size - 1), stride));
      }
    } catch (ArithmeticException e) {
      negative = true;
    }
    // A tensor larger than its storage repeats elements (stride 0): a few bytes would become any
    // amount of memory, and no state dictionary needs it.
    if (negative || count > storage.elements() || (count > 0 && last >= storage.elements())) {
      throw new PickleException(
          String.format(
              "a tensor of shape %s, strides %s and offset %d reaches outside its storage of %d",
              shape, strides, offset, storage.elements()));
    }
  }

  int count() {
    return Math.toIntExact(shape.stream().reduce(1L, (a, b) -> a * b));
  }

  /** Number of storage elements from the first used to the last. */
  int span() {
    long span = 1;
    for (int axis = 0; axis < shape.size(); axis++) {
      span += (shape.get(axis) - 1) * strides.get(axis);
    }
    return count() == 0 ? 0 : Math.toIntExact(span);
  }

  /** Whether the elements lie one after another in C order. */
  boolean isContiguous() {
    long expected = 1;
    for (int axis = shape.size() - 1; axis >= 0; axis--) {
      if (shape.get(axis) != 1 && strides.get(axis) != expected) {
        return false;
      }
      expected *= shape.get(axis);
    }
    return true;
  }

  /** For each element in C order its position after {@code offset}. */
  int[] positions() {
    int[] positions = new int[count()];
    long[] index = new long[shape.size()];
    long position = 0;
    for (int i = 0; i < positions.length; i++) {
      positions[i] = (int) position;
      for (int axis = shape.size() - 1; axis >= 0; axis--) {
        position += strides.get(axis);
        if (++index[axis] < shape.get(axis)) {
          break;
        }
        position -= shape.get(axis) * strides.get(axis);
        index[axis] = 0;
      }
    }
    return positions;
  }
}
