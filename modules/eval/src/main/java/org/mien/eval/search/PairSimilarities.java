package org.mien.eval.search;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntUnaryOperator;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.mien.core.error.DataException;
import org.mien.core.progress.Progress;

/** The cosine similarities of a list of pairs of rows, of which IJB-C has 15.7 million. */
public final class PairSimilarities {
  private static final int PAIRS_AT_ONCE = 1 << 14;

  private PairSimilarities() {}

  /**
   * Computes them; 4 bytes a pair, and the rows once more in native memory.
   *
   * @param pairs how many
   * @param first gives the first row of a pair
   * @param second gives the second row of a pair
   * @param threads at least 1
   * @throws DataException if there is no row, or one is not finite or zero, naming it
   * @throws IllegalArgumentException if a pair names a row that does not exist
   */
  public static float[] of(
      EmbeddingRows rows,
      int pairs,
      IntUnaryOperator first,
      IntUnaryOperator second,
      int threads,
      Progress.Factory progress) {
    if (rows.rows() == 0) {
      throw new DataException("there are no embeddings to compare");
    }
    float[] similarities = new float[pairs];
    AtomicInteger next = new AtomicInteger();
    AtomicLong done = new AtomicLong();
    int chunks = (pairs + PAIRS_AT_ONCE - 1) / PAIRS_AT_ONCE;
    SingleThreadedBlas.run(
        () -> {
          try (FloatPointer unit = ExactSearch.load(rows);
              Progress shown = progress.start("compare", "pairs", pairs)) {
            Workers.run(
                Math.max(1, Math.min(threads, chunks)),
                stopped -> {
                  // Positions of their own on the memory of all; closing one would free it.
                  FloatPointer a = new FloatPointer(unit);
                  FloatPointer b = new FloatPointer(unit);
                  for (int chunk = next.getAndIncrement();
                      chunk < chunks && !stopped.getAsBoolean();
                      chunk = next.getAndIncrement()) {
                    int from = chunk * PAIRS_AT_ONCE;
                    int to = Math.min(pairs, from + PAIRS_AT_ONCE);
                    for (int pair = from; pair < to; pair++) {
                      similarities[pair] =
                          openblas_nolapack.cblas_sdot(
                              rows.dimension(),
                              a.position(at(rows, first.applyAsInt(pair), pair)),
                              1,
                              b.position(at(rows, second.applyAsInt(pair), pair)),
                              1);
                    }
                    shown.advanceTo(done.addAndGet(to - from));
                  }
                });
          }
        });
    return similarities;
  }

  private static long at(EmbeddingRows rows, int row, int pair) {
    if (row < 0 || row >= rows.rows()) {
      throw new IllegalArgumentException(
          "pair " + pair + ": expected a row below " + rows.rows() + ", was " + row);
    }
    return (long) row * rows.dimension();
  }
}
