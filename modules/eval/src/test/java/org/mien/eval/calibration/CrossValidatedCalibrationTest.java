package org.mien.eval.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.mien.core.error.DataException;
import org.mien.eval.ScoredPairs;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.score.Similarity;

final class CrossValidatedCalibrationTest {
  private static CrossValidatedCalibration judged(List<ScoredPair> pairs) {
    return CrossValidatedCalibration.of(ScoreSet.ofPairs(pairs), 50, new SplittableRandom(1));
  }

  @Test
  void scoresWhoseRatioIsAStraightLineAreWellCalibrated() {
    // Two normal distributions of one width: the log likelihood ratio is linear in the score.
    CrossValidatedCalibration found =
        judged(ScoredPairs.random(new Random(3), 300, 20_000, 5, 0, 0.5));
    assertTrue(found.expectedError().value() < 0.01, found.expectedError().toString());
    assertTrue(found.cost().calibrationLoss().value() < 0.01, found.cost().toString());
    assertEquals(10, found.bins().size());
    for (CrossValidatedCalibration.Bin bin : found.bins()) {
      assertEquals(bin.predicted(), bin.observed(), 0.1, found.bins().toString());
    }
    assertTrue(found.metrics().keySet().containsAll(List.of("cllr", "cllr.min", "ece")));
  }

  @Test
  void aFoldUnlikeTheOthersCostsBecauseItIsJudgedByThem() {
    List<ScoredPair> shifted = new ArrayList<>();
    for (ScoredPair pair : ScoredPairs.random(new Random(4), 100, 4000, 2, 0, 0.5)) {
      // What fold 0 calls alike, fold 1 calls different.
      double offset = pair.fold() == 0 ? 0 : 1;
      shifted.add(
          new ScoredPair(
              pair.identityA(),
              pair.identityB(),
              pair.genuine(),
              pair.fold(),
              new Similarity(pair.similarity().value() + offset)));
    }
    CrossValidatedCalibration found = judged(shifted);
    double own =
        LogLikelihoodRatioCost.of(
                ScoreSet.ofPairs(shifted),
                LogisticCalibration.of(ScoreSet.ofPairs(shifted)),
                50,
                new SplittableRandom(1))
            .cllr()
            .value();
    assertTrue(found.cost().cllr().value() > 2 * own, found.cost() + " against " + own);
    assertTrue(found.expectedError().value() > 0.3, found.expectedError().toString());
  }

  @Test
  void withoutFoldsNothingIsJudgedByWhatItWasLearnedFrom() {
    List<ScoredPair> pairs = ScoredPairs.random(new Random(5), 30, 200, 0, 0, 0.5);
    String message = assertThrows(DataException.class, () -> judged(pairs)).getMessage();
    assertTrue(message.contains("at least two folds"), message);
  }
}
