package org.mien.eval.fairness;

import java.util.List;
import java.util.Optional;
import org.mien.eval.metrics.Metric;

/**
 * How unequal an error rate is over the groups. With the rates {@code r_1 ... r_n} of the groups
 * that have enough trials:
 *
 * @param groups the groups that take part: those without {@link GroupRate#tooFew}; the others are
 *     named in the note
 * @param highest the group with the highest rate, or null where fewer than two take part
 * @param lowest the group with the lowest rate, or null where fewer than two take part
 * @param maxOverMin {@code max r / min r}, at least 1 (NISTIR 8429); empty where the lowest is 0
 * @param maxOverGeometricMean {@code max r / (prod r)^(1/n)}, at least 1 (NISTIR 8429); empty where
 *     a rate is 0
 * @param gini {@code n / (n - 1) * sum_i sum_j |r_i - r_j| / (2 n^2 mean r)}: 0 where all are
 *     equal, 1 where one group has all the errors (NISTIR 8429; with the factor {@code n / (n - 1)}
 *     of Howard et al., "Evaluating proposed fairness models for face recognition algorithms", ICPR
 *     Workshops 2022, so that it reaches 1 for any number of groups); empty where no error occurred
 * @param note why figures are missing and which groups are left out; or null
 */
public record Inequality(
    List<String> groups,
    String highest,
    String lowest,
    Optional<Metric> maxOverMin,
    Optional<Metric> maxOverGeometricMean,
    Optional<Metric> gini,
    String note) {
  public Inequality {
    groups = List.copyOf(groups);
  }

  static double maxOverMin(double[] rates) {
    double max = 0;
    double min = Double.POSITIVE_INFINITY;
    for (double rate : rates) {
      max = Math.max(max, rate);
      min = Math.min(min, rate);
    }
    return max / min;
  }

  static double maxOverGeometricMean(double[] rates) {
    double max = 0;
    double logarithms = 0;
    for (double rate : rates) {
      max = Math.max(max, rate);
      logarithms += Math.log(rate);
    }
    return max / Math.exp(logarithms / rates.length);
  }

  static double gini(double[] rates) {
    double differences = 0;
    double sum = 0;
    for (double a : rates) {
      sum += a;
      for (double b : rates) {
        differences += Math.abs(a - b);
      }
    }
    int n = rates.length;
    return differences / (2 * n * sum) * n / (n - 1);
  }
}
