package org.mien.eval.fairness;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.mien.core.error.DataException;
import org.mien.eval.metrics.Metric;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.uncertainty.IdentityResampling;

/**
 * FNMR of genuine pairs by a quantity such as age gap, pose or quality, at one global threshold, by
 * the rules of {@link FairnessEvaluation}.
 */
public final class StrataEvaluation {
  private StrataEvaluation() {}

  /**
   * Compares the strata.
   *
   * @param pairs all pairs; impostor pairs do not matter here
   * @param edges ascending; of n edges the n + 1 bins are {@code (-inf, e_1), [e_1, e_2) ... [e_n,
   *     inf)}
   * @throws DataException if there are not as many values as pairs, or no genuine pair has one
   */
  public static StrataResult evaluate(
      List<ComparedImages> pairs,
      PairQuantity quantity,
      List<Double> edges,
      GlobalThreshold threshold,
      int replicates,
      SplittableRandom random) {
    if (quantity.values().size() != pairs.size()) {
      throw new DataException(
          "expected a value of "
              + quantity.name()
              + " for each of "
              + pairs.size()
              + " pairs, found "
              + quantity.values().size());
    }
    requireAscending(edges);
    int bins = edges.size() + 1;
    List<ScoredPair> genuine = new ArrayList<>();
    List<Integer> cells = new ArrayList<>();
    List<Set<String>> identities = new ArrayList<>();
    for (int cell = 0; cell <= bins; cell++) {
      identities.add(new HashSet<>());
    }
    for (int row = 0; row < pairs.size(); row++) {
      ScoredPair pair = pairs.get(row).pair();
      if (pair.genuine()) {
        double value = quantity.values().get(row);
        int cell = Double.isNaN(value) ? bins : bin(edges, value);
        genuine.add(pair);
        cells.add(cell);
        if (pair.hasIdentities()) {
          identities.get(cell).add(pair.identityA());
        }
      }
    }
    int[] cell = cells.stream().mapToInt(Integer::intValue).toArray();
    if (Arrays.stream(cell).allMatch(c -> c == bins)) {
      throw new DataException("no genuine pair has a value of " + quantity.name());
    }
    boolean known = genuine.stream().allMatch(ScoredPair::hasIdentities);
    RateTable table =
        RateTable.of(
            genuine,
            threshold.threshold(),
            cell,
            bins + 1,
            known ? Optional.of(IdentityResampling.ofPairs(genuine)) : Optional.empty(),
            replicates,
            random);
    long wrong =
        genuine.stream().filter(p -> !p.similarity().reaches(threshold.threshold())).count();
    double overall = wrong / (double) genuine.size();
    List<StrataResult.Stratum> strata = new ArrayList<>();
    Map<String, Metric> metrics = new LinkedHashMap<>();
    for (int bin = 0; bin < bins; bin++) {
      GroupRate rate = table.groupRate(bin, overall, "genuine");
      String label = label(edges, bin);
      strata.add(new StrataResult.Stratum(label, identities.get(bin).size(), rate));
      rate.rate().ifPresent(metric -> metrics.put("fnmr@" + quantity.name() + "=" + label, metric));
    }
    GroupRate unknown = table.groupRate(bins, overall, "genuine");
    int[] all = new int[bins];
    Arrays.setAll(all, bin -> bin);
    Inequality inequality =
        FairnessEvaluation.inequality(
            "FNMR",
            strata.stream().map(StrataResult.Stratum::label).toList(),
            strata.stream().map(StrataResult.Stratum::fnmr).toList(),
            table,
            all);
    FairnessEvaluation.putInequality(metrics, "fnmr", quantity.name(), inequality);
    return new StrataResult(
        quantity.name(),
        threshold,
        strata,
        unknown.trials() == 0
            ? Optional.empty()
            : Optional.of(
                new StrataResult.Stratum(Attribute.UNKNOWN, identities.get(bins).size(), unknown)),
        inequality,
        metrics);
  }

  private static void requireAscending(List<Double> edges) {
    for (int i = 0; i < edges.size(); i++) {
      if (!Double.isFinite(edges.get(i)) || (i > 0 && !(edges.get(i - 1) < edges.get(i)))) {
        throw new IllegalArgumentException("expected finite, ascending edges, were " + edges);
      }
    }
    if (edges.isEmpty()) {
      throw new IllegalArgumentException("expected at least one edge between bins, was none");
    }
  }

  private static int bin(List<Double> edges, double value) {
    int bin = 0;
    while (bin < edges.size() && value >= edges.get(bin)) {
      bin++;
    }
    return bin;
  }

  private static String label(List<Double> edges, int bin) {
    if (bin == 0) {
      return "<" + plain(edges.get(0));
    }
    if (bin == edges.size()) {
      return ">=" + plain(edges.get(bin - 1));
    }
    return "[" + plain(edges.get(bin - 1)) + "," + plain(edges.get(bin)) + ")";
  }

  private static String plain(double value) {
    BigDecimal decimal = BigDecimal.valueOf(value).stripTrailingZeros();
    return decimal.signum() == 0 ? "0" : decimal.toPlainString();
  }
}
