package org.mien.eval.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.mien.eval.score.ScoreSet;

class CurveShapeTest {
  @Test
  void tiedGenuineAndImpostorPairsMakeASlopingLine() {
    RocCurve roc = RocCurve.of(ScoreSet.ofSimilarities(new double[] {1, 2}, new double[] {1, 0}));
    assertEquals(4, roc.points());
    assertEquals(0.5, roc.tar(1));
    assertEquals(0, roc.far(1));
    assertEquals(1, roc.tar(2));
    assertEquals(0.5, roc.far(2));
    assertEquals(0.875, roc.area());
  }

  @Test
  void cornersLeaveOutOnlyPointsWithinLevelAndSteepRuns() {
    RocCurve roc =
        RocCurve.of(
            ScoreSet.ofSimilarities(new double[] {9, 8, 7, 3}, new double[] {6, 5, 4, 2, 1}));
    RocCurve corners = roc.corners();
    assertEquals(10, roc.points());
    // (0, 0), (0, 3/4), (3/5, 3/4), (3/5, 1), (1, 1).
    assertEquals(5, corners.points());
    assertEquals(0.75, corners.tar(1));
    assertEquals(0.6, corners.far(2));
    assertEquals(7, corners.threshold(1).value());
    assertEquals(roc.area(), corners.area());
  }

  @Test
  void deviatesAreInfiniteWhereAPlotHasNoPlace() {
    DetCurve det =
        DetCurve.of(RocCurve.of(ScoreSet.ofSimilarities(new double[] {1, 2}, new double[] {1, 0})));
    assertEquals(Double.NEGATIVE_INFINITY, det.fmrDeviate(0));
    assertEquals(Double.POSITIVE_INFINITY, det.fnmrDeviate(0));
    assertEquals(0, det.fmrDeviate(2), 1e-15);
    assertThrows(IllegalArgumentException.class, () -> DetCurve.normalDeviate(1.01));
    assertThrows(IllegalArgumentException.class, () -> DetCurve.normalDeviate(Double.NaN));
  }

  @Test
  void equalErrorRateIsExactWhereAPointHasEqualRates() {
    RocCurve roc = RocCurve.of(ScoreSet.ofSimilarities(new double[] {3, 1}, new double[] {2, 0}));
    EqualErrorRate eer = EqualErrorRate.of(roc);
    assertEquals(0.5, eer.value());
    assertEquals(2, eer.threshold().value());
    assertEquals(0.5, eer.fmr());
    assertEquals(0.5, eer.fnmr());
  }

  @Test
  void equalErrorRateOfScoresThatAllTieIsOneHalfAtAFiniteThreshold() {
    EqualErrorRate eer =
        EqualErrorRate.of(
            RocCurve.of(ScoreSet.ofSimilarities(new double[] {5, 5}, new double[] {5})));
    assertEquals(0.5, eer.value());
    assertEquals(5, eer.threshold().value());
  }

  @Test
  void histogramOfEqualScoresHasAWidth() {
    ScoreHistogram histogram =
        ScoreHistogram.of(ScoreSet.ofSimilarities(new double[] {5, 5}, new double[] {5}), 4);
    assertEquals(4.5, histogram.edge(0));
    assertEquals(5.5, histogram.edge(4));
    assertEquals(2, histogram.genuine().get(2));
    assertEquals(1, histogram.impostors().get(2));
  }
}
