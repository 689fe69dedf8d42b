package org.mien.eval.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.mien.eval.ScoredPairs;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.score.Similarity;
import org.mien.eval.uncertainty.ClopperPearson;

class CurveBandsTest {
  @Test
  void theGridIsEvenOnALogarithmicAxis() {
    List<FarTarget> grid = CurveBands.logGrid(2, 5);
    assertEquals(
        List.of(0.01, 0.0158, 0.0251, 0.0398, 0.0631, 0.1, 0.158, 0.251, 0.398, 0.631),
        grid.stream().map(FarTarget::rate).toList());
    assertThrows(IllegalArgumentException.class, () -> CurveBands.logGrid(0, 5));
  }

  @Test
  void bandsSurroundTheCurveAndLeaveOutWhatTheImpostorsCannotShow() {
    ScoreSet scores = ScoreSet.ofPairs(ScoredPairs.random(new Random(4), 60, 1000, 0, 0, 0.5));
    CurveBands bands =
        CurveBands.of(scores, CurveBands.logGrid(4, 4), 300, 0.95, new SplittableRandom(1));
    for (CurveBands.Point point : bands.points()) {
      assertEquals(TarAtFar.at(scores, point.fmr()).tar(), 1 - point.fnmr(), 1e-15);
      assertTrue(point.bootstrapped(), point.toString());
      assertTrue(
          point.interval().low() < point.fnmr() && point.fnmr() < point.interval().high(),
          point.toString());
      assertEquals(1 - point.interval().low(), point.tarInterval().high());
    }
    assertEquals(16, bands.points().size() + bands.leftOut().size());
    // 500 impostors: 1 / 500 = 2e-3 lies between 1.78e-3 and 3.16e-3.
    assertEquals(0.00316, bands.points().get(0).fmr().rate());
    assertEquals(0.00178, bands.leftOut().get(bands.leftOut().size() - 1).rate());
  }

  @Test
  void theOrderOfThePairsDoesNotMatterToTheCurve() {
    List<ScoredPair> pairs = ScoredPairs.random(new Random(5), 30, 400, 0, 5, 0.4);
    List<ScoredPair> shuffled = new ArrayList<>(pairs);
    Collections.shuffle(shuffled, new Random(6));
    CurveBands first = CurveBands.of(ScoreSet.ofPairs(pairs), 50, new SplittableRandom(1));
    CurveBands second = CurveBands.of(ScoreSet.ofPairs(shuffled), 50, new SplittableRandom(1));
    assertEquals(first.leftOut(), second.leftOut());
    for (int i = 0; i < first.points().size(); i++) {
      assertEquals(first.points().get(i).fnmr(), second.points().get(i).fnmr());
      assertEquals(first.points().get(i).threshold(), second.points().get(i).threshold());
    }
  }

  @Test
  void clopperPearsonStandsInWithoutIdentitiesAndWithoutErrors() {
    ScoreSet unknown =
        ScoreSet.ofSimilarities(new double[] {0.9, 0.8, 0.1}, new double[] {0, 0.2, 0.3, 0.4});
    CurveBands bands =
        CurveBands.of(unknown, List.of(new FarTarget(0.5)), 10, 0.95, new SplittableRandom(1));
    assertFalse(bands.points().get(0).bootstrapped());
    assertEquals(ClopperPearson.interval(1, 3, 0.95), bands.points().get(0).interval());
    List<ScoredPair> separated =
        List.of(
            new ScoredPair("A", "A", true, 0, new Similarity(0.9)),
            new ScoredPair("B", "B", true, 0, new Similarity(0.9)),
            new ScoredPair("A", "B", false, 0, new Similarity(0.1)),
            new ScoredPair("A", "B", false, 0, new Similarity(0.2)));
    bands =
        CurveBands.of(
            ScoreSet.ofPairs(separated),
            List.of(new FarTarget(0.5)),
            20,
            0.95,
            new SplittableRandom(1));
    assertFalse(bands.points().get(0).bootstrapped());
    assertEquals(ClopperPearson.interval(0, 2, 0.95), bands.points().get(0).interval());
  }
}
