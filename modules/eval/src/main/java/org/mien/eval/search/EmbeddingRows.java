package org.mien.eval.search;

import java.util.List;
import org.mien.core.embedding.EmbeddingMatrix;

/**
 * Embeddings row by row, in memory or in a file; they need not be of unit length. Several threads
 * may read at the same time.
 */
public interface EmbeddingRows {

  /** Returns how many rows there are. */
  int rows();

  /** Returns the length of an embedding, at least 1. */
  int dimension();

  /** Returns what an error message calls a row, with its number from 0. */
  String name(int row);

  /**
   * Reads rows {@code first} to {@code first + count - 1} as they are stored.
   *
   * @param into takes {@code (count, dimension)} numbers from index 0
   * @throws org.mien.core.error.DataException if they cannot be read
   */
  void read(int first, int count, float[] into);

  /** The rows of a matrix, which are named by their keys. */
  static EmbeddingRows of(EmbeddingMatrix matrix) {
    return new ArrayRows(
        matrix.dimension(), matrix.values(), row -> "row " + row + ", " + matrix.keys().get(row));
  }

  /**
   * Rows in an array, which is not copied.
   *
   * @param what they are, for error messages, such as {@code template}
   * @param values {@code (rows, dimension)}
   */
  static EmbeddingRows of(String what, int dimension, float[] values) {
    return new ArrayRows(dimension, values, row -> what + " " + row);
  }

  /**
   * Returns some of the rows in another order; a row may come several times.
   *
   * @throws IllegalArgumentException if a row does not exist
   */
  default EmbeddingRows select(int... chosen) {
    return new SelectedRows(this, chosen);
  }

  /** Returns these rows followed by others of the same dimension. */
  default EmbeddingRows followedBy(EmbeddingRows others) {
    return new JoinedRows(List.of(this, others));
  }
}
