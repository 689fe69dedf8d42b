package org.mien.eval.uncertainty;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.mien.core.error.DataException;

/**
 * Replicates of figures by resampling identities: each replicate draws as many identities as there
 * are, with replacement, and all trials of an identity count as often as it was drawn. Trials that
 * share an identity are not independent; {@link IdentityBootstrap} says more.
 */
public final class RateBootstrap {
  private static final int MAXIMAL_REDRAWS = 1000;

  private RateBootstrap() {}

  /** Computes figures under a weighting of the identities. */
  public interface Figures {
    /**
     * Returns the figures, always in the same order.
     *
     * @param multiplicity how often each identity was drawn
     * @return null where the draw has no figures and must be repeated
     */
    double[] under(int[] multiplicity);
  }

  /**
   * Runs the replicates, in parallel on the common pool; the result does not depend on the number
   * of threads.
   *
   * @param identities how many there are, at least 1
   * @param replicates at least 2
   * @return {@code [figure][replicate]}
   * @throws DataException if almost no draw has figures
   */
  public static double[][] run(
      int identities, int replicates, SplittableRandom random, Figures figures) {
    if (identities < 1 || replicates < 2) {
      throw new IllegalArgumentException(
          "expected at least 1 identity and 2 replicates, were "
              + identities
              + " and "
              + replicates);
    }
    long[] seeds = new long[replicates];
    for (int replicate = 0; replicate < replicates; replicate++) {
      seeds[replicate] = random.nextLong();
    }
    double[][] drawn =
        IntStream.range(0, replicates)
            .parallel()
            .mapToObj(replicate -> draw(identities, seeds[replicate], figures))
            .toArray(double[][]::new);
    double[][] byFigure = new double[drawn[0].length][replicates];
    for (int replicate = 0; replicate < replicates; replicate++) {
      for (int figure = 0; figure < byFigure.length; figure++) {
        byFigure[figure][replicate] = drawn[replicate][figure];
      }
    }
    return byFigure;
  }

  private static double[] draw(int identities, long seed, Figures figures) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] multiplicity = new int[identities];
    for (int attempt = 0; attempt < MAXIMAL_REDRAWS; attempt++) {
      Arrays.fill(multiplicity, 0);
      for (int i = 0; i < identities; i++) {
        multiplicity[random.nextInt(identities)]++;
      }
      double[] found = figures.under(multiplicity);
      if (found != null) {
        return found;
      }
    }
    throw new DataException(
        "a bootstrap over "
            + identities
            + " identities almost never draws all kinds of trials; use more identities");
  }

  /**
   * Runs replicates of rates whose numerators and denominator are sums over identities.
   *
   * @param successes {@code [rate][identity]}
   * @param trials {@code [identity]}, the same for all rates
   * @return {@code [rate][replicate]}
   */
  public static double[][] rates(
      long[][] successes, long[] trials, int replicates, SplittableRandom random) {
    return run(
        trials.length,
        replicates,
        random,
        multiplicity -> {
          double all = sum(trials, multiplicity);
          if (all == 0) {
            return null;
          }
          double[] rates = new double[successes.length];
          for (int rate = 0; rate < rates.length; rate++) {
            rates[rate] = sum(successes[rate], multiplicity) / all;
          }
          return rates;
        });
  }

  private static double sum(long[] values, int[] multiplicity) {
    long sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += values[i] * multiplicity[i];
    }
    return sum;
  }
}
