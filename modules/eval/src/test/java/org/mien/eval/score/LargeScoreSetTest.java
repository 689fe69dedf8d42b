package org.mien.eval.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.mien.core.error.DataException;
import org.mien.eval.Failure;
import org.mien.eval.metrics.Metric;

final class LargeScoreSetTest {
  private static final FarTarget TENTH = new FarTarget(0.1);

  /** Impostors 1 to 10 in tenths, genuine between them. */
  private static LargeScoreSet small() {
    return LargeScoreSet.of(
        new float[] {0.95f, 0.85f, 0.55f, 1.5f},
        new float[] {0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f, 0.7f, 0.8f, 0.9f, 1.0f});
  }

  @Test
  void theThresholdIsJustAboveTheFirstImpostorThatMustBeRefused() {
    AcceptedAtFar point = small().at(TENTH, FarRule.AT_MOST);
    assertEquals(Math.nextUp(0.9f), point.threshold().value());
    assertEquals(1, point.falseAccepts());
    assertEquals(2, point.trueAccepts());
    assertEquals(0.5, point.tar());
  }

  @Test
  void theNearestPointMayExceedTheTargetAndTakesTheHigherOfTwo() {
    // 0.14 is nearer to 1 than to 2 of 10, 0.16 nearer to 2, and 0.25 is between 2 and 3.
    assertEquals(1, small().at(new FarTarget(0.14), FarRule.NEAREST).falseAccepts());
    assertEquals(2, small().at(new FarTarget(0.16), FarRule.NEAREST).falseAccepts());
    AcceptedAtFar between = small().at(new FarTarget(0.25), FarRule.NEAREST);
    assertEquals(3, between.falseAccepts());
    // Of the thresholds with three false accepts the lowest, just above 0.7.
    assertEquals(3, between.trueAccepts());
    assertEquals(10, small().at(new FarTarget(0.99), FarRule.NEAREST).falseAccepts());
    assertEquals(1, small().at(new FarTarget(0.99), FarRule.NEAREST).tar());
  }

  @Test
  void tiedImpostorsAreRefusedTogetherUnlessTheNearestRuleTakesThemTogether() {
    LargeScoreSet tied =
        LargeScoreSet.of(
            new float[] {0.5f, 0.9f}, new float[] {0.5f, 0.5f, 0.5f, 0.1f, 0, 0, 0, 0, 0, 0});
    AcceptedAtFar strict = tied.at(new FarTarget(0.2), FarRule.AT_MOST);
    assertEquals(0, strict.falseAccepts());
    assertEquals(0.5, strict.tar());
    assertTrue(strict.warning().isPresent());
    AcceptedAtFar nearest = tied.at(new FarTarget(0.2), FarRule.NEAREST);
    assertEquals(3, nearest.falseAccepts());
    assertEquals(1, nearest.tar());
  }

  @Test
  void itAgreesWithTheSetOfDoublesOnRandomScoresWithTies() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 50; round++) {
      float[] genuine = draw(1 + random.nextInt(60), 3, random);
      float[] impostors = draw(1 + random.nextInt(200), 0, random);
      ScoreSet doubles = ScoreSet.ofSimilarities(toDoubles(genuine), toDoubles(impostors));
      LargeScoreSet floats = LargeScoreSet.of(genuine.clone(), impostors.clone());
      for (double rate : new double[] {0.001, 0.05, 0.3, 0.7}) {
        FarTarget target = new FarTarget(rate);
        AcceptedAtFar point = floats.at(target, FarRule.AT_MOST);
        assertEquals(
            doubles.impostorsAccepted(point.threshold()),
            point.falseAccepts(),
            String.format("seed %d", seed));
        assertTrue(
            point.falseAccepts() <= target.allowedFalseAccepts(impostors.length),
            String.format("seed %d", seed));
        assertEquals(doubles.genuineAccepted(point.threshold()), point.trueAccepts());
        checkNearest(floats, doubles, impostors, rate);
      }
      double area = 0;
      for (float g : genuine) {
        for (float i : impostors) {
          area += g > i ? 1 : g == i ? 0.5 : 0;
        }
      }
      LargeRoc roc = LargeRoc.of(floats);
      assertEquals(
          area / genuine.length / impostors.length,
          roc.area().getAsDouble(),
          1e-12,
          String.format("seed %d", seed));
      assertEquals(0, roc.points().get(0).tar());
      assertEquals(1, roc.points().get(roc.points().size() - 1).tar());
      assertEquals(1, roc.points().get(roc.points().size() - 1).fmr());
      for (OperatingPoint point : roc.points()) {
        assertEquals(doubles.at(point.threshold()), point);
      }
    }
  }

  /** All thresholds there are, tried one by one. */
  private static void checkNearest(
      LargeScoreSet floats, ScoreSet doubles, float[] impostors, double rate) {
    double best = Double.POSITIVE_INFINITY;
    OperatingPoint nearest = null;
    double[] thresholds = new double[impostors.length + 2];
    thresholds[0] = Double.NEGATIVE_INFINITY;
    thresholds[1] = Double.POSITIVE_INFINITY;
    for (int i = 0; i < impostors.length; i++) {
      thresholds[i + 2] = Math.nextUp(impostors[i]);
    }
    Arrays.sort(thresholds);
    for (double threshold : thresholds) {
      OperatingPoint point = doubles.at(new Similarity(threshold));
      // From the loosest to the strictest: the first of equally near ones has the higher FAR.
      if (Math.abs(point.fmr() - rate) < best - 1e-12) {
        best = Math.abs(point.fmr() - rate);
        nearest = point;
      }
    }
    AcceptedAtFar found = floats.at(new FarTarget(rate), FarRule.NEAREST);
    assertEquals(nearest.fmr(), found.far());
    assertEquals(nearest.tar(), found.tar(), 1e-12);
  }

  private static float[] draw(int count, int shift, SplittableRandom random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (random.nextInt(20) + shift - 10) / 8f;
    }
    return values;
  }

  private static double[] toDoubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  @Test
  void theHighestImpostorsAloneGiveTheSamePointsAndRefuseTheRest() {
    float[] genuine = {0.95f, 0.85f, 0.55f, 1.5f};
    LargeScoreSet tail = LargeScoreSet.ofTail(genuine.clone(), new float[] {1.0f, 0.9f, 0.8f}, 10);
    assertEquals(small().at(TENTH, FarRule.AT_MOST), tail.at(TENTH, FarRule.AT_MOST));
    assertEquals(0.2, tail.highestKnownFar());
    Failure.says(
        RuntimeException.class,
        "needs the 4 highest impostor scores; 3 are known",
        () -> tail.at(new FarTarget(0.3), FarRule.AT_MOST));
    Failure.says(
        RuntimeException.class,
        "is not above the lowest",
        () -> tail.impostorsAccepted(new Similarity(0.8f)));
    LargeRoc roc = LargeRoc.of(tail);
    assertTrue(roc.area().isEmpty());
    assertEquals(0.2, roc.points().get(roc.points().size() - 1).fmr());
  }

  @Test
  void theEqualErrorRateIsThatOfTheWholeCurve() {
    LargeScoreSet scores =
        LargeScoreSet.of(new float[] {0.9f, 0.8f, 0.3f}, new float[] {0.7f, 0.2f, 0.1f});
    assertEquals(1 / 3.0, LargeRoc.of(scores).equalErrorRate().getAsDouble(), 1e-12);
  }

  @Test
  void scoresThatAreNoNumbersAndEmptyKindsAreRefused() {
    Failure.says(
        DataException.class,
        "impostor similarity 1",
        () -> LargeScoreSet.of(new float[] {1}, new float[] {0, Float.NaN}));
    Failure.says(
        RuntimeException.class,
        "0 genuine and 1 impostor",
        () -> LargeScoreSet.of(new float[0], new float[] {0}));
    Failure.says(
        RuntimeException.class,
        "pair 2",
        () -> LargeScoreSet.ofPairs(new float[] {0, 1, Float.NaN}, pair -> pair == 1));
  }

  @Test
  void aThresholdLiesBetweenOrderStatisticsOfTheImpostors() {
    float[] impostors = new float[100_000];
    for (int i = 0; i < impostors.length; i++) {
      impostors[i] = i / 100_000f;
    }
    LargeScoreSet scores = LargeScoreSet.of(new float[] {1}, impostors);
    // 100 are to be expected above: Poisson's law has 95 % of its mass in 81 to 120.
    Metric threshold = scores.thresholdMetric(scores.at(new FarTarget(1e-3), FarRule.AT_MOST));
    assertEquals(0.99899, threshold.value(), 1e-6);
    assertEquals(0.99879, threshold.low(), 1e-6);
    assertEquals(0.99919, threshold.high(), 1e-6);
    // 10,000 are to be expected: 9,814 to 10,186 by the normal law.
    Metric loose = scores.thresholdMetric(scores.at(new FarTarget(0.1), FarRule.AT_MOST));
    assertEquals(1 - 0.10187, loose.low(), 2e-5);
    assertEquals(1 - 0.09814, loose.high(), 2e-5);
    // One or none: nobody knows how high it may lie.
    Metric strict = scores.thresholdMetric(scores.at(new FarTarget(1e-5), FarRule.AT_MOST));
    assertNull(strict.low());
    assertTrue(strict.note().contains("no interval: "), strict.note());
    assertEquals(122, LargeScoreSet.scoresForInterval(new FarTarget(1e-3), 100_000));
  }
}
