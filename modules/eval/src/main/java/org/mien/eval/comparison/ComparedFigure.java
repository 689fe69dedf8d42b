package org.mien.eval.comparison;

import org.mien.eval.metrics.Metric;

/**
 * One figure of two models.
 *
 * @param name as in {@code metrics.json}: {@code accuracy}, {@code tar@far=1e-3}
 * @param first of the first model
 * @param second of the second model
 * @param difference {@code second - first}, with its 95 % interval; without one where no resampling
 *     changes it
 * @param pValue two-sided: {@code min(1, 2 (1 + min(#{d <= 0}, #{d >= 0})) / (1 + replicates))}
 *     over the differences of the replicates. Each figure is tested alone: of twenty, one is below
 *     0.05 by luck
 */
public record ComparedFigure(
    String name, double first, double second, Metric difference, double pValue) {

  /**
   * Returns whether the interval holds zero, so that no difference has been shown; where there is
   * no interval, whether {@code pValue > 0.05}.
   */
  public boolean includesZero() {
    return difference.low() == null
        ? pValue > 0.05
        : difference.low() <= 0 && difference.high() >= 0;
  }
}
