package org.mien.model.layer;

import java.util.Objects;
import org.mien.model.margin.AngularMargin;
import org.mien.model.margin.TargetMargin;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * CurricularFace (Huang et al. 2020, equations 5 to 10): the target's cosine becomes {@code
 * cos(theta + m)} as in ArcFace; a cosine with another identity that is higher than that becomes
 * {@code cosine (t + cosine)}. The state {@code t} starts at 0 and moves after each batch by {@code
 * momentum} towards the mean cosine of the rows with their own identities: hard negatives count
 * little at first and more as the training succeeds.
 */
public final class CurriculumRule extends LogitRule {
  private static final long serialVersionUID = 1L;

  @JsonProperty private final double marginRadians;
  @JsonProperty private final double momentum;

  /**
   * @param marginRadians m
   * @param momentum weight of a new batch in the state, 0.01 in the paper's code
   */
  @JsonCreator
  public CurriculumRule(
      @JsonProperty("marginRadians") double marginRadians,
      @JsonProperty("momentum") double momentum) {
    this.marginRadians = marginRadians;
    this.momentum = momentum;
  }

  @Override
  int stateSize() {
    return 1;
  }

  @Override
  double[] nextState(double[] state, double[] targetCosines, double[] lengths) {
    double mean = 0;
    for (double cosine : targetCosines) {
      mean += cosine / targetCosines.length;
    }
    return new double[] {state[0] + momentum * (mean - state[0])};
  }

  @Override
  TargetMargin margin(double length, double[] state) {
    return new AngularMargin(1, marginRadians, 0);
  }

  @Override
  boolean changesOthers() {
    return true;
  }

  @Override
  void others(double[] values, double[] slopes, int target, double targetValue, double[] state) {
    for (int j = 0; j < values.length; j++) {
      if (j != target && values[j] > targetValue) {
        slopes[j] = state[0] + 2 * values[j];
        values[j] *= state[0] + values[j];
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CurriculumRule rule
        && rule.marginRadians == marginRadians
        && rule.momentum == momentum;
  }

  @Override
  public int hashCode() {
    return Objects.hash(marginRadians, momentum);
  }

  @Override
  public String toString() {
    return String.format("CurriculumRule(margin=%s rad, momentum=%s)", marginRadians, momentum);
  }
}
