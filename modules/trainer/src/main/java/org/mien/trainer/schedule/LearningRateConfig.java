package org.mien.trainer.schedule;

import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;

/** How the learning rate changes from the first step to the last. */
public sealed interface LearningRateConfig {

  /**
   * Returns what the base rate is multiplied with.
   *
   * @param step steps done so far, from 0
   * @param steps steps of the whole training, at least 1
   * @return a factor in [0, 1]
   */
  double factor(long step, long steps);

  /** The base rate throughout. */
  @TypeName("constant")
  record Constant() implements LearningRateConfig {
    @Override
    public double factor(long step, long steps) {
      return 1;
    }
  }

  /**
   * A linear warm-up, then half a cosine down to a fraction of the base rate: {@code f + (1 - f) (1
   * + cos(pi t)) / 2} (Loshchilov and Hutter 2017, SGDR, equation 5, without restarts).
   *
   * @param warmUp fraction of all steps in which the rate rises linearly
   * @param finalFraction rate at the last step, as a fraction of the base rate
   */
  @TypeName("cosine")
  record Cosine(
      @Setting(
              value = "Fraction of all steps in which the rate rises linearly from 0.",
              defaultValue = "0.0",
              min = 0,
              max = 1,
              exclusiveMax = true)
          double warmUp,
      @Setting(
              value = "Rate at the end, as a fraction of the base rate.",
              defaultValue = "0.0",
              min = 0,
              max = 1)
          double finalFraction)
      implements LearningRateConfig {
    @Override
    public double factor(long step, long steps) {
      double warmUpSteps = warmUp * steps;
      if (step < warmUpSteps) {
        return (step + 1) / (warmUpSteps + 1);
      }
      double t = Math.min(1, (step - warmUpSteps) / Math.max(1, steps - warmUpSteps));
      return finalFraction + (1 - finalFraction) * 0.5 * (1 + StrictMath.cos(Math.PI * t));
    }
  }
}
