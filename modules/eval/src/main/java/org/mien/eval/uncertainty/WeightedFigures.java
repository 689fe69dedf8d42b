package org.mien.eval.uncertainty;

/** Figures of a sample whose trials count more or less often, for {@link IdentityResampling}. */
@FunctionalInterface
public interface WeightedFigures {
  /**
   * Returns the figures where trial {@code i} counts {@code weights[i]} times; always as many. NaN
   * stands for a figure that is not defined under these weights. Null asks for another draw, where
   * no figure is defined.
   *
   * @param weights a count a trial, at least 0, in the order in which the trials were given; not to
   *     be changed or kept
   */
  double[] of(int[] weights);
}
