package org.mien.eval.search;

import java.util.function.IntFunction;

/** Rows in memory. */
final class ArrayRows implements EmbeddingRows {
  private final int dimension;
  private final float[] values;
  private final IntFunction<String> names;

  ArrayRows(int dimension, float[] values, IntFunction<String> names) {
    if (dimension < 1 || values.length % dimension != 0) {
      throw new IllegalArgumentException(
          values.length + " values do not make rows of dimension " + dimension);
    }
    this.dimension = dimension;
    this.values = values;
    this.names = names;
  }

  @Override
  public int rows() {
    return values.length / dimension;
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public String name(int row) {
    return names.apply(row);
  }

  @Override
  public void read(int first, int count, float[] into) {
    System.arraycopy(values, first * dimension, into, 0, count * dimension);
  }
}
