package org.mien.core.embedding;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows of embeddings with the key and identity of each.
 *
 * <p>The values are not copied: {@code values} belongs to the matrix once given.
 */
public final class EmbeddingMatrix {
  private final List<String> keys;
  private final List<String> identities;
  private final int dimension;
  private final float[] values;
  private final Map<String, Integer> rowOfKey;

  /**
   * @param keys unique name of each row, for example {@code Name/Name_0001.jpg}
   * @param identities identity of each row
   * @param dimension length of an embedding
   * @param values {@code (rows, dimension)}, row by row
   */
  public EmbeddingMatrix(
      List<String> keys, List<String> identities, int dimension, float[] values) {
    if (dimension < 1) {
      throw new IllegalArgumentException("expected a dimension of at least 1, was " + dimension);
    }
    if (keys.size() != identities.size() || (long) keys.size() * dimension != values.length) {
      throw new IllegalArgumentException(
          String.format(
              "%d keys, %d identities and %d values do not make rows of %d",
              keys.size(), identities.size(), values.length, dimension));
    }
    this.keys = List.copyOf(keys);
    this.identities = List.copyOf(identities);
    this.dimension = dimension;
    this.values = values;
    this.rowOfKey = new HashMap<>(keys.size() * 2);
    for (int row = 0; row < keys.size(); row++) {
      Integer earlier = rowOfKey.put(keys.get(row), row);
      if (earlier != null) {
        throw new IllegalArgumentException(
            "rows " + earlier + " and " + row + " share the key " + keys.get(row));
      }
    }
  }

  public int rows() {
    return keys.size();
  }

  public int dimension() {
    return dimension;
  }

  public List<String> keys() {
    return keys;
  }

  public List<String> identities() {
    return identities;
  }

  /** Returns the row of a key, or -1. */
  public int rowOf(String key) {
    return rowOfKey.getOrDefault(key, -1);
  }

  /** Returns a copy of one row. */
  public float[] row(int row) {
    return Arrays.copyOfRange(values, row * dimension, (row + 1) * dimension);
  }

  /** Returns the backing array {@code (rows, dimension)}; callers must not change it. */
  public float[] values() {
    return values;
  }

  /**
   * Returns the cosine of the angle between two rows, in [-1, 1] up to rounding, accumulated in
   * double; the rows need not be normalised.
   *
   * @throws IllegalArgumentException if a row is zero or not finite, naming its key
   */
  public double cosine(int a, int b) {
    double dot = 0;
    double normA = 0;
    double normB = 0;
    int offsetA = a * dimension;
    int offsetB = b * dimension;
    for (int i = 0; i < dimension; i++) {
      double x = values[offsetA + i];
      double y = values[offsetB + i];
      dot += x * y;
      normA += x * x;
      normB += y * y;
    }
    if (!hasDirection(normA) || !hasDirection(normB)) {
      throw new IllegalArgumentException(
          "the embedding of "
              + keys.get(hasDirection(normA) ? b : a)
              + " has no direction (norm 0 or not finite)");
    }
    return dot / (Math.sqrt(normA) * Math.sqrt(normB));
  }

  private static boolean hasDirection(double squaredNorm) {
    return squaredNorm > 0 && squaredNorm < Double.POSITIVE_INFINITY;
  }

  /**
   * Returns a matrix of the same rows, each scaled to Euclidean length 1.
   *
   * @throws IllegalArgumentException if a row is zero or not finite, naming its key
   */
  public EmbeddingMatrix normalized() {
    float[] unit = new float[values.length];
    for (int row = 0; row < rows(); row++) {
      double sum = 0;
      for (int i = row * dimension; i < (row + 1) * dimension; i++) {
        sum += (double) values[i] * values[i];
      }
      if (!hasDirection(sum)) {
        throw new IllegalArgumentException(
            "the embedding of " + keys.get(row) + " cannot be normalised: squared norm " + sum);
      }
      double scale = 1 / Math.sqrt(sum);
      for (int i = row * dimension; i < (row + 1) * dimension; i++) {
        unit[i] = (float) (values[i] * scale);
      }
    }
    return new EmbeddingMatrix(keys, identities, dimension, unit);
  }
}
