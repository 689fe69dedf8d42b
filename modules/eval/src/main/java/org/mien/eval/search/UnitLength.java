package org.mien.eval.search;

import org.mien.core.error.DataException;

/** Checks embeddings and scales them to Euclidean length 1. */
public final class UnitLength {
  /**
   * Squared lengths this near to 1 are left as they are: scaling such a row could only change the
   * last bits of its numbers.
   */
  private static final double CLOSE_ENOUGH = 1e-6;

  private UnitLength() {}

  /**
   * Scales rows in place. A row whose squared length is within 1e-6 of 1 is left as it is.
   *
   * @param values {@code (count, dimension)} from index 0: rows {@code first} and following
   * @throws DataException if a number is not finite or a row has no direction, naming the row
   */
  public static void scale(EmbeddingRows rows, int first, int count, float[] values) {
    int dimension = rows.dimension();
    for (int row = 0; row < count; row++) {
      int at = row * dimension;
      double squared = squaredLength(values, at, dimension);
      if (Math.abs(squared - 1) <= CLOSE_ENOUGH) {
        continue;
      }
      if (!(squared > 0 && squared < Double.POSITIVE_INFINITY)) {
        throw refused(rows.name(first + row), values, at, dimension);
      }
      double scale = 1 / Math.sqrt(squared);
      for (int i = at; i < at + dimension; i++) {
        values[i] = (float) (values[i] * scale);
      }
    }
  }

  /**
   * Reads all rows into memory, scaled.
   *
   * @throws DataException as {@link #scale}, or if they exceed an array of 2^31 numbers
   */
  public static float[] read(EmbeddingRows rows) {
    long numbers = (long) rows.rows() * rows.dimension();
    if (numbers > Integer.MAX_VALUE - 8) {
      throw new DataException(
          rows.rows() + " embeddings of " + rows.dimension() + " are too many to hold in memory");
    }
    float[] values = new float[(int) numbers];
    rows.read(0, rows.rows(), values);
    scale(rows, 0, rows.rows(), values);
    return values;
  }

  /**
   * Returns the squared length of an embedding.
   *
   * @param name of the embedding, for the error
   * @throws DataException if a number is not finite or all are zero
   */
  public static double squared(String name, float[] embedding) {
    double squared = squaredLength(embedding, 0, embedding.length);
    if (!(squared > 0 && squared < Double.POSITIVE_INFINITY)) {
      throw refused(name, embedding, 0, embedding.length);
    }
    return squared;
  }

  /** Four sums side by side, for one would wait for each addition. */
  private static double squaredLength(float[] values, int at, int dimension) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = at;
    int end = at + dimension;
    for (; i + 3 < end; i += 4) {
      a += (double) values[i] * values[i];
      b += (double) values[i + 1] * values[i + 1];
      c += (double) values[i + 2] * values[i + 2];
      d += (double) values[i + 3] * values[i + 3];
    }
    for (; i < end; i++) {
      a += (double) values[i] * values[i];
    }
    return a + b + (c + d);
  }

  private static DataException refused(String name, float[] values, int at, int dimension) {
    for (int i = 0; i < dimension; i++) {
      if (!Float.isFinite(values[at + i])) {
        return new DataException(
            "the embedding of "
                + name
                + " has "
                + values[at + i]
                + " at position "
                + i
                + "; expected finite numbers");
      }
    }
    return new DataException(
        "the embedding of " + name + " is all zeros; it has no direction to compare");
  }
}
