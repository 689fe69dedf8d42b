package org.mien.eval.identification;

import java.util.List;
import org.mien.eval.search.EmbeddingRows;

/**
 * Rows in memory with names of their own.
 *
 * @param values {@code (rows, dimension)}
 * @param prefix of a row's name
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record NamedRows(int dimension, float[] values, String prefix, List<String> names)
    implements EmbeddingRows {
  @Override
  public int rows() {
    return names.size();
  }

  @Override
  public String name(int row) {
    return prefix + names.get(row);
  }

  @Override
  public void read(int first, int count, float[] into) {
    System.arraycopy(values, first * dimension, into, 0, count * dimension);
  }
}
