package org.mien.eval.search;

import org.apache.lucene.util.hnsw.RandomVectorScorer;
import org.apache.lucene.util.hnsw.RandomVectorScorerSupplier;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * Rows of unit length outside the heap, and their cosines by OpenBLAS's sdot, which needs no
 * incubating module of Java to use the processor's vectors. It is not threaded below 10,000
 * numbers.
 */
final class UnitRows implements RandomVectorScorerSupplier, AutoCloseable {
  private final FloatPointer values;
  private final FloatPointer query;
  private final FloatPointer row;
  private final int rows;
  private final int dimension;

  private UnitRows(FloatPointer values, int rows, int dimension) {
    this.values = values;
    this.rows = rows;
    this.dimension = dimension;
    // Positions of their own on the memory of all; closing them would free that memory.
    query = new FloatPointer(values);
    row = new FloatPointer(values);
  }

  /** Copies rows, scaled to unit length, as {@link ExactSearch} does. */
  static UnitRows of(EmbeddingRows rows) {
    return new UnitRows(ExactSearch.load(rows), rows.rows(), rows.dimension());
  }

  @Override
  public Scorer scorer(int node) {
    return new Scorer(query, (long) node * dimension);
  }

  /** Returns the cosines of a vector of unit length. */
  Scorer scorer(FloatPointer unitVector) {
    return new Scorer(unitVector, 0);
  }

  @Override
  public RandomVectorScorerSupplier copy() {
    return new UnitRows(values, rows, dimension);
  }

  @Override
  public void close() {
    values.close();
  }

  /** Compares one vector with rows. */
  final class Scorer implements RandomVectorScorer {
    private final FloatPointer vector;
    private final long position;

    private Scorer(FloatPointer vector, long position) {
      this.vector = vector;
      this.position = position;
    }

    float cosine(int node) {
      return openblas_nolapack.cblas_sdot(
          dimension, vector.position(position), 1, row.position((long) node * dimension), 1);
    }

    /** Lucene's scores are not negative; its own for cosines is the same. */
    @Override
    public float score(int node) {
      return Math.max(0, (1 + cosine(node)) / 2);
    }

    @Override
    public int maxOrd() {
      return rows;
    }
  }
}
