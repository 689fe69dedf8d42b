package org.mien.model.margin;

/**
 * A margin mixed with the plain cosine: {@code (lambda cos(theta) + margin) / (1 + lambda)}, as
 * SphereFace's training does (Liu et al. 2017, section 3.4 and appendix; there lambda falls during
 * the training, here it is fixed).
 *
 * @param margin what is mixed in
 * @param lambda weight of the cosine, at least 0
 */
public record AnnealedMargin(TargetMargin margin, double lambda) implements TargetMargin {
  public AnnealedMargin {
    if (!(lambda >= 0) || Double.isInfinite(lambda)) {
      throw new IllegalArgumentException("expected a lambda of at least 0, was " + lambda);
    }
  }

  @Override
  public double value(double cosine) {
    double inside = Math.min(1, Math.max(-1, cosine));
    return (lambda * inside + margin.value(cosine)) / (1 + lambda);
  }

  @Override
  public double derivative(double cosine) {
    return (lambda + margin.derivative(cosine)) / (1 + lambda);
  }
}
