package org.mien.eval.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mien.core.error.DataException;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.score.Similarity;

class KFoldAccuracyTest {
  private final List<ScoredPair> pairs = new ArrayList<>();

  private void add(int fold, boolean genuine, double... similarities) {
    for (double similarity : similarities) {
      pairs.add(ScoredPair.anonymous(genuine, fold, new Similarity(similarity)));
    }
  }

  private KFoldAccuracy accuracy() {
    return KFoldAccuracy.of(ScoreSet.ofPairs(pairs));
  }

  @Test
  void thresholdIsTheMiddleOfTheGapBetweenSeparatedScores() {
    add(0, true, 0.9);
    add(0, false, 0.75);
    add(1, true, 0.8);
    add(1, false, 0.4);
    KFoldAccuracy found = accuracy();
    // Chosen on the other fold: between 0.4 and 0.8, and between 0.75 and 0.9.
    assertEquals(0.6, found.folds().get(0).threshold().value(), 1e-15);
    assertEquals(0.825, found.folds().get(1).threshold().value(), 1e-15);
    assertEquals(0.5, found.folds().get(0).accuracy());
    assertEquals(1, found.folds().get(0).far());
    assertEquals(1, found.folds().get(0).tar());
    assertEquals(0.5, found.folds().get(1).accuracy());
    assertEquals(0, found.folds().get(1).far());
    assertEquals(0, found.folds().get(1).tar());
    assertEquals(1, found.folds().get(1).trainingAccuracy());
  }

  @Test
  void ofTwoEquallyAccurateThresholdsTheHigherIsTaken() {
    add(0, true, 1);
    add(0, false, 0);
    // Right in 3 of 4: between 0 and 1, and between 2 and 3.
    add(1, true, 1, 3);
    add(1, false, 0, 2);
    assertEquals(2.5, accuracy().folds().get(0).threshold().value());
  }

  @Test
  void ofThreeEquallyAccurateThresholdsTheMiddleOneIsTaken() {
    add(0, true, 1);
    add(0, false, 0);
    // Right in 4 of 6: between 0 and 1, 2 and 3, 4 and 5.
    add(1, true, 1, 3, 5);
    add(1, false, 0, 2, 4);
    assertEquals(2.5, accuracy().folds().get(0).threshold().value());
  }

  @Test
  void acceptsAllOrNoneWhereThatIsBest() {
    add(0, true, 0, 0, 0);
    add(0, false, 1);
    add(1, true, 0);
    add(1, false, 1, 1, 1);
    KFoldAccuracy found = accuracy();
    assertEquals(Math.nextUp(1.0), found.folds().get(0).threshold().value());
    assertEquals(0, found.folds().get(1).threshold().value());
    assertEquals(0.75, found.folds().get(1).trainingAccuracy());
  }

  @Test
  void neighbouringNumbersStillSeparate() {
    double high = Math.nextUp(0.5);
    for (int fold = 0; fold < 2; fold++) {
      add(fold, true, high);
      add(fold, false, 0.5);
    }
    assertEquals(1, accuracy().accuracy().mean());
  }

  @Test
  void meanAndDeviationsOverFolds() {
    // Three folds of two pairs: all right, all right, half right.
    for (int fold = 0; fold < 3; fold++) {
      add(fold, true, fold == 2 ? 0.1 : 0.9);
      add(fold, false, 0.2);
    }
    KFoldAccuracy found = accuracy();
    assertEquals(2.5 / 3, found.accuracy().mean(), 1e-15);
    assertEquals(Math.sqrt(1 / 12.0), found.accuracy().sampleStandardDeviation(), 1e-15);
    assertEquals(Math.sqrt(1 / 18.0), found.accuracy().populationStandardDeviation(), 1e-15);
    assertEquals(1 / 6.0, found.accuracy().standardError(), 1e-15);
  }

  @Test
  void refusesAnEmptyFold() {
    add(0, true, 1);
    add(0, false, 0);
    add(2, true, 1);
    add(2, false, 0);
    DataException e = assertThrows(DataException.class, this::accuracy);
    assertEquals(
        "fold 1: expected genuine and impostor pairs, found 0 genuine and 0 impostor pairs",
        e.getMessage());
  }

  @Test
  void refusesAFoldOfOneKind() {
    add(0, true, 1);
    add(0, false, 0);
    add(1, true, 1, 2);
    DataException e = assertThrows(DataException.class, this::accuracy);
    assertEquals(
        "fold 1: expected genuine and impostor pairs, found 2 genuine and 0 impostor pairs",
        e.getMessage());
  }

  @Test
  void refusesASingleFoldNoFoldsAndFoldNumbersThatCannotBeFilled() {
    add(0, true, 1);
    add(0, false, 0);
    assertThrows(DataException.class, this::accuracy);
    assertThrows(
        DataException.class,
        () -> KFoldAccuracy.of(ScoreSet.ofSimilarities(new double[] {1}, new double[] {0})));
    add(Integer.MAX_VALUE - 1, true, 1);
    DataException e = assertThrows(DataException.class, this::accuracy);
    assertEquals(
        "expected folds numbered 0, 1, 2 and so on, found fold 2147483646 among 3 pairs",
        e.getMessage());
  }
}
