package org.mien.model.layer;

import org.mien.model.margin.AngularMargin;
import org.mien.model.margin.AnnealedMargin;
import org.mien.model.margin.TargetMargin;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** The same margin for every row: {@link AngularMargin}, mixed as {@link AnnealedMargin} says. */
public final class MarginRule extends LogitRule {
  private static final long serialVersionUID = 1L;

  @JsonProperty private final double factor;
  @JsonProperty private final double shiftRadians;
  @JsonProperty private final double offset;
  @JsonProperty private final double lambda;
  private final transient TargetMargin margin;

  /**
   * @param lambda weight of the plain cosine beside the margin's 1
   */
  @JsonCreator
  public MarginRule(
      @JsonProperty("factor") double factor,
      @JsonProperty("shiftRadians") double shiftRadians,
      @JsonProperty("offset") double offset,
      @JsonProperty("lambda") double lambda) {
    this.factor = factor;
    this.shiftRadians = shiftRadians;
    this.offset = offset;
    this.lambda = lambda;
    this.margin = margin();
  }

  private TargetMargin margin() {
    TargetMargin angular = new AngularMargin(factor, shiftRadians, offset);
    return lambda == 0 ? angular : new AnnealedMargin(angular, lambda);
  }

  @Override
  TargetMargin margin(double length, double[] state) {
    // Java's own serialisation, by which Deeplearning4j copies some configurations, leaves it out.
    return margin == null ? margin() : margin;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MarginRule rule
        && rule.factor == factor
        && rule.shiftRadians == shiftRadians
        && rule.offset == offset
        && rule.lambda == lambda;
  }

  @Override
  public int hashCode() {
    return java.util.Objects.hash(factor, shiftRadians, offset, lambda);
  }

  @Override
  public String toString() {
    return margin().toString();
  }
}
