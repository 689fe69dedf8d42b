package org.mien.model.margin;

/**
 * What takes the place of the cosine between an embedding and the direction of its own identity.
 *
 * <p>Implementations grow with the cosine over all of [-1, 1], are continuous, and are finite
 * everywhere, also for a cosine that rounding has put a little outside of that range. The logit of
 * the row's identity is a scale times {@link #value}; the other logits are the scale times their
 * cosines.
 */
public interface TargetMargin {

  /** What the cosine becomes. */
  double value(double cosine);

  /**
   * The derivative of {@link #value} by the cosine, finite and not negative.
   *
   * <p>Most margins are functions of the angle {@code theta}, whose derivative by the cosine grows
   * like {@code 1 / sin(theta)} towards both ends. There, the embedding's own gradient falls like
   * {@code sin(theta)}, so that the product is bounded; in floating point it is rounding noise
   * times a huge number. So the derivative is taken at an angle of at least {@value
   * AngularMargin#LEAST_ANGLE} from either end.
   */
  double derivative(double cosine);
}
