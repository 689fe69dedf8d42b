package org.mien.eval.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.DataException;
import org.mien.eval.Failure;

final class ScoreSpoolTest {
  @TempDir private Path folder;

  /** Runs shorter and longer than a block, and than all scores; with many ties and with few. */
  @Test
  void everyFigureIsTheSameAsInMemory() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int runLength : new int[] {7, 1000, 3 * SpilledScores.BLOCK + 5, 1 << 18}) {
      int count = Math.min(100_000, 40 * runLength);
      boolean ties = random.nextBoolean();
      float[] genuine = draw(count / 10 + 1, 0.4, ties, random);
      float[] impostors = draw(count, 0, ties, random);
      try (ScoreSpool spool = new ScoreSpool(folder, runLength)) {
        for (float similarity : genuine) {
          spool.add(true, similarity);
        }
        for (float similarity : impostors) {
          spool.add(false, similarity);
        }
        checkSame(
            LargeScoreSet.of(genuine, impostors),
            spool.scores(),
            "seed " + seed + ", runs of " + runLength);
      }
    }
  }

  private static void checkSame(LargeScoreSet memory, LargeScoreSet disk, String hint) {
    assertEquals(memory.genuineCount(), disk.genuineCount(), hint);
    assertEquals(memory.impostorCount(), disk.impostorCount(), hint);
    assertEquals(LargeRoc.of(memory), LargeRoc.of(disk), hint);
    for (double rate : new double[] {0.5, 0.1, 1e-2, 1e-3, 1e-4, 1e-6}) {
      for (FarRule rule : FarRule.values()) {
        AcceptedAtFar expected = memory.at(new FarTarget(rate), rule);
        AcceptedAtFar found = disk.at(new FarTarget(rate), rule);
        assertEquals(expected, found, hint);
        assertEquals(memory.thresholdMetric(expected), disk.thresholdMetric(found), hint);
      }
    }
    for (double similarity : new double[] {-9, -0.5, -0.0, 0, 0.25, 0.3, 9}) {
      Similarity threshold = new Similarity(similarity);
      assertEquals(memory.genuineAccepted(threshold), disk.genuineAccepted(threshold), hint);
      assertEquals(memory.impostorsAccepted(threshold), disk.impostorsAccepted(threshold), hint);
    }
  }

  private static float[] draw(int count, double centre, boolean ties, SplittableRandom random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      double value = centre + random.nextDouble(-0.5, 0.5);
      values[i] = (float) (ties ? Math.rint(value * 16) / 16 : value);
    }
    return values;
  }

  @Test
  void everyIndexOfTheFileGivesTheScoreThatSortingGives() {
    float[] values = {0.5f, -0.0f, -1, 0.5f, Float.MIN_VALUE, -Float.MAX_VALUE, 3, 0, -1e-30f};
    try (SpilledScores scores = new SpilledScores(folder, "genuine", 2)) {
      for (float value : values) {
        scores.add(value);
      }
      scores.complete();
      for (int i = 0; i < values.length; i++) {
        values[i] += 0.0f;
      }
      Arrays.sort(values);
      for (int i = 0; i < values.length; i++) {
        assertEquals(values[i], scores.get(i), "index " + i);
      }
      assertThrows(IndexOutOfBoundsException.class, () -> scores.get(values.length));
    }
  }

  @Test
  void aFileThatCannotBeWrittenIsToldWithTheReason() {
    SpilledScores scores = new SpilledScores(folder, "genuine", 2);
    scores.add(1);
    scores.add(2);
    scores.close();
    Failure.says(
        DataException.class,
        "cannot be written (java.nio.channels.ClosedChannelException); 2 scores so far",
        () -> scores.add(3));
  }

  @Test
  void theTemporaryFilesAreGoneAfterwards() throws IOException {
    try (ScoreSpool spool = new ScoreSpool(folder)) {
      spool.add(true, 1);
      spool.add(false, 0);
      assertEquals(1, LargeRoc.of(spool.scores()).area().getAsDouble());
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void scoresThatAreNoNumbersEmptyKindsAndMissingFoldersAreRefused() {
    try (ScoreSpool spool = new ScoreSpool(folder)) {
      spool.add(false, 0);
      Failure.says(DataException.class, "impostor similarity 1", () -> spool.add(false, Float.NaN));
      Failure.says(DataException.class, "0 genuine and 1 impostor", spool::scores);
      Failure.says(IllegalStateException.class, "complete", () -> spool.add(false, 0));
    }
    Failure.says(
        DataException.class, "temporary", () -> new ScoreSpool(folder.resolve("nowhere")).close());
  }
}
