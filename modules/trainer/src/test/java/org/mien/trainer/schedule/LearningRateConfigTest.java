package org.mien.trainer.schedule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LearningRateConfigTest {
  @Test
  void constantStaysAtTheBaseRate() {
    assertEquals(1, new LearningRateConfig.Constant(0).factor(0, 10));
    assertEquals(1, new LearningRateConfig.Constant(0).factor(9, 10));
  }

  @Test
  void cosineRisesThenFallsToItsFinalFraction() {
    LearningRateConfig cosine = new LearningRateConfig.Cosine(0.1, 0.05);
    long steps = 1000;
    for (long step = 1; step < 100; step++) {
      assertTrue(cosine.factor(step, steps) > cosine.factor(step - 1, steps));
    }
    assertEquals(1, cosine.factor(100, steps), 1e-12);
    for (long step = 101; step < steps; step++) {
      assertTrue(cosine.factor(step, steps) < cosine.factor(step - 1, steps));
    }
    // Half way down the cosine is the mean of its ends.
    assertEquals((1 + 0.05) / 2, cosine.factor(550, steps), 1e-12);
    assertEquals(0.05, cosine.factor(steps, steps), 1e-12);
  }

  /** Factors of ten steps, worked out by hand. */
  private static void assertFactors(LearningRateConfig schedule, double... expected) {
    double[] found = new double[expected.length];
    Arrays.setAll(found, step -> schedule.factor(step, expected.length));
    assertArrayEquals(expected, found, 1e-12);
  }

  @Test
  void aWarmUpOfFourOfTenStepsRisesInFifths() {
    assertFactors(new LearningRateConfig.Constant(0.4), 0.2, 0.4, 0.6, 0.8, 1, 1, 1, 1, 1, 1);
  }

  @Test
  void stepsFallAtTheirMilestones() {
    assertFactors(
        new LearningRateConfig.Step(0.1, List.of(0.5, 0.8), 0.1),
        0.5,
        1,
        1,
        1,
        1,
        0.1,
        0.1,
        0.1,
        0.01,
        0.01);
  }

  @Test
  void milestonesMustAscendFromTheWarmUp() {
    for (List<Double> wrong : List.of(List.of(0.5, 0.4), List.of(0.05))) {
      assertThrows(
          IllegalArgumentException.class, () -> new LearningRateConfig.Step(0.1, wrong, 0.1));
    }
  }

  @Test
  void aPolynomialFallsToItsFinalFraction() {
    assertFactors(
        new LearningRateConfig.Polynomial(0, 1, 0), 1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1);
    // 0.2 + 0.8 (1 - t)^2 with t = 0, 1/8, ..., after a warm-up of two steps.
    assertFactors(
        new LearningRateConfig.Polynomial(0.2, 2, 0.2),
        1 / 3.0,
        2 / 3.0,
        1,
        0.2 + 0.8 * 49 / 64,
        0.2 + 0.8 * 36 / 64,
        0.2 + 0.8 * 25 / 64,
        0.2 + 0.8 * 16 / 64,
        0.2 + 0.8 * 9 / 64,
        0.2 + 0.8 * 4 / 64,
        0.2 + 0.8 / 64);
  }

  @Test
  void oneCycleRisesAndFallsAlongHalfCosines() {
    LearningRateConfig cycle = new LearningRateConfig.OneCycle(0.4, 0.04, 0.02);
    assertEquals(0.04, cycle.factor(0, 100), 1e-12);
    assertEquals((1 + 0.04) / 2, cycle.factor(20, 100), 1e-12);
    assertEquals(1, cycle.factor(40, 100), 1e-12);
    assertEquals((1 + 0.02) / 2, cycle.factor(70, 100), 1e-12);
    assertEquals(0.02, cycle.factor(100, 100), 1e-12);
    // cos(pi / 4) is the root of a half.
    assertEquals(0.04 + 0.96 * (1 - Math.sqrt(0.5)) / 2, cycle.factor(10, 100), 1e-12);
  }
}
