package org.mien.eval.classification;

import java.util.SplittableRandom;
import org.mien.core.error.DataException;
import org.mien.eval.metrics.Metric;
import org.mien.eval.uncertainty.IdentityResampling;
import org.mien.eval.uncertainty.Interval;

/**
 * The mean of {@code -ln p} over images, p being the probability given to the true identity:
 * cross-entropy in nats. Probabilities are first cut to {@code [2^-52, 1 - 2^-52]} and then divided
 * by the sum of their row, as scikit-learn's {@code log_loss} does.
 */
public final class LogLoss {
  private static final double EPSILON = Math.ulp(1.0);

  /** Single-precision softmax of many identities sums to 1 only so far. */
  private static final double SUM_TOLERANCE = 1e-3;

  private LogLoss() {}

  /**
   * Computes it, with a 95 % interval bootstrapped over images.
   *
   * @param probabilities {@code (images, identities)}, each row summing to 1
   * @param actual true identity of each image
   * @param replicates of the bootstrap, at least 2
   * @throws DataException if a row holds what is no probability or does not sum to 1, naming it
   * @throws IllegalArgumentException if the sizes do not fit, naming the row
   */
  public static Metric of(
      double[][] probabilities, int[] actual, int replicates, SplittableRandom random) {
    double[] losses = losses(probabilities, actual);
    double sum = 0;
    for (double loss : losses) {
      sum += loss;
    }
    Interval interval =
        Interval.percentile(
            IdentityResampling.ofIndependent(losses.length)
                .run(
                    replicates,
                    random,
                    weights -> {
                      double weighted = 0;
                      for (int row = 0; row < losses.length; row++) {
                        weighted += weights[row] * losses[row];
                      }
                      // As many are drawn as there are.
                      return new double[] {weighted / losses.length};
                    })
                .values(0),
            0.95);
    Metric metric = Metric.of(sum / losses.length, losses.length);
    return interval.isPoint()
        ? metric.withNote("no interval: too few images to resample them")
        : metric.withInterval(interval.low(), interval.high());
  }

  private static double[] losses(double[][] probabilities, int[] actual) {
    if (probabilities.length != actual.length || actual.length == 0) {
      throw new IllegalArgumentException(
          "expected a row of probabilities for each image and at least one, were "
              + probabilities.length
              + " rows and "
              + actual.length
              + " images");
    }
    double[] losses = new double[actual.length];
    for (int row = 0; row < losses.length; row++) {
      double[] given = probabilities[row];
      if (given.length != probabilities[0].length) {
        throw new IllegalArgumentException(
            "row "
                + row
                + ": expected "
                + probabilities[0].length
                + " probabilities, were "
                + given.length);
      }
      ConfusionMatrix.requireIdentity("true", actual[row], row, given.length);
      double sum = 0;
      double cutSum = 0;
      for (int identity = 0; identity < given.length; identity++) {
        if (!(given[identity] >= 0 && given[identity] <= 1)) {
          throw new DataException(
              "row "
                  + row
                  + ": expected a probability in [0, 1] of identity "
                  + identity
                  + ", was "
                  + given[identity]
                  + "; are these logits?");
        }
        sum += given[identity];
        cutSum += cut(given[identity]);
      }
      if (Math.abs(sum - 1) > SUM_TOLERANCE) {
        throw new DataException(
            "row " + row + ": expected probabilities that sum to 1, was a sum of " + sum);
      }
      losses[row] = -Math.log(cut(given[actual[row]]) / cutSum);
    }
    return losses;
  }

  private static double cut(double probability) {
    return Math.max(EPSILON, Math.min(1 - EPSILON, probability));
  }
}
