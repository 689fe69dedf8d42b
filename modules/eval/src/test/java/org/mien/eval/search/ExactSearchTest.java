package org.mien.eval.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.embedding.EmbeddingMatrix;
import org.mien.core.error.DataException;
import org.mien.core.progress.Progress;
import org.mien.data.format.FeatureMatrixFile;
import org.mien.eval.Failure;

final class ExactSearchTest {
  private static final int DIMENSION = 12;

  /** More than one block of each, the last ones not full. */
  private static final int PROBES = 530;

  private static final int GALLERY = 1100;

  private final long seed = System.nanoTime();
  private final String said = "seed " + seed;
  private final SplittableRandom random = new SplittableRandom(seed);
  private final float[] probes = Grid.rows(PROBES, DIMENSION, random);
  private final float[] gallery = Grid.rows(GALLERY, DIMENSION, random);

  private void search(ScoreCollector... collectors) {
    ExactSearch.run(
        EmbeddingRows.of("probe", DIMENSION, probes),
        EmbeddingRows.of("row", DIMENSION, gallery),
        List.of(collectors),
        3,
        Progress.silent());
  }

  private float[][] scores;

  private float score(int probe, int row) {
    if (scores == null) {
      scores = new float[PROBES][GALLERY];
      for (int p = 0; p < PROBES; p++) {
        for (int r = 0; r < GALLERY; r++) {
          scores[p][r] = Grid.cosine(probes, p, gallery, r, DIMENSION);
        }
      }
    }
    return scores[probe][row];
  }

  @Test
  void theTopMatchesAreThoseOfSortingAllAndEqualOnesKeepTheGallerysOrder() {
    TopMatches top = new TopMatches(7);
    search(top);
    for (int p = 0; p < PROBES; p++) {
      int probe = p;
      Integer[] order = new Integer[GALLERY];
      Arrays.setAll(order, i -> i);
      Arrays.sort(order, (a, b) -> Float.compare(score(probe, b), score(probe, a)));
      assertEquals(7, top.count(p));
      for (int place = 0; place < 7; place++) {
        assertEquals(order[place], top.row(p, place), said);
        assertEquals(score(p, order[place]), top.similarity(p, place));
      }
    }
  }

  @Test
  void aGalleryOfFewerRowsThanWantedGivesThemAll() {
    TopMatches top = new TopMatches(GALLERY + 5);
    search(top);
    assertEquals(GALLERY, top.count(0));
    int[] rows = new int[GALLERY];
    Arrays.setAll(rows, place -> top.row(0, place));
    Arrays.sort(rows);
    for (int i = 0; i < GALLERY; i++) {
      assertEquals(i, rows[i]);
    }
    Failure.says(RuntimeException.class, "1100", () -> top.row(0, GALLERY));
  }

  private float[][] thresholds() {
    float[][] thresholds = new float[PROBES][];
    for (int p = 0; p < PROBES; p++) {
      thresholds[p] = new float[random.nextInt(6)];
      for (int i = 0; i < thresholds[p].length; i++) {
        // Quarters tie with scores; eighths lie between them.
        thresholds[p][i] = (random.nextInt(17) - 8) / 8f;
      }
    }
    return thresholds;
  }

  private int above(int probe, float threshold) {
    int count = 0;
    for (int row = 0; row < GALLERY; row++) {
      count += score(probe, row) > threshold ? 1 : 0;
    }
    return count;
  }

  @Test
  void countsAboveThresholdsAreThoseOfAllPairsInTheOrderGiven() {
    float[][] thresholds = thresholds();
    CountsAbove counts = new CountsAbove(thresholds, Integer.MAX_VALUE);
    search(counts);
    for (int p = 0; p < PROBES; p++) {
      int[] found = counts.counts(p);
      for (int i = 0; i < thresholds[p].length; i++) {
        assertEquals(above(p, thresholds[p][i]), found[i], said);
      }
    }
  }

  @Test
  void countsWithALimitAreExactBelowItAndTheLimitAbove() {
    for (int limit : new int[] {1, 2, 17, 100}) {
      float[][] thresholds = thresholds();
      CountsAbove counts = new CountsAbove(thresholds, limit);
      search(counts);
      for (int p = 0; p < PROBES; p++) {
        int[] found = counts.counts(p);
        for (int i = 0; i < thresholds[p].length; i++) {
          assertEquals(Math.min(limit, above(p, thresholds[p][i])), found[i], said);
        }
      }
    }
  }

  @Test
  void theHighestScoresAreTheEndOfSortingAll() {
    float[] all = new float[PROBES * GALLERY];
    for (int p = 0; p < PROBES; p++) {
      for (int row = 0; row < GALLERY; row++) {
        all[p * GALLERY + row] = score(p, row);
      }
    }
    Arrays.sort(all);
    for (int n : new int[] {1, 1000, all.length, all.length + 1}) {
      HighestScores highest = new HighestScores(n);
      search(highest);
      float[] found = highest.descending();
      assertEquals(all.length, highest.total());
      assertEquals(Math.min(n, all.length), found.length);
      for (int i = 0; i < found.length; i++) {
        assertEquals(all[all.length - 1 - i], found[i], said);
      }
    }
  }

  @Test
  void anIdentityOfSeveralRowsIsCountedOnceAndOnlyByItsBest() {
    int[] identityOfRow = random.ints(GALLERY, 0, 90).toArray();
    int[] identityOfProbe = random.ints(PROBES, -1, 90).toArray();
    float[] mates = new float[PROBES];
    for (int p = 0; p < PROBES; p++) {
      mates[p] = identityOfProbe[p] < 0 ? Float.NaN : best(p, identityOfProbe[p], identityOfRow);
    }
    IdentityRanks ranks = new IdentityRanks(identityOfRow, identityOfProbe, mates);
    search(ranks);
    for (int p = 0; p < PROBES; p++) {
      int above = 0;
      int equal = 0;
      for (int identity = 0; identity < 90 && identityOfProbe[p] >= 0; identity++) {
        if (identity != identityOfProbe[p]) {
          float best = best(p, identity, identityOfRow);
          above += best > mates[p] ? 1 : 0;
          equal += best == mates[p] ? 1 : 0;
        }
      }
      assertEquals(above, ranks.above(p), said);
      assertEquals(equal, ranks.equal(p), said);
    }
  }

  private float best(int probe, int identity, int[] identityOfRow) {
    float best = Float.NEGATIVE_INFINITY;
    for (int row = 0; row < GALLERY; row++) {
      if (identityOfRow[row] == identity) {
        best = Math.max(best, score(probe, row));
      }
    }
    return best;
  }

  @Test
  void rowsOfAnyLengthAreComparedByTheirDirection() {
    float[] stretched = gallery.clone();
    for (int i = 0; i < stretched.length; i++) {
      stretched[i] *= 1 << (i / DIMENSION % 5);
    }
    TopMatches top = new TopMatches(3);
    ExactSearch.run(
        EmbeddingRows.of("probe", DIMENSION, probes),
        EmbeddingRows.of("row", DIMENSION, stretched),
        List.of(top),
        2,
        Progress.silent());
    TopMatches same = new TopMatches(3);
    search(same);
    for (int p = 0; p < PROBES; p++) {
      for (int place = 0; place < 3; place++) {
        assertEquals(same.row(p, place), top.row(p, place), said);
      }
    }
  }

  @Test
  void aFileGivesWhatMemoryGivesAndSoDoesAnyOrderOfItsRows(@TempDir Path folder) {
    Path file = folder.resolve("gallery.bin");
    FeatureMatrixFile.write(
        file,
        GALLERY,
        DIMENSION,
        row -> Arrays.copyOfRange(gallery, row * DIMENSION, (row + 1) * DIMENSION));
    int[] order = new int[GALLERY];
    Arrays.setAll(order, i -> i < 700 ? i : GALLERY - 1 - (i - 700));
    TopMatches fromMemory = new TopMatches(1);
    search(fromMemory);
    try (MatrixFileRows rows = MatrixFileRows.open(file)) {
      TopMatches fromFile = new TopMatches(1);
      TopMatches reordered = new TopMatches(1);
      EmbeddingRows probeRows = EmbeddingRows.of("probe", DIMENSION, probes);
      ExactSearch.run(probeRows, rows, List.of(fromFile), 2, Progress.silent());
      ExactSearch.run(probeRows, rows.select(order), List.of(reordered), 2, Progress.silent());
      for (int p = 0; p < PROBES; p++) {
        assertEquals(fromMemory.row(p, 0), fromFile.row(p, 0), said);
        assertEquals(fromMemory.similarity(p, 0), reordered.similarity(p, 0));
        assertEquals(fromMemory.similarity(p, 0), score(p, order[reordered.row(p, 0)]));
      }
    }
  }

  @Test
  void rowsWithPaddingBetweenThemAreReadAsTheHeaderSays(@TempDir Path folder) throws Exception {
    ByteBuffer bytes = ByteBuffer.allocate(16 + 2 * 12).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(2).putInt(2).putInt(12).putInt(5);
    bytes.putFloat(3).putFloat(4).putFloat(99).putFloat(5).putFloat(6).putFloat(99);
    Path file = Files.write(folder.resolve("padded.bin"), bytes.array());
    try (MatrixFileRows rows = MatrixFileRows.open(file, List.of("a", "b"))) {
      float[] both = new float[4];
      rows.read(0, 2, both);
      assertArrayEquals(new float[] {3, 4, 5, 6}, both);
      assertTrue(rows.name(1).endsWith("padded.bin, row 1, b"));
    }
  }

  @Test
  void filesThatAreNotRowsOfFloatsAreRefused(@TempDir Path folder) throws Exception {
    ByteBuffer doubles = ByteBuffer.allocate(16 + 8).order(ByteOrder.LITTLE_ENDIAN);
    doubles.putInt(1).putInt(1).putInt(8).putInt(6);
    Path file = Files.write(folder.resolve("doubles.bin"), doubles.array());
    Failure.says(DataException.class, "type is 6 at byte 12", () -> MatrixFileRows.open(file));
    Path shortened = Files.write(folder.resolve("short.bin"), Arrays.copyOf(doubles.array(), 20));
    Failure.says(DataException.class, "", () -> MatrixFileRows.open(shortened));
    Path one = folder.resolve("one.bin");
    FeatureMatrixFile.write(one, 1, 2, row -> new float[] {1, 0});
    Failure.says(
        RuntimeException.class,
        "holds 1 rows; the list names 2",
        () -> MatrixFileRows.open(one, List.of("a", "b")));
  }

  @Test
  void aFileThatIsCutWhileItIsSearchedIsAnErrorNotTheEndOfTheProcess(@TempDir Path folder)
      throws Exception {
    Path file = folder.resolve("gallery.bin");
    FeatureMatrixFile.write(
        file,
        GALLERY,
        DIMENSION,
        row -> Arrays.copyOfRange(gallery, row * DIMENSION, (row + 1) * DIMENSION));
    try (MatrixFileRows rows = MatrixFileRows.open(file)) {
      Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 1000));
      EmbeddingRows probeRows = EmbeddingRows.of("probe", DIMENSION, probes);
      Failure.says(
          DataException.class,
          "has become shorter",
          () -> ExactSearch.run(probeRows, rows, List.of(new TopMatches(1)), 2, Progress.silent()));
    }
  }

  @Test
  void badEmbeddingsAreNamedByRowAndKey() {
    float[] bad = gallery.clone();
    bad[700 * DIMENSION + 5] = Float.NaN;
    Failure.says(
        DataException.class, "row 700 has NaN at position 5", () -> searchIn(bad, DIMENSION));
    float[] zero = gallery.clone();
    Arrays.fill(zero, 1099 * DIMENSION, 1100 * DIMENSION, 0);
    Failure.says(RuntimeException.class, "row 1099 is all zeros", () -> searchIn(zero, DIMENSION));
    EmbeddingMatrix named =
        new EmbeddingMatrix(
            List.of("a.jpg", "b.jpg"), List.of("a", "b"), 2, new float[] {1, 0, 0, 0});
    Failure.says(
        RuntimeException.class,
        "row 1, b.jpg is all zeros",
        () -> UnitLength.read(EmbeddingRows.of(named)));
    Failure.says(
        RuntimeException.class,
        "dimension 12 and the gallery 6",
        () -> searchIn(gallery, DIMENSION / 2));
    Failure.says(
        RuntimeException.class, "530 probes and 0 rows", () -> searchIn(new float[0], DIMENSION));
  }

  private void searchIn(float[] rows, int dimension) {
    ExactSearch.run(
        EmbeddingRows.of("probe", DIMENSION, probes),
        EmbeddingRows.of("row", dimension, rows),
        List.of(new TopMatches(1)),
        2,
        Progress.silent());
  }

  @Test
  void aCollectorServesOneSearchOnly() {
    TopMatches top = new TopMatches(1);
    search(top);
    Failure.says(RuntimeException.class, "an earlier search", () -> search(top));
  }

  @Test
  void afterASearchOpenBlasHasItsThreadsAgain() {
    int before = openblas_nolapack.blas_get_num_threads();
    search(new TopMatches(1));
    assertEquals(before, openblas_nolapack.blas_get_num_threads());
  }

  @Test
  void aPairsSimilarityIsTheCosineOfItsRows() {
    int[] a = random.ints(40_000, 0, GALLERY).toArray();
    int[] b = random.ints(40_000, 0, GALLERY).toArray();
    float[] found =
        PairSimilarities.of(
            EmbeddingRows.of("row", DIMENSION, gallery),
            a.length,
            pair -> a[pair],
            pair -> b[pair],
            3,
            Progress.silent());
    for (int pair = 0; pair < a.length; pair++) {
      assertEquals(Grid.cosine(gallery, a[pair], gallery, b[pair], DIMENSION), found[pair], said);
    }
    Failure.says(
        RuntimeException.class,
        "pair 0: expected a row below 1100, was 1100",
        () ->
            PairSimilarities.of(
                EmbeddingRows.of("row", DIMENSION, gallery),
                1,
                pair -> 0,
                pair -> GALLERY,
                1,
                Progress.silent()));
  }

  @Test
  void progressReachesTheWholeGallery() {
    BitSet told = new BitSet();
    ExactSearch.run(
        EmbeddingRows.of("probe", DIMENSION, probes),
        EmbeddingRows.of("row", DIMENSION, gallery),
        List.of(new TopMatches(1)),
        1,
        (task, unit, total) ->
            new Progress() {
              @Override
              public void advanceTo(long done) {
                told.set((int) done);
              }

              @Override
              public void message(String text) {}

              @Override
              public void close() {}
            });
    assertArrayEquals(new int[] {512, 1024, 1100}, told.stream().toArray());
  }
}
