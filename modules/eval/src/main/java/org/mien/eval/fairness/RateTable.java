package org.mien.eval.fairness;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.mien.core.error.DataException;
import org.mien.eval.metrics.Metric;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.score.Similarity;
import org.mien.eval.uncertainty.ClopperPearson;
import org.mien.eval.uncertainty.IdentityResampling;
import org.mien.eval.uncertainty.Interval;
import org.mien.eval.uncertainty.Replicates;

/**
 * Error rates of cells: every pair belongs to one cell or to none. The decisions are made once, at
 * a threshold that stays as it is; a replicate only counts.
 */
final class RateTable {
  static final int NO_CELL = -1;
  static final double CONFIDENCE = 0.95;

  /** Fewer errors than this are no ground for a percentile interval, nor for a comparison. */
  private static final int FEW_ERRORS = 3;

  private final long[] errors;
  private final long[] trials;
  private final Optional<Replicates> replicates;

  private RateTable(long[] errors, long[] trials, Optional<Replicates> replicates) {
    this.errors = errors;
    this.trials = trials;
    this.replicates = replicates;
  }

  /**
   * Counts the errors.
   *
   * @param cell of each pair
   * @param resampling over the identities of the pairs, or empty where they are not known
   */
  static RateTable of(
      List<ScoredPair> pairs,
      Similarity threshold,
      int[] cell,
      int cells,
      Optional<IdentityResampling> resampling,
      int replicates,
      SplittableRandom random) {
    boolean[] wrong = new boolean[cell.length];
    int[] once = new int[cell.length];
    for (int row = 0; row < cell.length; row++) {
      double value = pairs.get(row).similarity().value();
      if (Double.isInfinite(value)) {
        throw new DataException("pair " + row + ": expected a finite similarity, was " + value);
      }
      wrong[row] = pairs.get(row).similarity().reaches(threshold) != pairs.get(row).genuine();
      once[row] = 1;
    }
    long[] errors = new long[cells];
    long[] trials = new long[cells];
    count(cell, wrong, once, errors, trials);
    Optional<Replicates> drawn =
        resampling.map(
            identities ->
                identities.run(
                    replicates,
                    random,
                    weights -> {
                      long[] drawnErrors = new long[cells];
                      long[] drawnTrials = new long[cells];
                      count(cell, wrong, weights, drawnErrors, drawnTrials);
                      double[] rates = new double[cells];
                      for (int c = 0; c < cells; c++) {
                        rates[c] = drawnErrors[c] / (double) drawnTrials[c];
                      }
                      return rates;
                    }));
    return new RateTable(errors, trials, drawn);
  }

  private static void count(
      int[] cell, boolean[] wrong, int[] weights, long[] errors, long[] trials) {
    for (int row = 0; row < cell.length; row++) {
      if (cell[row] != NO_CELL) {
        trials[cell[row]] += weights[row];
        errors[cell[row]] += wrong[row] ? weights[row] : 0;
      }
    }
  }

  double rate(int cell) {
    return errors[cell] / (double) trials[cell];
  }

  long trials(int cell) {
    return trials[cell];
  }

  Optional<Replicates> replicates() {
    return replicates;
  }

  /**
   * Returns the rate of a cell.
   *
   * @param overall the rate over all groups, which tells how many errors are to be expected
   * @param kind such as {@code impostor}, for the text
   */
  GroupRate groupRate(int cell, double overall, String kind) {
    if (trials[cell] == 0) {
      return new GroupRate(0, 0, Optional.empty(), true);
    }
    boolean tooFew = overall * trials[cell] < FEW_ERRORS && errors[cell] < FEW_ERRORS;
    String note =
        tooFew
            ? "too few "
                + kind
                + " trials: at the rate over all pairs fewer than 3 errors are to be expected of "
                + trials[cell]
                + " (rule of 3)"
            : null;
    Optional<Interval> drawn =
        errors[cell] < FEW_ERRORS || errors[cell] > trials[cell] - FEW_ERRORS
            ? Optional.empty()
            : replicates.flatMap(found -> found.interval(cell, CONFIDENCE));
    Interval interval;
    if (drawn.isPresent() && !drawn.get().isPoint()) {
      interval = drawn.get();
    } else {
      interval = ClopperPearson.interval(errors[cell], trials[cell], CONFIDENCE);
      String basis = "the interval is Clopper-Pearson's, pairs taken as independent";
      note = note == null ? basis : note + "; " + basis;
    }
    Metric rate =
        Metric.of(rate(cell), interval.low(), interval.high(), trials[cell]).withNote(note);
    return new GroupRate(errors[cell], trials[cell], Optional.of(rate), tooFew);
  }
}
