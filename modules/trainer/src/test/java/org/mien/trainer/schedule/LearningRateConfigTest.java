package org.mien.trainer.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
}
