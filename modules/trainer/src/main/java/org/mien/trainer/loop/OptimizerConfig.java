package org.mien.trainer.loop;

import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.model.optimizer.Momentum;
import org.nd4j.linalg.learning.config.IUpdater;

/** What turns gradients into steps. */
public sealed interface OptimizerConfig {

  /** The rate that a schedule multiplies. */
  double learningRate();

  /**
   * The part of itself that each weight, but no bias, loses in a step, before it is multiplied with
   * the learning rate; 0 for none.
   */
  default double weightDecay() {
    return 0;
  }

  /** Returns ND4J's updater of this kind at the base rate, without the decay of weights. */
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

  /**
   * Adam whose weights decay apart from the gradient (Loshchilov and Hutter 2019, algorithm 2):
   * {@code w = w - rate (update + weightDecay w)}.
   *
   * @param learningRate alpha
   * @param beta1 decay of the first moment
   * @param beta2 decay of the second moment
   * @param epsilon added to the root of the second moment
   * @param weightDecay lambda; biases and batch normalisation have none
   */
  @TypeName("adamw")
  record AdamW(
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
          double epsilon,
      @Setting(
              value =
                  "What a weight loses of itself in a step, times the learning rate; biases and batch"
                      + " normalisation lose nothing.",
              defaultValue = "0.01",
              min = 0,
              max = 1)
          double weightDecay)
      implements OptimizerConfig {
    @Override
    public IUpdater toUpdater() {
      return new org.nd4j.linalg.learning.config.Adam(learningRate, beta1, beta2, epsilon);
    }
  }

  /**
   * Stochastic gradient descent, with momentum as in {@link Momentum}.
   *
   * @param learningRate step size
   * @param momentum share of the velocity that stays; 0 for plain descent
   * @param nesterov whether the step looks ahead
   */
  @TypeName("sgd")
  record Sgd(
      @Setting(value = "Step size.", defaultValue = "0.1", min = 0, exclusiveMin = true, max = 1000)
          double learningRate,
      @Setting(
              value = "Share of the velocity that stays from step to step; 0 for none.",
              defaultValue = "0.9",
              min = 0,
              max = 1,
              exclusiveMax = true)
          double momentum,
      @Setting(
              value = "Whether the step looks ahead (Nesterov); needs a momentum.",
              defaultValue = "false")
          boolean nesterov)
      implements OptimizerConfig {
    public Sgd {
      if (nesterov && momentum == 0) {
        throw new IllegalArgumentException("nesterov: works only with a momentum above 0");
      }
    }

    @Override
    public IUpdater toUpdater() {
      return momentum == 0
          ? new org.nd4j.linalg.learning.config.Sgd(learningRate)
          : new Momentum(learningRate, momentum, nesterov);
    }
  }
}
