package org.mien.eval.uncertainty;

import org.apache.commons.math3.distribution.TDistribution;

/**
 * Mean and spread of one figure over the folds of a protocol.
 *
 * @param folds how many folds, K, at least 2
 * @param mean {@code m = sum p_i / K}
 * @param sampleStandardDeviation {@code sqrt(sum (p_i - m)^2 / (K - 1))}, as the LFW protocol asks
 * @param populationStandardDeviation {@code sqrt(sum (p_i - m)^2 / K)}, which InsightFace and
 *     FaceNet print behind their +-; smaller, and only for comparison with their figures
 * @param standardError {@code sampleStandardDeviation / sqrt(K)}
 */
public record FoldMean(
    int folds,
    double mean,
    double sampleStandardDeviation,
    double populationStandardDeviation,
    double standardError) {

  /** Computes them from the figure of each fold. */
  public static FoldMean of(double[] figures) {
    if (figures.length < 2) {
      throw new IllegalArgumentException("expected at least 2 folds, found " + figures.length);
    }
    double sum = 0;
    for (double figure : figures) {
      sum += figure;
    }
    double mean = sum / figures.length;
    double squares = 0;
    for (double figure : figures) {
      squares += (figure - mean) * (figure - mean);
    }
    double sample = Math.sqrt(squares / (figures.length - 1));
    return new FoldMean(
        figures.length,
        mean,
        sample,
        Math.sqrt(squares / figures.length),
        sample / Math.sqrt(figures.length));
  }

  /**
   * Returns {@code mean +- t(1 - a/2; K - 1) * standardError}, cut to [0, 1]: Student's interval
   * with K - 1 degrees of freedom. It treats the folds as independent draws. Their tests are, where
   * no identity is in two folds; their thresholds are not, since any two share most of the pairs
   * they were chosen on, so it is an approximation.
   */
  public Interval interval(double confidence) {
    Interval all = unboundedInterval(confidence);
    return new Interval(Math.max(0, all.low()), Math.min(1, all.high()), confidence);
  }

  /** Returns the same interval for a figure that is no rate, and is not cut to [0, 1]. */
  public Interval unboundedInterval(double confidence) {
    Interval.requireConfidence(confidence);
    double t =
        new TDistribution(null, folds - 1, 1e-13)
            .inverseCumulativeProbability(1 - (1 - confidence) / 2);
    double half = t * standardError;
    return new Interval(mean - half, mean + half, confidence);
  }
}
