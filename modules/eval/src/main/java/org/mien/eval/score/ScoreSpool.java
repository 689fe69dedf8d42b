package org.mien.eval.score;

import java.nio.file.Path;

/**
 * Takes scores one by one, of which there may be more than fit into memory, and makes a {@link
 * LargeScoreSet} of all: every figure is the same as if they lay in memory.
 *
 * <p>For programs that compare on their own, such as every image of a data set with every other.
 * The protocols that Mien runs do not use it: their pairs are in memory, or they keep the highest
 * scores only.
 *
 * <p>Memory: 64 MB for the scores that are being sorted, as much again while they are, and some 100
 * kB for every 8 million; disk: 4 bytes a score, in temporary files that are deleted when the spool
 * is closed. Neither the spool nor the set, which reads those files, is for several threads.
 */
public final class ScoreSpool implements AutoCloseable {
  private static final int RUN_LENGTH = 1 << 23;

  private final SpilledScores genuine;
  private final SpilledScores impostors;

  /**
   * @param folder for the temporary files
   * @throws org.mien.core.error.DataException if there can be none
   */
  public ScoreSpool(Path folder) {
    this(folder, RUN_LENGTH);
  }

  ScoreSpool(Path folder, int runLength) {
    genuine = new SpilledScores(folder, "genuine", runLength);
    try {
      impostors = new SpilledScores(folder, "impostor", runLength);
    } catch (RuntimeException e) {
      genuine.close();
      throw e;
    }
  }

  /**
   * Adds the similarity of a pair.
   *
   * @throws org.mien.core.error.DataException if it is not finite, naming its index among those of
   *     its kind, or the disk is full
   */
  public void add(boolean isGenuine, float similarity) {
    (isGenuine ? genuine : impostors).add(similarity);
  }

  /**
   * Returns the set of all scores, which can be used until the spool is closed, by one thread at a
   * time; none can be added any more.
   *
   * @throws org.mien.core.error.DataException if a kind is empty
   */
  public LargeScoreSet scores() {
    genuine.complete();
    impostors.complete();
    return LargeScoreSet.of(genuine, impostors);
  }

  @Override
  public void close() {
    try (genuine) {
      impostors.close();
    }
  }
}
