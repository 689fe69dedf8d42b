package org.mien.eval.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.DataException;
import org.mien.eval.ScoredPairs;
import org.mien.eval.fairness.ComparedImages;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.score.Similarity;

/** Scores kept by runs, and what they are compared by. */
final class PairedRunsTest {
  @TempDir private Path folder;

  private static List<ComparedImages> named(List<ScoredPair> pairs) {
    List<ComparedImages> images = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i++) {
      images.add(new ComparedImages("a" + i + ", \"ü\".jpg", "b" + i, pairs.get(i)));
    }
    return images;
  }

  private static ComparedImages pair(int name, boolean genuine, double similarity) {
    return new ComparedImages(
        "a" + name,
        "b" + name,
        ScoredPair.anonymous(genuine, ScoredPair.NO_FOLD, new Similarity(similarity)));
  }

  @Test
  void aFileGivesBackEveryDigitAndName() {
    List<ComparedImages> pairs = named(ScoredPairs.random(new Random(1), 9, 300, 4, 0, 0.3));
    Path file = ScoreFile.in(folder.resolve("scores"), "own pairs");
    ScoreFile.write(pairs, file);
    assertEquals(pairs, ScoreFile.read(file));
    assertEquals("own-pairs.csv.gz", file.getFileName().toString());
  }

  @Test
  void namesIdentitiesAndFoldsThatAreNotToldStayUntold() {
    List<ComparedImages> pairs =
        List.of(
            new ComparedImages(
                null, null, ScoredPair.anonymous(true, ScoredPair.NO_FOLD, new Similarity(-0.25))));
    Path file = folder.resolve("scores.csv.gz");
    ScoreFile.write(pairs, file);
    assertEquals(pairs, ScoreFile.read(file));
  }

  @Test
  void aLineThatIsNoPairIsNamed() throws IOException {
    Path file = folder.resolve("bad.csv.gz");
    gzip(
        file, "imageA,identityA,imageB,identityB,genuine,fold,score\na,,b,,1,,0.5\na,,b,,2,,0.5\n");
    String message = assertThrows(DataException.class, () -> ScoreFile.read(file)).getMessage();
    assertTrue(message.contains(":3: genuine: expected 0 or 1, was 2"), message);
    gzip(file, "x,y\n");
    message = assertThrows(DataException.class, () -> ScoreFile.read(file)).getMessage();
    assertTrue(message.contains("expected the columns"), message);
    Files.writeString(file, "not gzip");
    assertThrows(DataException.class, () -> ScoreFile.read(file));
  }

  private static void gzip(Path file, String text) throws IOException {
    try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void pairsAreMatchedByNameWhateverTheirOrder() {
    List<ComparedImages> first = named(ScoredPairs.random(new Random(2), 9, 40, 4, 0, 0.3));
    List<ComparedImages> reversed = new ArrayList<>(first);
    Collections.reverse(reversed);
    PairedScores matched = PairedScores.of(first, reversed);
    assertTrue(matched.complete());
    assertEquals(first, matched.second());
    PairedScores part = PairedScores.of(first.subList(0, 30), reversed.subList(0, 25));
    assertFalse(part.complete());
    assertEquals(first.subList(15, 30), part.first());
    assertEquals(15, part.onlyFirst());
    assertEquals(10, part.onlySecond());
  }

  @Test
  void aPairThatOccursTwiceIsMatchedTwiceAndNoOftener() {
    PairedScores matched =
        PairedScores.of(
            List.of(pair(1, true, 0.1), pair(1, true, 0.2), pair(1, true, 0.3)),
            List.of(pair(1, true, 0.4), pair(1, true, 0.5)));
    assertEquals(2, matched.first().size());
    assertEquals(0.5, matched.second().get(1).pair().similarity().value());
    assertEquals(1, matched.onlyFirst());
  }

  @Test
  void decisionsAreCountedAtEachModelsOwnThreshold() {
    List<ComparedImages> first = new ArrayList<>();
    List<ComparedImages> second = new ArrayList<>();
    // 200 impostors: at an FMR of 1e-2 two may pass, so the third highest is refused.
    for (int i = 0; i < 200; i++) {
      first.add(pair(i, false, i / 1000.0));
      second.add(pair(i, false, 10 + (200 - i) / 1000.0));
    }
    double[] ofFirst = {0.9, 0.9, 0.9, 0.1, 0.1};
    double[] ofSecond = {11, 11, 10, 11, 10};
    for (int i = 0; i < ofFirst.length; i++) {
      first.add(pair(1000 + i, true, ofFirst[i]));
      second.add(pair(1000 + i, true, ofSecond[i]));
    }
    DecisionTable table = DecisionTable.of(PairedScores.of(first, second));
    long wrongOfFirst = table.bothWrong() + table.onlySecondRight();
    assertEquals(1, table.bothWrong());
    assertEquals(
        2 + 1 + 200 - 4, table.bothRight() + 1, "genuine and impostor pairs both got right");
    assertEquals(2 + 2, wrongOfFirst);
    assertEquals(
        3, table.onlyFirstRight(), "one genuine pair and two impostors that the other takes");
    assertEquals(3, table.onlySecondRight());
    assertEquals(1, table.pValue(), 1e-12);
    assertEquals(6, table.differing().size());
  }

  @Test
  void theExactTestIsThatOfTheBinomialDistribution() {
    List<ComparedImages> first = new ArrayList<>();
    List<ComparedImages> second = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      first.add(pair(i, false, 0));
      second.add(pair(i, false, 0));
    }
    for (int i = 0; i < 5; i++) {
      first.add(pair(1000 + i, true, -1));
      second.add(pair(1000 + i, true, 1));
    }
    DecisionTable table = DecisionTable.of(PairedScores.of(first, second));
    assertEquals(0, table.onlyFirstRight());
    assertEquals(5, table.onlySecondRight());
    assertEquals(2 / 32.0, table.pValue(), 1e-12);
  }
}
