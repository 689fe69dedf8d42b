package org.mien.model.optimizer;

import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Gradient descent with momentum: {@code v = momentum v + g}, step {@code rate v} (Polyak 1964), or
 * {@code rate (momentum v + g)} in Nesterov's manner (Sutskever et al. 2013). The velocity holds no
 * learning rate, so a change of the rate acts at once, as in PyTorch's SGD; ND4J's own {@code
 * Nesterovs} keeps the rate inside it and has no plain form.
 */
public final class Momentum implements IUpdater {
  private static final long serialVersionUID = 1L;
  private static final String VELOCITY = "V";

  private double learningRate;
  private final double momentum;
  private final boolean nesterov;

  /**
   * @param learningRate at least 0
   * @param momentum in (0, 1)
   * @param nesterov whether the step looks ahead
   */
  @JsonCreator
  public Momentum(
      @JsonProperty("learningRate") double learningRate,
      @JsonProperty("momentum") double momentum,
      @JsonProperty("nesterov") boolean nesterov) {
    if (!(momentum > 0 && momentum < 1)) {
      throw new IllegalArgumentException("expected a momentum in (0, 1), was " + momentum);
    }
    this.learningRate = learningRate;
    this.momentum = momentum;
    this.nesterov = nesterov;
  }

  @JsonProperty("learningRate")
  public double learningRate() {
    return learningRate;
  }

  @JsonProperty("momentum")
  public double momentum() {
    return momentum;
  }

  @JsonProperty("nesterov")
  public boolean nesterov() {
    return nesterov;
  }

  @Override
  public long stateSize(long parameters) {
    return parameters;
  }

  @Override
  public GradientUpdater<Momentum> instantiate(INDArray view, boolean initialize) {
    if (initialize) {
      view.assign(0);
    }
    return new Velocity(this, view);
  }

  @Override
  public GradientUpdater<Momentum> instantiate(Map<String, INDArray> state, boolean initialize) {
    return new Velocity(this, state.get(VELOCITY));
  }

  @Override
  public double getLearningRate(int iteration, int epoch) {
    return learningRate;
  }

  @Override
  public boolean hasLearningRate() {
    return true;
  }

  @Override
  public void setLrAndSchedule(double rate, ISchedule schedule) {
    if (schedule != null) {
      throw new IllegalArgumentException("expected a learning rate, was the schedule " + schedule);
    }
    learningRate = rate;
  }

  @Override
  public Momentum clone() {
    return new Momentum(learningRate, momentum, nesterov);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Momentum that
        && learningRate == that.learningRate
        && momentum == that.momentum
        && nesterov == that.nesterov;
  }

  @Override
  public int hashCode() {
    return Objects.hash(learningRate, momentum, nesterov);
  }

  @Override
  public String toString() {
    return "Momentum(" + learningRate + ", " + momentum + (nesterov ? ", Nesterov)" : ")");
  }

  private static final class Velocity implements GradientUpdater<Momentum> {
    private final Momentum config;
    private INDArray velocity;

    Velocity(Momentum config, INDArray velocity) {
      this.config = config;
      this.velocity = velocity;
    }

    @Override
    public Momentum getConfig() {
      return config;
    }

    @Override
    public void setState(Map<String, INDArray> state, boolean initialize) {
      velocity = state.get(VELOCITY);
    }

    @Override
    public Map<String, INDArray> getState() {
      return Map.of(VELOCITY, velocity);
    }

    @Override
    public void setStateViewArray(
        INDArray view, long[] gradientShape, char gradientOrder, boolean initialize) {
      velocity = view;
      if (initialize) {
        view.assign(0);
      }
    }

    @Override
    public void applyUpdater(INDArray gradient, int iteration, int epoch) {
      velocity.muli(config.momentum).addi(gradient);
      if (config.nesterov) {
        gradient.addi(velocity.mul(config.momentum)).muli(config.learningRate);
      } else {
        gradient.assign(velocity).muli(config.learningRate);
      }
    }
  }
}
