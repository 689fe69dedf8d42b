package org.mien.eval.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.DataException;
import org.mien.core.progress.Progress;
import org.mien.eval.Failure;

final class HnswIndexTest {
  private static final int DIMENSION = 32;
  private static final HnswSettings SETTINGS = new HnswSettings(16, 100, 100, 7);

  @TempDir private Path folder;

  /** People in random directions, several images of each around them; not of unit length. */
  private static float[] faces(int people, int images, long seed) {
    Random random = new Random(seed);
    float[] values = new float[people * images * DIMENSION];
    for (int person = 0; person < people; person++) {
      double[] centre = random.doubles(DIMENSION, -1, 1).toArray();
      for (int image = 0; image < images; image++) {
        for (int i = 0; i < DIMENSION; i++) {
          values[(person * images + image) * DIMENSION + i] =
              (float) (3 * centre[i] + random.nextGaussian());
        }
      }
    }
    return values;
  }

  private static EmbeddingRows rows(float[] values) {
    return EmbeddingRows.of("row", DIMENSION, values);
  }

  private static HnswIndex build(EmbeddingRows gallery) {
    return HnswIndex.build(gallery, SETTINGS, 2, Progress.silent());
  }

  private static TopMatches exactly(EmbeddingRows probes, EmbeddingRows gallery, int k) {
    TopMatches top = new TopMatches(k);
    ExactSearch.run(probes, gallery, List.of(top), 2, Progress.silent());
    return top;
  }

  @Test
  void aSmallGalleryIsSearchedAsExactlyAsByComparingAll() {
    EmbeddingRows gallery = rows(faces(20, 4, 1));
    EmbeddingRows probes = rows(faces(30, 1, 2));
    TopMatches exact = exactly(probes, gallery, 80);
    try (HnswIndex index = build(gallery)) {
      Matches found = index.search(probes, 80);
      for (int probe = 0; probe < 30; probe++) {
        assertEquals(80, found.count(probe));
        for (int place = 0; place < 80; place++) {
          assertEquals(exact.row(probe, place), found.row(probe, place));
          assertEquals(exact.similarity(probe, place), found.similarity(probe, place), 3e-7);
        }
      }
      assertEquals(1, index.recall().atOne());
      assertEquals(1, index.recall().atK());
      assertEquals(8, index.recall().probes());
    }
  }

  @Test
  void equallySimilarRowsKeepTheGallerysOrder() {
    EmbeddingRows gallery = rows(Grid.rows(90, DIMENSION, new SplittableRandom(5)));
    EmbeddingRows probes = rows(Grid.rows(10, DIMENSION, new SplittableRandom(6)));
    TopMatches exact = exactly(probes, gallery, 90);
    try (HnswIndex index = build(gallery)) {
      Matches found = index.search(probes, 90);
      for (int probe = 0; probe < 10; probe++) {
        for (int place = 0; place < found.count(probe); place++) {
          assertEquals(exact.row(probe, place), found.row(probe, place));
        }
      }
    }
  }

  @Test
  void almostAllOfTheBestMatchesAreFoundInALargeGalleryAndTheMeasuredRecallSaysSo() {
    float[] all = faces(1500, 5, 3);
    EmbeddingRows gallery = rows(all);
    // Other images of people in the gallery, and people who are not.
    EmbeddingRows probes = rows(moved(all, 400)).followedBy(rows(faces(200, 1, 4)));
    TopMatches exact = exactly(probes, gallery, 10);
    try (HnswIndex index = build(gallery)) {
      Matches found = index.search(probes, 10);
      int inTen = 0;
      int first = 0;
      for (int probe = 0; probe < 600; probe++) {
        int[] best = matched(exact, probe);
        int[] met = matched(found, probe);
        inTen += (int) IntStream.of(met).filter(row -> contains(best, row)).count();
        first += met[0] == best[0] ? 1 : 0;
      }
      assertTrue(first > 0.99 * 600, "first " + first);
      assertTrue(inTen > 0.98 * 6000, "in ten " + inTen);
      SearchRecall recall = index.recall();
      assertEquals(750, recall.probes());
      assertEquals(10, recall.k());
      assertTrue(recall.atOne() > 0.98 && recall.atK() > 0.98, recall.toString());
      assertTrue(recall.intervalAtOne().low() < recall.atOne(), recall.toString());
    }
  }

  private static float[] moved(float[] all, int count) {
    Random random = new Random(8);
    float[] some = Arrays.copyOf(all, count * DIMENSION);
    for (int i = 0; i < some.length; i++) {
      some[i] += (float) (0.5 * random.nextGaussian());
    }
    return some;
  }

  private static int[] matched(Matches matches, int probe) {
    return IntStream.range(0, matches.count(probe))
        .map(place -> matches.row(probe, place))
        .toArray();
  }

  private static boolean contains(int[] rows, int row) {
    return IntStream.of(rows).anyMatch(one -> one == row);
  }

  @Test
  void anIndexOfTooFewCandidatesMissesSomeAndIsMeasuredAsMissingThem() {
    EmbeddingRows gallery = rows(faces(4000, 1, 9));
    HnswSettings poor = new HnswSettings(2, 2, 1, 1);
    try (HnswIndex index = HnswIndex.build(gallery, poor, 2, Progress.silent())) {
      assertTrue(index.recall().atOne() < 0.9, index.recall().toString());
      assertTrue(index.recall().atK() < 0.9, index.recall().toString());
    }
  }

  @Test
  void recallCountsWhatWasFoundAndTiesAsFound() {
    EmbeddingRows gallery =
        EmbeddingRows.of("row", 2, new float[] {1, 0, 0.8f, 0.6f, 0.6f, 0.8f, 0.6f, 0.8f, 0, 1});
    TopMatches exact = exactly(EmbeddingRows.of("probe", 2, new float[] {1, 0, 1, 0}), gallery, 3);
    int[] rowOf = {10, 11, 12, 13, 14};
    SearchRecall recall =
        HnswIndex.recall(
            exact,
            rowOf,
            List.of(
                List.of(
                    new HnswIndex.Match(10, 1),
                    new HnswIndex.Match(11, 0.8f),
                    new HnswIndex.Match(13, 0.6f)),
                List.of(new HnswIndex.Match(11, 0.8f), new HnswIndex.Match(14, 0))),
            3);
    assertEquals(new SearchRecall(2, 3, 1, 4), recall);
    assertEquals(0.5, recall.atOne());
    assertEquals(4 / 6.0, recall.atK());
  }

  @Test
  void whatIsReadIsWhatWasWritten() {
    EmbeddingRows gallery = rows(faces(300, 2, 11));
    EmbeddingRows probes = rows(faces(20, 1, 12));
    Path file = folder.resolve("g.hnsw");
    try (HnswIndex built = build(gallery)) {
      built.write(file);
      try (HnswIndex read = HnswIndex.read(file, gallery)) {
        assertEquals(SETTINGS, read.settings());
        assertEquals(built.recall(), read.recall());
        Matches before = built.search(probes, 7);
        Matches after = read.search(probes, 7);
        for (int probe = 0; probe < 20; probe++) {
          assertArrayEquals(matched(before, probe), matched(after, probe));
        }
      }
    }
  }

  @Test
  void theSameRowsAndSettingsGiveTheSameFile() throws IOException {
    EmbeddingRows gallery = rows(faces(200, 2, 13));
    Path first = folder.resolve("first.hnsw");
    Path second = folder.resolve("second.hnsw");
    for (Path file : List.of(first, second)) {
      try (HnswIndex index = build(gallery)) {
        index.write(file);
      }
    }
    assertEquals(-1, Files.mismatch(first, second));
  }

  private Path written(float[] values) {
    Path file = folder.resolve("g.hnsw");
    try (HnswIndex index = build(rows(values))) {
      index.write(file);
    }
    return file;
  }

  @Test
  void anIndexOfAnotherGalleryIsRefused() {
    float[] values = faces(30, 2, 14);
    Path file = written(values);
    Failure.says(
        DataException.class,
        "g.hnsw: the index has 60 embeddings of 32 numbers, the gallery 59 of 32",
        () -> HnswIndex.read(file, rows(Arrays.copyOf(values, 59 * DIMENSION))));
    Failure.says(
        DataException.class,
        "the gallery 120 of 16",
        () -> HnswIndex.read(file, EmbeddingRows.of("row", 16, values)));
    values[5] = Math.nextUp(values[5]);
    Failure.says(
        DataException.class,
        "g.hnsw: the index is of other embeddings than the gallery's",
        () -> HnswIndex.read(file, rows(values)));
  }

  @Test
  void aDamagedOrMissingIndexIsRefusedWhereverItIsCut() throws IOException {
    float[] values = faces(30, 2, 15);
    byte[] whole = Files.readAllBytes(written(values));
    Path file = folder.resolve("cut.hnsw");
    Failure.says(
        DataException.class,
        "cut.hnsw: no such file; mien index makes it",
        () -> HnswIndex.read(file, rows(values)));
    for (int length = 0; length < whole.length; length += 37) {
      Files.write(file, Arrays.copyOf(whole, length));
      Failure.says(DataException.class, "cut.hnsw: ", () -> HnswIndex.read(file, rows(values)));
    }
    byte[] changed = whole.clone();
    changed[whole.length / 2] ^= 1;
    Files.write(file, changed);
    Failure.says(
        DataException.class, "its checksum does not fit", () -> HnswIndex.read(file, rows(values)));
    Files.writeString(file, "a text that is longer than the magic");
    Failure.says(
        DataException.class, "was something else", () -> HnswIndex.read(file, rows(values)));
  }

  /** A checksum is no defence against a file made on purpose. */
  @Test
  void numbersThatLeadOutsideTheGalleryAreRefusedEvenWhereTheChecksumFits() throws IOException {
    float[] values = faces(30, 2, 16);
    byte[] whole = Files.readAllBytes(written(values));
    Path file = folder.resolve("made.hnsw");
    int refused = 0;
    for (int at = 76; at + 12 <= whole.length; at += 4) {
      for (int number : new int[] {-1, Integer.MAX_VALUE}) {
        byte[] made = whole.clone();
        ByteBuffer.wrap(made).putInt(at, number);
        CRC32C sum = new CRC32C();
        sum.update(made, 0, made.length - Long.BYTES);
        ByteBuffer.wrap(made).putLong(made.length - Long.BYTES, sum.getValue());
        Files.write(file, made);
        try (HnswIndex index = HnswIndex.read(file, rows(values))) {
          // Only the seed, 8 bytes, may be anything.
          assertTrue(at == 96 || at == 100, "accepted " + number + " at " + at);
          index.search(rows(values), 3);
        } catch (DataException e) {
          assertFalse(e.getMessage().contains("--"), e.getMessage());
          refused++;
        }
      }
    }
    assertTrue(refused > whole.length / 4, "refused " + refused);
  }

  @Test
  void embeddingsThatCannotBeComparedAreNamed() {
    float[] values = faces(10, 2, 17);
    float[] holed = values.clone();
    holed[3 * DIMENSION + 4] = Float.NaN;
    Failure.says(DataException.class, "row 3 has NaN at position 4", () -> build(rows(holed)));
    float[] zero = values.clone();
    Arrays.fill(zero, 5 * DIMENSION, 6 * DIMENSION, 0);
    Failure.says(DataException.class, "row 5 is all zeros", () -> build(rows(zero)));
    Failure.says(
        DataException.class,
        "at least 2 embeddings, found 1",
        () -> build(rows(Arrays.copyOf(values, DIMENSION))));
    try (HnswIndex index = build(rows(values))) {
      Failure.says(
          DataException.class,
          "the probes have dimension 16 and the gallery 32",
          () -> index.search(EmbeddingRows.of("probe", 16, new float[16]), 1));
      Failure.says(
          DataException.class,
          "probe 0 is all zeros",
          () -> index.search(EmbeddingRows.of("probe", DIMENSION, new float[DIMENSION]), 1));
    }
  }

  @Test
  void aClosedIndexIsNotSearched() {
    float[] values = faces(10, 2, 18);
    HnswIndex index = build(rows(values));
    index.close();
    Failure.says(
        IllegalStateException.class,
        "the index is closed",
        () -> index.search(EmbeddingRows.of("probe", DIMENSION, values), 1));
    index.close();
  }

  @Test
  void settingsOutsideTheirRangesAreRefused() {
    Failure.says(
        IllegalArgumentException.class,
        "m: expected 2 to 128, was 1",
        () -> new HnswSettings(1, 100, 100, 0));
    Failure.says(
        IllegalArgumentException.class,
        "ef-construction: expected 16 to 10000, was 15",
        () -> new HnswSettings(16, 15, 100, 0));
    Failure.says(
        IllegalArgumentException.class,
        "ef-search: expected 1 to 10000, was 0",
        () -> new HnswSettings(16, 100, 0, 0));
  }
}
