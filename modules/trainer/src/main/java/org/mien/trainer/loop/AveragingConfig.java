package org.mien.trainer.loop;

import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;

/** Which weights are validated and saved: those of the last step, or an average over steps. */
public sealed interface AveragingConfig {

  /** The weights as they are after a step. */
  @TypeName("none")
  record None() implements AveragingConfig {}

  /**
   * An exponential moving average, {@code a = d a + (1 - d) w} after each step (Polyak and Juditsky
   * 1992 average evenly; Tarvainen and Valpola 2017 exponentially). In the first steps the average
   * forgets faster, {@code d = min(decay, (1 + t) / (10 + t))} with t steps before this one, as in
   * TensorFlow's {@code tf.train.ExponentialMovingAverage}: with a decay of 0.999 that ends after
   * 8,990 steps.
   *
   * <p>The running means and variances of batch normalisation are averaged in the same way, so that
   * they are those of the averaged weights, as EfficientNet's training does (Tan and Le 2019).
   *
   * @param decay the largest d
   */
  @TypeName("exponential")
  record Exponential(
      @Setting(
              value =
                  "What of the average stays in a step, at most; in the first steps less, (1 + t) /"
                      + " (10 + t).",
              defaultValue = "0.999",
              min = 0,
              max = 1,
              exclusiveMax = true)
          double decay)
      implements AveragingConfig {
    /**
     * Returns d of one step.
     *
     * @param t steps before it
     */
    double decayAt(long t) {
      return Math.min(decay, (1.0 + t) / (10.0 + t));
    }
  }
}
