package org.mien.eval.search;

import java.nio.IntBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.mien.core.error.DataException;
import org.mien.core.progress.Progress;

/**
 * Compares every probe with every row of a gallery by the cosine of their embeddings.
 *
 * <p>The gallery is read in blocks of {@value #GALLERY_BLOCK} rows, each of which a thread checks,
 * scales to unit length and multiplies by blocks of {@value #PROBE_BLOCK} probes with OpenBLAS's
 * sgemm on that thread. The product, 1 MB, is still in the cache when the collectors look at it. A
 * cosine is therefore a sum of 32-bit floats, exact to about 1e-7; the same two embeddings at
 * another place of a block may differ in the last bit.
 *
 * <p>Memory beside the collectors: the probes, once, and 2 to 4 MB a thread; the gallery may be as
 * large as a file can be.
 */
public final class ExactSearch {
  static final int GALLERY_BLOCK = 512;
  static final int PROBE_BLOCK = 512;

  private static final int LOCKS = 256;

  private final EmbeddingRows gallery;

  /** An array: it is walked through for every probe and block. */
  private final ScoreCollector[] collectors;

  private final FloatPointer probes;
  private final int probeCount;
  private final int dimension;
  private final Progress progress;
  private final AtomicInteger nextBlock = new AtomicInteger();
  private final AtomicLong done = new AtomicLong();
  private final Object[] locks = new Object[LOCKS];

  private ExactSearch(
      FloatPointer probes,
      int probeCount,
      EmbeddingRows gallery,
      List<? extends ScoreCollector> collectors,
      Progress progress) {
    this.probes = probes;
    this.probeCount = probeCount;
    this.dimension = gallery.dimension();
    this.gallery = gallery;
    this.collectors = collectors.toArray(ScoreCollector[]::new);
    this.progress = progress;
    for (int i = 0; i < LOCKS; i++) {
      locks[i] = new Object();
    }
  }

  /**
   * Searches, and returns when all collectors have seen all similarities.
   *
   * @param collectors what is kept of the similarities; each must be new
   * @param threads at least 1
   * @param progress is told the rows of the gallery that are done
   * @throws DataException if there is no probe or no row, the dimensions differ, or an embedding is
   *     not finite or zero, naming the row
   */
  public static void run(
      EmbeddingRows probes,
      EmbeddingRows gallery,
      List<? extends ScoreCollector> collectors,
      int threads,
      Progress.Factory progress) {
    if (threads < 1) {
      throw new IllegalArgumentException("expected at least 1 thread, were " + threads);
    }
    if (probes.rows() == 0 || gallery.rows() == 0) {
      throw new DataException(
          "a search needs probes and a gallery, found "
              + probes.rows()
              + " probes and "
              + gallery.rows()
              + " rows of the gallery");
    }
    if (probes.dimension() != gallery.dimension()) {
      throw new DataException(
          "the probes have dimension "
              + probes.dimension()
              + " and the gallery "
              + gallery.dimension()
              + "; both must come from one model");
    }
    collectors.forEach(collector -> collector.begin(probes.rows(), gallery.rows()));
    SingleThreadedBlas.run(
        () -> {
          try (FloatPointer unitProbes = load(probes);
              Progress shown = progress.start("search", "rows", gallery.rows())) {
            new ExactSearch(unitProbes, probes.rows(), gallery, collectors, shown)
                .searchWith(threads);
          }
        });
  }

  /** Copies rows to native memory, scaled to unit length. */
  static FloatPointer load(EmbeddingRows rows) {
    int dimension = rows.dimension();
    FloatPointer unit = new FloatPointer((long) rows.rows() * dimension);
    try {
      float[] block = new float[PROBE_BLOCK * dimension];
      for (int first = 0; first < rows.rows(); first += PROBE_BLOCK) {
        int count = Math.min(PROBE_BLOCK, rows.rows() - first);
        rows.read(first, count, block);
        UnitLength.scale(rows, first, count, block);
        unit.position((long) first * dimension).put(block, 0, count * dimension);
      }
      return unit.position(0);
    } catch (RuntimeException e) {
      unit.close();
      throw e;
    }
  }

  private void searchWith(int threads) {
    int blocks = (gallery.rows() - 1) / GALLERY_BLOCK + 1;
    Workers.run(Math.min(threads, blocks), stopped -> work(blocks, stopped));
  }

  private void work(int blocks, BooleanSupplier stopped) {
    float[] rows = new float[GALLERY_BLOCK * dimension];
    int[] bits = new int[GALLERY_BLOCK];
    // A position of its own on the memory of all; closing it would free that memory.
    FloatPointer these = new FloatPointer(probes);
    try (FloatPointer block = new FloatPointer((long) GALLERY_BLOCK * dimension);
        FloatPointer scores = new FloatPointer((long) PROBE_BLOCK * GALLERY_BLOCK)) {
      IntBuffer scoreBits = scores.asByteBuffer().asIntBuffer();
      for (int b = nextBlock.getAndIncrement(); b < blocks; b = nextBlock.getAndIncrement()) {
        if (stopped.getAsBoolean()) {
          return;
        }
        int first = b * GALLERY_BLOCK;
        int count = Math.min(GALLERY_BLOCK, gallery.rows() - first);
        gallery.read(first, count, rows);
        UnitLength.scale(gallery, first, count, rows);
        block.put(rows, 0, count * dimension);
        for (int probe = 0; probe < probeCount; probe += PROBE_BLOCK) {
          int tile = Math.min(PROBE_BLOCK, probeCount - probe);
          openblas_nolapack.cblas_sgemm(
              openblas_nolapack.CblasRowMajor,
              openblas_nolapack.CblasNoTrans,
              openblas_nolapack.CblasTrans,
              tile,
              count,
              dimension,
              1,
              these.position((long) probe * dimension),
              dimension,
              block,
              dimension,
              0,
              scores,
              count);
          for (int i = 0; i < tile; i++) {
            scoreBits.get(i * count, bits, 0, count);
            collect(probe + i, bits, count, first);
          }
        }
        progress.advanceTo(done.addAndGet(count));
      }
    }
  }

  private void collect(int probe, int[] bits, int count, int firstRow) {
    int lowest = lowestBar(probe);
    int aboveLowest = ScoreCollector.above(bits, 0, count, lowest);
    if (aboveLowest == 0) {
      return;
    }
    // One lock for the whole row: where a bar is low, nearly every strip lies above it.
    synchronized (locks[probe % LOCKS]) {
      for (ScoreCollector collector : collectors) {
        int bar = collector.bar(probe);
        int above = bar == lowest ? aboveLowest : ScoreCollector.above(bits, 0, count, bar);
        if (above * ScoreCollector.STRIP > count) {
          collector.show(probe, bits, 0, count, firstRow);
          continue;
        }
        for (int from = 0; above > 0 && from < count; from += ScoreCollector.STRIP) {
          int to = Math.min(from + ScoreCollector.STRIP, count);
          int here = ScoreCollector.above(bits, from, to, collector.bar(probe));
          if (here > 0) {
            collector.show(probe, bits, from, to, firstRow);
            above -= here;
          }
        }
      }
    }
  }

  /** A bar only rises, so one that another thread has raised since shows a little too much. */
  private int lowestBar(int probe) {
    int lowest = ScoreCollector.NOTHING;
    for (ScoreCollector collector : collectors) {
      lowest = Math.min(lowest, collector.bar(probe));
    }
    return lowest;
  }
}
