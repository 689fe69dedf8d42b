package org.mien.model.margin;

/**
 * The combined margin of Deng et al. 2019, "ArcFace", equation 4: {@code cos(m1 theta + m2) - m3},
 * where {@code theta} in [0, pi] is the angle between an embedding and its identity's direction.
 * {@code (1, 0, m)} is CosFace, {@code (1, m, 0)} ArcFace, {@code (m, 0, 0)} SphereFace.
 *
 * <p>The cosine rises again once {@code phi = m1 theta + m2} is past pi, which would reward an
 * embedding for turning away. So the cosine is continued as SphereFace does (Liu et al. 2017,
 * equation 7): {@code psi(phi) = (-1)^k cos(phi) - 2k} with {@code k = floor(phi / pi)}, which
 * equals {@code cos(phi)} on [0, pi], falls everywhere and has a continuous derivative {@code
 * -|sin(phi)|}. ArcFace's own code jumps to {@code cos(theta) - m sin(m)} there instead. For a
 * negative {@code m2}, as AdaFace uses, the same formula continues it below 0.
 *
 * @param factor m1, positive
 * @param shiftRadians m2, in radians
 * @param offset m3, in cosine
 */
public record AngularMargin(double factor, double shiftRadians, double offset)
    implements TargetMargin {
  /** Radians from 0 and pi at which the derivative is taken at the earliest. */
  static final double LEAST_ANGLE = 1e-3;

  public AngularMargin {
    if (!(factor > 0) || !Double.isFinite(factor + shiftRadians + offset)) {
      throw new IllegalArgumentException(
          String.format(
              "expected a positive factor and finite numbers, was %s, %s and %s",
              factor, shiftRadians, offset));
    }
  }

  @Override
  public double value(double cosine) {
    return falling(factor * angle(cosine) + shiftRadians) - offset;
  }

  @Override
  public double derivative(double cosine) {
    double theta = Math.min(Math.max(angle(cosine), LEAST_ANGLE), Math.PI - LEAST_ANGLE);
    return factor * Math.abs(Math.sin(factor * theta + shiftRadians)) / Math.sin(theta);
  }

  /** {@code psi}: the cosine, continued so that it falls everywhere. */
  static double falling(double phi) {
    double k = Math.floor(phi / Math.PI);
    double sign = k % 2 == 0 ? 1 : -1;
    return sign * Math.cos(phi) - 2 * k;
  }

  private static double angle(double cosine) {
    return Math.acos(Math.min(1, Math.max(-1, cosine)));
  }
}
