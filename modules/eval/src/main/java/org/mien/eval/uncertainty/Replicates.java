package org.mien.eval.uncertainty;

import java.util.Arrays;
import java.util.Optional;

/** The figures of every replicate of a bootstrap. Immutable. */
public final class Replicates {
  /**
   * The share of replicates in which a figure must be defined for an interval to mean something.
   */
  private static final double NEEDED = 0.9;

  private final double[][] byFigure;

  Replicates(double[][] byFigure) {
    this.byFigure = byFigure;
  }

  /** Returns how many figures each replicate has. */
  public int figures() {
    return byFigure.length;
  }

  /** Returns one figure in every replicate, in their order; NaN where it was not defined. */
  public double[] values(int figure) {
    return byFigure[figure].clone();
  }

  /** Returns one figure in the replicates in which it is a finite number, ascending. */
  public double[] finiteAscending(int figure) {
    return Arrays.stream(byFigure[figure]).filter(Double::isFinite).sorted().toArray();
  }

  /**
   * Returns the percentile interval of a figure ({@link Interval#percentile}), or nothing where it
   * is finite in less than nine of ten replicates: what is left out then would decide the interval.
   */
  public Optional<Interval> interval(int figure, double confidence) {
    double[] finite = finiteAscending(figure);
    if (finite.length < NEEDED * byFigure[figure].length) {
      return Optional.empty();
    }
    return Optional.of(Interval.percentile(finite, confidence));
  }
}
