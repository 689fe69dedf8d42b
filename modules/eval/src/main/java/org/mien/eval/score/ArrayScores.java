package org.mien.eval.score;

import java.util.Arrays;
import org.mien.core.error.DataException;

/** Scores in memory. */
final class ArrayScores implements AscendingScores {
  private final float[] values;

  private ArrayScores(float[] values) {
    this.values = values;
  }

  /**
   * Sorts an array in place and keeps it.
   *
   * @throws DataException if a similarity is not finite, naming its index
   */
  static ArrayScores sorting(float[] values, String kind) {
    for (int i = 0; i < values.length; i++) {
      values[i] = checked(values[i], i, kind);
    }
    Arrays.sort(values);
    return new ArrayScores(values);
  }

  /** Returns a similarity that can be sorted: -0.0 would sort apart from 0.0 but is equal. */
  static float checked(float value, long index, String kind) {
    if (!Float.isFinite(value)) {
      throw new DataException(
          kind + " similarity " + index + ": expected a finite number, was " + value);
    }
    return value + 0.0f;
  }

  @Override
  public long size() {
    return values.length;
  }

  @Override
  public float get(long index) {
    return values[Math.toIntExact(index)];
  }

  @Override
  public long below(double bound) {
    return below(values, values.length, bound);
  }

  /** As {@link #below(double)}, of the first numbers of an ascending array. */
  static int below(float[] ascending, int count, double bound) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ascending[middle] >= bound) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  @Override
  public Cursor descending() {
    return new Cursor() {
      private int left = values.length;

      @Override
      public float value() {
        return left > 0 ? values[left - 1] : Float.NEGATIVE_INFINITY;
      }

      @Override
      public long take(float similarity) {
        int before = left;
        while (left > 0 && values[left - 1] == similarity) {
          left--;
        }
        return (long) before - left;
      }
    };
  }
}
