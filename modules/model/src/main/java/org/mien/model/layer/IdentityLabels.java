package org.mien.model.layer;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Reads the labels of a batch. */
public final class IdentityLabels {
  private IdentityLabels() {}

  /**
   * Returns the label of each row.
   *
   * @param labels a column {@code (batch, 1)} of whole numbers, or one-hot rows {@code (batch,
   *     count)}
   * @param rows length of the batch
   * @param count how many labels there are: they are in [0, count)
   * @throws IllegalArgumentException if shapes do not fit or a label is out of range, naming the
   *     row
   */
  public static int[] of(INDArray labels, long rows, long count) {
    if (labels.rank() != 2
        || labels.size(0) != rows
        || (labels.size(1) != 1 && labels.size(1) != count)) {
      throw new IllegalArgumentException(
          String.format(
              "expected labels of shape (%d, 1) or (%d, %d), were of shape %s",
              rows, rows, count, Arrays.toString(labels.shape())));
    }
    int[] found = new int[(int) rows];
    for (int i = 0; i < found.length; i++) {
      double value = labels.size(1) == 1 ? labels.getDouble(i, 0) : place(labels, i);
      if (!(value >= 0 && value < count) || value != Math.rint(value)) {
        throw new IllegalArgumentException(
            "expected a label in [0, " + count + ") in row " + i + ", was " + value);
      }
      found[i] = (int) value;
    }
    return found;
  }

  private static double place(INDArray labels, int row) {
    int found = -1;
    for (int j = 0; j < labels.size(1); j++) {
      double value = labels.getDouble(row, j);
      if (value == 1 && found < 0) {
        found = j;
      } else if (value != 0) {
        return Double.NaN;
      }
    }
    return found;
  }
}
