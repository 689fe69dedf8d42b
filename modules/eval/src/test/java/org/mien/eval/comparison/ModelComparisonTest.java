package org.mien.eval.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.mien.core.error.DataException;
import org.mien.eval.ScoredPairs;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.score.Similarity;
import org.mien.eval.verification.KFoldAccuracy;

class ModelComparisonTest {
  private static final ComparisonOptions FEW =
      new ComparisonOptions(List.of(new FarTarget(0.1), new FarTarget(0.01)), 200);

  /** The same pairs under another model: the similarity changed by a little noise. */
  private static List<ScoredPair> rescored(
      List<ScoredPair> pairs, Random random, double noise, double gain) {
    List<ScoredPair> others = new ArrayList<>();
    for (ScoredPair pair : pairs) {
      double similarity =
          pair.similarity().value() + noise * random.nextGaussian() + (pair.genuine() ? gain : 0);
      others.add(
          new ScoredPair(
              pair.identityA(),
              pair.identityB(),
              pair.genuine(),
              pair.fold(),
              new Similarity(similarity)));
    }
    return others;
  }

  private static ComparisonResult compare(List<ScoredPair> a, List<ScoredPair> b, long seed) {
    return ModelComparison.compare(
        "first",
        ScoreSet.ofPairs(a),
        "second",
        ScoreSet.ofPairs(b),
        FEW,
        new SplittableRandom(seed));
  }

  @Property(tries = 200)
  void weightedAccuracyIsThatOfPairsWrittenOutAsOftenAsTheyCount(@ForAll long seed) {
    Random random = new Random(seed);
    List<ScoredPair> pairs =
        ScoredPairs.random(random, 8, 40, 4, random.nextBoolean() ? 4 : 0, 0.2);
    int[] weights = new int[pairs.size()];
    Arrays.setAll(weights, i -> random.nextInt(4));
    // Every fold keeps a pair of each kind, without which the definition refuses it.
    for (int i = 0; i < 8; i++) {
      weights[i] = Math.max(1, weights[i]);
    }
    double expected =
        KFoldAccuracy.of(ScoreSet.ofPairs(ScoredPairs.writtenOut(pairs, weights)))
            .accuracy()
            .mean();
    assertEquals(expected, new WeightedFolds(ScoreSet.ofPairs(pairs)).accuracy(weights), 1e-12);
  }

  @Test
  void foldsWithoutWeightAreLeftOut() {
    List<ScoredPair> pairs = ScoredPairs.random(new Random(1), 8, 60, 3, 0, 0.2);
    int[] weights = new int[pairs.size()];
    Arrays.setAll(weights, i -> pairs.get(i).fold() == 2 ? 0 : 1);
    double expected =
        KFoldAccuracy.of(ScoreSet.ofPairs(pairs.stream().filter(p -> p.fold() < 2).toList()))
            .accuracy()
            .mean();
    WeightedFolds folds = new WeightedFolds(ScoreSet.ofPairs(pairs));
    assertEquals(expected, folds.accuracy(weights), 1e-12);
    Arrays.setAll(weights, i -> pairs.get(i).fold() == 0 ? 1 : 0);
    assertTrue(Double.isNaN(folds.accuracy(weights)), "one fold has no other to learn from");
  }

  @Test
  void aModelDoesNotDifferFromItself() {
    List<ScoredPair> pairs = ScoredPairs.random(new Random(2), 40, 300, 5, 0, 0.3);
    ComparisonResult result = compare(pairs, pairs, 1);
    assertEquals(
        List.of("accuracy", "auc", "eer", "tar@far=1e-1", "tar@far=1e-2"),
        result.figures().stream().map(ComparedFigure::name).toList());
    for (ComparedFigure figure : result.figures()) {
      assertEquals(0, figure.difference().value());
      assertNull(figure.difference().low());
      assertEquals(1, figure.pValue());
      assertTrue(figure.includesZero());
      assertTrue(figure.difference().note().contains("no interval"), figure.toString());
    }
  }

  @Test
  void aClearlyBetterModelIsToldFromAWorseOneAndTheOrderTurnsTheSign() {
    List<ScoredPair> worse = ScoredPairs.random(new Random(3), 60, 600, 10, 0, 0.2);
    List<ScoredPair> better = rescored(worse, new Random(4), 0.02, 0.3);
    ComparisonResult result = compare(worse, better, 5);
    ComparisonResult turned = compare(better, worse, 5);
    for (int i = 0; i < result.figures().size(); i++) {
      ComparedFigure figure = result.figures().get(i);
      assertEquals(figure.second() - figure.first(), figure.difference().value(), 1e-15);
      assertFalse(figure.includesZero(), figure.toString());
      assertTrue(figure.pValue() <= 2.0 / 201 + 1e-12, figure.toString());
      ComparedFigure other = turned.figures().get(i);
      assertEquals(-figure.difference().low(), other.difference().high(), 1e-12);
      assertEquals(figure.pValue(), other.pValue());
    }
    assertEquals(300, result.impostorPairs());
    // 1e-2 of 300 impostors is 3 errors.
    assertTrue(result.figures().get(4).difference().note().contains("rule of 30"));
  }

  @Test
  void pairingSeesDifferencesThatTwoIntervalsWouldHide() {
    List<ScoredPair> first = ScoredPairs.random(new Random(6), 80, 800, 0, 0, 0.35);
    ComparedFigure auc =
        compare(first, rescored(first, new Random(7), 0.005, 0.03), 1).figures().get(0);
    assertFalse(auc.includesZero(), auc.toString());
    double width = auc.difference().high() - auc.difference().low();
    // The interval of one model's AUC, seen against a model that knows nothing of it.
    List<ScoredPair> unrelated = ScoredPairs.random(new Random(6), 80, 800, 0, 0, 0.35);
    ComparedFigure apart =
        compare(first, rescored(unrelated, new Random(8), 0.3, 0.05), 1).figures().get(0);
    assertTrue(
        width < 0.5 * (apart.difference().high() - apart.difference().low()), auc + " " + apart);
  }

  /** Two models of equal worth: about one comparison in twenty may claim a difference. */
  @Test
  void equalModelsAreSeldomToldApart() {
    int claims = 0;
    int runs = 60;
    for (int run = 0; run < runs; run++) {
      List<ScoredPair> truth = ScoredPairs.random(new Random(100 + run), 40, 240, 0, 0, 0.3);
      List<ScoredPair> a = rescored(truth, new Random(1000 + run), 0.1, 0);
      List<ScoredPair> b = rescored(truth, new Random(2000 + run), 0.1, 0);
      claims += compare(a, b, run).figures().get(0).includesZero() ? 0 : 1;
    }
    // Binomial(60, 0.05) exceeds 9 with probability 0.001.
    assertTrue(claims <= 9, claims + " of " + runs + " comparisons claim a difference");
  }

  @Test
  void refusesOtherPairsNamingTheRow() {
    List<ScoredPair> pairs = ScoredPairs.random(new Random(9), 10, 20, 2, 0, 0.3);
    List<ScoredPair> others = new ArrayList<>(pairs);
    others.set(7, new ScoredPair("x", "y", false, 1, new Similarity(0)));
    DataException e = assertThrows(DataException.class, () -> compare(pairs, others, 1));
    assertTrue(e.getMessage().startsWith("pair 7: expected the same pair"), e.getMessage());
    assertTrue(e.getMessage().contains("the impostor pair x, y in fold 1 of second"));
    DataException fewer =
        assertThrows(DataException.class, () -> compare(pairs, pairs.subList(0, 18), 1));
    assertTrue(fewer.getMessage().contains("20 of first and 18 of second"));
  }

  @Test
  void aThousandReplicatesOfAllLfwPairsTakeSeconds() {
    List<ScoredPair> pairs = ScoredPairs.random(new Random(11), 4281, 6000, 10, 0, 0.8);
    List<ScoredPair> others = rescored(pairs, new Random(12), 0.1, 0);
    ScoreSet a = ScoreSet.ofPairs(pairs);
    ScoreSet b = ScoreSet.ofPairs(others);
    long start = System.nanoTime();
    // The bound leaves room for a busy machine.
    assertTimeout(
        Duration.ofSeconds(20),
        () ->
            ModelComparison.compare(
                "a", a, "b", b, ComparisonOptions.defaults(), new SplittableRandom(1)));
    System.out.printf(
        "comparison, 1000 replicates of 6000 pairs: %.2f s%n", (System.nanoTime() - start) / 1e9);
  }
}
