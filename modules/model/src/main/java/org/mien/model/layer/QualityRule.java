package org.mien.model.layer;

import java.util.Objects;
import org.mien.model.margin.AngularMargin;
import org.mien.model.margin.TargetMargin;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * AdaFace's margin, which depends on the quality of an image (Kim et al. 2022, equations 14 and
 * 15). The quality is {@code z = clip((length - mean) h / deviation, -1, 1)} of the embedding's
 * length; the target's cosine becomes {@code cos(theta - m z) - m (z + 1)}.
 *
 * <p>The state is mean and standard deviation of the lengths, moved after each batch by {@code
 * momentum} towards those of the batch. Before the first batch there is none (deviation 0): every
 * quality is 0 then, and the first batch gives the state. The paper starts at mean 20 and deviation
 * 100, which suits its networks only.
 */
public final class QualityRule extends LogitRule {
  private static final long serialVersionUID = 1L;

  @JsonProperty private final double margin;
  @JsonProperty private final double concentration;
  @JsonProperty private final double momentum;

  /**
   * @param margin m
   * @param concentration h
   * @param momentum weight of a new batch in the state
   */
  @JsonCreator
  public QualityRule(
      @JsonProperty("margin") double margin,
      @JsonProperty("concentration") double concentration,
      @JsonProperty("momentum") double momentum) {
    this.margin = margin;
    this.concentration = concentration;
    this.momentum = momentum;
  }

  @Override
  int stateSize() {
    return 2;
  }

  @Override
  double[] nextState(double[] state, double[] targetCosines, double[] lengths) {
    double mean = 0;
    for (double length : lengths) {
      mean += length / lengths.length;
    }
    double squares = 0;
    for (double length : lengths) {
      squares += (length - mean) * (length - mean);
    }
    // One row has no deviation; neither has a batch of equal lengths.
    double deviation = lengths.length < 2 ? 0 : Math.sqrt(squares / (lengths.length - 1));
    double share = state[1] == 0 ? 1 : momentum;
    return new double[] {
      state[0] + share * (mean - state[0]), state[1] + share * (deviation - state[1])
    };
  }

  @Override
  TargetMargin margin(double length, double[] state) {
    double quality = quality(length, state);
    return new AngularMargin(1, -margin * quality, margin * (quality + 1));
  }

  private double quality(double length, double[] state) {
    if (state[1] == 0) {
      return 0;
    }
    double quality = (length - state[0]) * concentration / state[1];
    return Math.min(1, Math.max(-1, quality));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof QualityRule rule
        && rule.margin == margin
        && rule.concentration == concentration
        && rule.momentum == momentum;
  }

  @Override
  public int hashCode() {
    return Objects.hash(margin, concentration, momentum);
  }

  @Override
  public String toString() {
    return String.format(
        "QualityRule(margin=%s, concentration=%s, momentum=%s)", margin, concentration, momentum);
  }
}
