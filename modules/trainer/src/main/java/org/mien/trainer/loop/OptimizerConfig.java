package org.mien.trainer.loop;

import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.nd4j.linalg.learning.config.IUpdater;

/** What turns gradients into steps. */
public sealed interface OptimizerConfig {

  /** The rate that a schedule multiplies. */
  double learningRate();

  /** Returns ND4J's updater of this kind at the base rate. */
  IUpdater toUpdater();

  /**
   * Adam (Kingma and Ba 2015, algorithm 1).
   *
   * @param learningRate alpha
   * @param beta1 decay of the first moment
   * @param beta2 decay of the second moment
   * @param epsilon added to the root of the second moment
   */
  @TypeName("adam")
  record Adam(
      @Setting(
              value = "Step size alpha.",
              defaultValue = "1e-3",
              min = 0,
              exclusiveMin = true,
              max = 10)
          double learningRate,
      @Setting(
              value = "Decay of the first moment.",
              defaultValue = "0.9",
              min = 0,
              max = 1,
              exclusiveMax = true)
          double beta1,
      @Setting(
              value = "Decay of the second moment.",
              defaultValue = "0.999",
              min = 0,
              max = 1,
              exclusiveMax = true)
          double beta2,
      @Setting(
              value = "Added to the root of the second moment.",
              defaultValue = "1e-8",
              min = 0,
              exclusiveMin = true,
              max = 1)
          double epsilon)
      implements OptimizerConfig {
    @Override
    public IUpdater toUpdater() {
      return new org.nd4j.linalg.learning.config.Adam(learningRate, beta1, beta2, epsilon);
    }
  }
}
