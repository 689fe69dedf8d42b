package org.mien.trainer.schedule;

import java.util.List;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;

/**
 * How the learning rate changes from the first step to the last. With N steps and a warm-up of the
 * fraction w, step i of the first w N has the factor {@code (i + 1) / (w N + 1)}; after them {@code
 * t = (i - w N) / (N - w N)} runs from 0 towards 1.
 */
public sealed interface LearningRateConfig {

  /**
   * Returns what the base rate is multiplied with.
   *
   * @param step steps done so far, from 0
   * @param steps steps of the whole training, at least 1
   * @return a factor in [0, 1]
   */
  double factor(long step, long steps);

  /**
   * The base rate throughout, or after a linear warm-up.
   *
   * @param warmUp fraction of all steps in which the rate rises linearly
   */
  @TypeName("constant")
  record Constant(
      @Setting(
              value = "Fraction of all steps in which the rate rises linearly from 0.",
              defaultValue = "0.0",
              min = 0,
              max = 1,
              exclusiveMax = true)
          double warmUp)
      implements LearningRateConfig {
    @Override
    public double factor(long step, long steps) {
      return step < warmUp * steps ? rising(step, warmUp * steps) : 1;
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
        return rising(step, warmUpSteps);
      }
      return finalFraction
          + (1 - finalFraction) * 0.5 * (1 + StrictMath.cos(Math.PI * share(step, steps, warmUp)));
    }
  }

  /**
   * A linear warm-up, then the base rate, multiplied once more at each milestone.
   *
   * @param warmUp fraction of all steps in which the rate rises linearly
   * @param milestones fractions of all steps, ascending
   * @param multiplier what the rate is multiplied with at each
   */
  @TypeName("step")
  record Step(
      @Setting(
              value = "Fraction of all steps in which the rate rises linearly from 0.",
              defaultValue = "0.0",
              min = 0,
              max = 1,
              exclusiveMax = true)
          double warmUp,
      @Setting(
              value = "Where the rate falls: fractions of all steps, ascending.",
              defaultValue = "[0.5, 0.75]",
              min = 0,
              exclusiveMin = true,
              max = 1,
              exclusiveMax = true)
          List<Double> milestones,
      @Setting(
              value = "What the rate is multiplied with at each milestone.",
              defaultValue = "0.1",
              min = 0,
              max = 1)
          double multiplier)
      implements LearningRateConfig {
    public Step {
      milestones = List.copyOf(milestones);
      double before = warmUp;
      for (double milestone : milestones) {
        if (!(milestone >= before)) {
          throw new IllegalArgumentException(
              "milestones: expected fractions that ascend from the end of the warm-up, "
                  + warmUp
                  + ", were "
                  + milestones);
        }
        before = milestone;
      }
    }

    @Override
    public double factor(long step, long steps) {
      if (step < warmUp * steps) {
        return rising(step, warmUp * steps);
      }
      double factor = 1;
      for (double milestone : milestones) {
        factor *= step >= milestone * steps ? multiplier : 1;
      }
      return factor;
    }
  }

  /**
   * A linear warm-up, then {@code f + (1 - f) (1 - t)^power}.
   *
   * @param warmUp fraction of all steps in which the rate rises linearly
   * @param power 1 for a straight line
   * @param finalFraction f, the rate at the end as a fraction of the base rate
   */
  @TypeName("polynomial")
  record Polynomial(
      @Setting(
              value = "Fraction of all steps in which the rate rises linearly from 0.",
              defaultValue = "0.0",
              min = 0,
              max = 1,
              exclusiveMax = true)
          double warmUp,
      @Setting(
              value = "Exponent; 1 is a straight line.",
              defaultValue = "1.0",
              min = 0,
              exclusiveMin = true,
              max = 10)
          double power,
      @Setting(
              value = "Rate at the end, as a fraction of the base rate.",
              defaultValue = "0.0",
              min = 0,
              max = 1)
          double finalFraction)
      implements LearningRateConfig {
    @Override
    public double factor(long step, long steps) {
      if (step < warmUp * steps) {
        return rising(step, warmUp * steps);
      }
      return finalFraction
          + (1 - finalFraction) * StrictMath.pow(1 - share(step, steps, warmUp), power);
    }
  }

  /**
   * Half a cosine up to the base rate and half a cosine down (Smith and Topin 2018,
   * super-convergence; the momentum stays as it is, other than there).
   *
   * @param rise fraction of all steps on the way up
   * @param initialFraction rate at the first step, as a fraction of the base rate
   * @param finalFraction rate at the end, as a fraction of the base rate
   */
  @TypeName("one-cycle")
  record OneCycle(
      @Setting(
              value = "Fraction of all steps in which the rate rises.",
              defaultValue = "0.3",
              min = 0,
              max = 1,
              exclusiveMax = true)
          double rise,
      @Setting(
              value = "Rate at the first step, as a fraction of the base rate, its highest.",
              defaultValue = "0.04",
              min = 0,
              max = 1)
          double initialFraction,
      @Setting(
              value = "Rate at the end, as a fraction of the base rate.",
              defaultValue = "4e-6",
              min = 0,
              max = 1)
          double finalFraction)
      implements LearningRateConfig {
    @Override
    public double factor(long step, long steps) {
      double up = rise * steps;
      double lowest = step < up ? initialFraction : finalFraction;
      double phase = step < up ? 1 - step / up : share(step, steps, rise);
      return lowest + (1 - lowest) * 0.5 * (1 + StrictMath.cos(Math.PI * phase));
    }
  }

  private static double rising(long step, double warmUpSteps) {
    return (step + 1) / (warmUpSteps + 1);
  }

  /** Where a step lies between the end of a first fraction of all steps, 0, and their end, 1. */
  private static double share(long step, long steps, double first) {
    return Math.min(1, (step - first * steps) / Math.max(1, steps - first * steps));
  }
}
