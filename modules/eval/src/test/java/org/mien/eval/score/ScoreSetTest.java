package org.mien.eval.score;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.mien.core.error.DataException;

class ScoreSetTest {
  private static Similarity at(double value) {
    return new Similarity(value);
  }

  @Test
  void acceptsAPairWhoseSimilarityEqualsTheThreshold() {
    ScoreSet scores = ScoreSet.ofSimilarities(new double[] {0.5, 0.7}, new double[] {0.5, 0.1});
    assertEquals(2, scores.genuineAccepted(at(0.5)));
    assertEquals(1, scores.impostorsAccepted(at(0.5)));
    assertEquals(1, scores.genuineAccepted(at(Math.nextUp(0.5))));
    assertEquals(0, scores.impostorsAccepted(at(Math.nextUp(0.5))));
    assertEquals(new OperatingPoint(at(0.5), 0.5, 0.0), scores.at(at(0.5)));
    assertEquals(0.75, scores.accuracyAt(at(0.5)));
  }

  @Test
  void acceptsEverythingAtMinusInfinityAndNothingAtInfinity() {
    ScoreSet scores = ScoreSet.ofSimilarities(new double[] {1, 2}, new double[] {0});
    assertEquals(2, scores.genuineAccepted(at(Double.NEGATIVE_INFINITY)));
    assertEquals(0, scores.genuineAccepted(at(Double.POSITIVE_INFINITY)));
  }

  @Test
  void takesMinusZeroForZero() {
    ScoreSet scores = ScoreSet.ofSimilarities(new double[] {-0.0}, new double[] {0.0});
    assertEquals(1, scores.genuineAccepted(at(0.0)));
    assertEquals(at(0.0), at(-0.0));
    assertEquals(at(0.0), new Distance(0).toSimilarity());
  }

  @Property
  void countsLikeALoopOverAllScores(
      @ForAll @Size(min = 1, max = 30) List<@IntRange(min = -4, max = 4) Integer> genuine,
      @ForAll @Size(min = 1, max = 30) List<@IntRange(min = -4, max = 4) Integer> impostor,
      @ForAll @IntRange(min = -10, max = 10) int halves) {
    ScoreSet scores = ScoreSet.ofSimilarities(doubles(genuine), doubles(impostor));
    double threshold = halves / 2.0;
    assertEquals(
        genuine.stream().filter(s -> s >= threshold).count(),
        scores.genuineAccepted(at(threshold)));
    assertEquals(
        impostor.stream().filter(s -> s >= threshold).count(),
        scores.impostorsAccepted(at(threshold)));
  }

  @Test
  void turnsDistancesRoundSoThatSmallOnesAreAccepted() {
    ScoreSet scores = ScoreSet.ofDistances(new double[] {0.2, 0.9}, new double[] {1.5});
    assertArrayEquals(new double[] {-0.9, -0.2}, scores.genuineAscending());
    assertEquals(2, scores.genuineAccepted(new Distance(0.9).toSimilarity()));
    assertEquals(0, scores.impostorsAccepted(new Distance(0.9).toSimilarity()));
  }

  @Test
  void doesNotChangeOrKeepTheArraysItIsGiven() {
    double[] genuine = {3, 1, 2};
    ScoreSet scores = ScoreSet.ofSimilarities(genuine, new double[] {0});
    assertArrayEquals(new double[] {3, 1, 2}, genuine);
    scores.genuineAscending()[0] = 99;
    assertEquals(3, scores.genuineAccepted(at(1)));
    assertEquals(0, scores.genuineAccepted(at(50)));
  }

  @Test
  void namesTheIndexOfANumberThatIsNotFinite() {
    DataException e =
        assertThrows(
            DataException.class,
            () -> ScoreSet.ofSimilarities(new double[] {1}, new double[] {0, Double.NaN}));
    assertEquals("impostor similarity 1: expected a finite number, was NaN", e.getMessage());
    e =
        assertThrows(
            DataException.class,
            () -> ScoreSet.ofDistances(new double[] {Double.POSITIVE_INFINITY}, new double[] {0}));
    assertEquals("genuine distance 0: expected a finite number, was Infinity", e.getMessage());
    List<ScoredPair> pairs =
        List.of(
            ScoredPair.anonymous(true, 0, at(1)),
            ScoredPair.anonymous(false, 0, at(Double.NEGATIVE_INFINITY)));
    e = assertThrows(DataException.class, () -> ScoreSet.ofPairs(pairs));
    assertEquals("pair 1: expected a finite similarity, was -Infinity", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> at(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> new Distance(Double.NaN));
  }

  @Test
  void refusesScoresOfOneKindOnly() {
    List<ScoredPair> pairs = List.of(ScoredPair.anonymous(true, 0, at(1)));
    DataException e = assertThrows(DataException.class, () -> ScoreSet.ofPairs(pairs));
    assertEquals(
        "expected genuine and impostor pairs, found 1 genuine and 0 impostor pairs",
        e.getMessage());
    assertThrows(
        DataException.class, () -> ScoreSet.ofSimilarities(new double[0], new double[] {1}));
  }

  @Test
  void refusesPairsOfWhichOnlySomeHaveFoldsOrIdentities() {
    ScoredPair known = new ScoredPair("A", "A", true, 0, at(1));
    DataException e =
        assertThrows(
            DataException.class,
            () -> ScoreSet.ofPairs(List.of(known, ScoredPair.anonymous(false, 0, at(0)))));
    assertEquals(
        "pair 1: expected identities for all pairs or for none, unlike pair 0", e.getMessage());
    e =
        assertThrows(
            DataException.class,
            () ->
                ScoreSet.ofPairs(
                    List.of(known, new ScoredPair("A", "B", false, ScoredPair.NO_FOLD, at(0)))));
    assertEquals(
        "pair 1: expected a fold for all pairs or for none, unlike pair 0", e.getMessage());
  }

  @Test
  void knowsWhetherThereAreFoldsAndIdentities() {
    ScoreSet full =
        ScoreSet.ofPairs(
            List.of(
                new ScoredPair("A", "A", true, 0, at(1)),
                new ScoredPair("A", "B", false, 0, at(0))));
    assertTrue(full.hasFolds());
    assertTrue(full.hasIdentities());
    ScoreSet bare = ScoreSet.ofSimilarities(new double[] {1}, new double[] {0});
    assertFalse(bare.hasFolds());
    assertFalse(bare.hasIdentities());
  }

  @Test
  void aPairContradictingItsIdentitiesIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new ScoredPair("A", "B", true, 0, at(1)));
    assertThrows(IllegalArgumentException.class, () -> new ScoredPair("A", "A", false, 0, at(1)));
    assertThrows(IllegalArgumentException.class, () -> new ScoredPair("A", null, false, 0, at(1)));
    assertThrows(IllegalArgumentException.class, () -> ScoredPair.anonymous(true, -2, at(1)));
    assertThrows(IllegalArgumentException.class, () -> ScoredPair.anonymous(true, 0, null));
  }

  private static double[] doubles(List<Integer> values) {
    return values.stream().mapToDouble(Integer::doubleValue).toArray();
  }
}
