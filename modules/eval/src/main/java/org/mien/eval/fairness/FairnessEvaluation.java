package org.mien.eval.fairness;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.mien.core.error.DataException;
import org.mien.eval.metrics.Metric;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.uncertainty.IdentityResampling;
import org.mien.eval.uncertainty.Interval;
import org.mien.eval.uncertainty.Replicates;

/**
 * Splits scored pairs by an attribute and compares the groups at one global threshold.
 *
 * <p>FMR of a group is that of impostor pairs with both images in it, FNMR that of genuine pairs
 * with both images in it. The threshold stays as it is in the bootstrap over identities: the rates
 * are those at this threshold. A rate with fewer than 3 errors, or without known identities, has a
 * Clopper-Pearson interval instead, and its note says so.
 *
 * <p>Intervals of the inequality measures are bootstrapped over identities and reflected around the
 * figure (basic bootstrap; for the ratios on the logarithmic scale), then cut to the range of the
 * measure. Among groups that are equal, the largest of several noisy rates is still above the
 * smallest: the measure leans away from equality, in the sample as in each replicate, and a
 * percentile interval would lean twice and never hold equality. Reflection takes the lean off.
 */
public final class FairnessEvaluation {
  private FairnessEvaluation() {}

  /**
   * Compares the groups.
   *
   * @param pairs all pairs of the protocol, genuine and impostor
   * @param replicates of the bootstrap, at least 2
   * @param random only for the bootstrap
   * @throws DataException if no pair is in a group, one has no finite similarity, or one does not
   *     name what the attribute's values belong to, naming the row from 0
   */
  public static FairnessResult evaluate(
      List<ComparedImages> pairs,
      Attribute attribute,
      GlobalThreshold threshold,
      int replicates,
      SplittableRandom random) {
    Grouping grouping = Grouping.of(pairs, attribute);
    List<String> groups = grouping.groups;
    int count = groups.size();
    // Cells: FNMR of each group, then FMR of every two groups, then what is in no group.
    int crossCells = count * (count + 1) / 2;
    int genuineElsewhere = count + crossCells;
    int impostorElsewhere = genuineElsewhere + 1;
    int[] cell = new int[pairs.size()];
    List<ScoredPair> scored = new ArrayList<>(pairs.size());
    long leftOut = 0;
    long across = 0;
    for (int row = 0; row < cell.length; row++) {
      ScoredPair pair = pairs.get(row).pair();
      scored.add(pair);
      int a = grouping.groupA[row];
      int b = grouping.groupB[row];
      boolean grouped = a != Grouping.NONE && b != Grouping.NONE;
      leftOut += grouped ? 0 : 1;
      if (pair.genuine()) {
        across += grouped && a != b ? 1 : 0;
        cell[row] = grouped && a == b ? a : genuineElsewhere;
      } else {
        cell[row] = grouped ? count + crossCell(Math.min(a, b), Math.max(a, b)) : impostorElsewhere;
      }
    }
    boolean known = scored.stream().allMatch(ScoredPair::hasIdentities);
    Optional<IdentityResampling> resampling =
        known ? Optional.of(IdentityResampling.ofPairs(scored)) : Optional.empty();
    RateTable table =
        RateTable.of(
            scored,
            threshold.threshold(),
            cell,
            impostorElsewhere + 1,
            resampling,
            replicates,
            random);
    int[] genuineOrNot = new int[cell.length];
    Arrays.setAll(genuineOrNot, row -> scored.get(row).genuine() ? 0 : 1);
    RateTable all =
        RateTable.of(
            scored, threshold.threshold(), genuineOrNot, 2, resampling, replicates, random);
    double overallFnmr = all.trials(0) == 0 ? 0 : all.rate(0);
    double overallFmr = all.trials(1) == 0 ? 0 : all.rate(1);

    List<GroupFigures> figures = new ArrayList<>();
    List<CrossGroupRate> crossGroups = new ArrayList<>();
    boolean anyAcross = false;
    for (int g = 0; g < count; g++) {
      figures.add(
          new GroupFigures(
              groups.get(g),
              grouping.identities.get(g).size(),
              grouping.images.get(g).size(),
              table.groupRate(count + crossCell(g, g), overallFmr, "impostor"),
              table.groupRate(g, overallFnmr, "genuine")));
      for (int h = g; h < count; h++) {
        GroupRate rate = table.groupRate(count + crossCell(g, h), overallFmr, "impostor");
        anyAcross |= g != h && rate.trials() > 0;
        crossGroups.add(new CrossGroupRate(groups.get(g), groups.get(h), rate));
      }
    }
    int[] fmrCells = new int[count];
    Arrays.setAll(fmrCells, g -> count + crossCell(g, g));
    int[] fnmrCells = new int[count];
    Arrays.setAll(fnmrCells, g -> g);
    Inequality fmr =
        inequality(
            "FMR", groups, figures.stream().map(GroupFigures::fmr).toList(), table, fmrCells);
    Inequality fnmr =
        inequality(
            "FNMR", groups, figures.stream().map(GroupFigures::fnmr).toList(), table, fnmrCells);

    List<String> notes = new ArrayList<>();
    notes.add(threshold.statement());
    notes.add(
        known
            ? "intervals are bootstrapped over identities; Clopper-Pearson's stand in where fewer"
                + " than 3 errors occurred"
            : "the identities of the pairs are not known: intervals are Clopper-Pearson's, pairs"
                + " taken as independent, and the inequality measures have none");
    if (count > 1 && !anyAcross) {
      notes.add(
          "the protocol has no impostor pairs between groups (as RFW): nothing is known of false"
              + " matches across groups");
    }
    if (attribute.missing() == Attribute.Missing.OWN_GROUP) {
      notes.add(
          "images without a value of "
              + attribute.name()
              + (groups.contains(Attribute.UNKNOWN)
                  ? " are the group " + Attribute.UNKNOWN
                  : ": none"));
    } else {
      notes.add(
          leftOut
              + " pairs with an image without a value of "
              + attribute.name()
              + " are left out");
    }
    if (across > 0) {
      notes.add(across + " genuine pairs are between groups and count for none");
    }
    return new FairnessResult(
        attribute.name(),
        threshold,
        all.groupRate(1, 1, "impostor"),
        all.groupRate(0, 1, "genuine"),
        figures,
        crossGroups,
        fmr,
        fnmr,
        leftOut,
        across,
        notes,
        metrics(attribute.name(), figures, crossGroups, fmr, fnmr));
  }

  /** Numbers the pairs g <= h as in a lower triangle. */
  private static int crossCell(int g, int h) {
    return h * (h + 1) / 2 + g;
  }

  static Inequality inequality(
      String rateName, List<String> groups, List<GroupRate> rates, RateTable table, int[] cells) {
    List<String> taking = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    List<Integer> takingCells = new ArrayList<>();
    for (int g = 0; g < groups.size(); g++) {
      if (rates.get(g).tooFew()) {
        leftOut.add(groups.get(g));
      } else {
        taking.add(groups.get(g));
        takingCells.add(cells[g]);
      }
    }
    String leftOutNote =
        leftOut.isEmpty() ? null : "too few trials, left out: " + String.join(", ", leftOut);
    if (taking.size() < 2) {
      return new Inequality(
          taking,
          null,
          null,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          joined(
              rateName + " cannot be compared: fewer than two groups have enough trials",
              leftOutNote));
    }
    double[] found = takingCells.stream().mapToDouble(table::rate).toArray();
    int highest = 0;
    int lowest = 0;
    long trials = 0;
    for (int i = 0; i < found.length; i++) {
      highest = found[i] > found[highest] ? i : highest;
      lowest = found[i] < found[lowest] ? i : lowest;
      trials += table.trials(takingCells.get(i));
    }
    boolean zero = found[lowest] == 0;
    String note =
        zero
            ? joined(
                taking.get(lowest) + " has no error, so the ratios are not defined; Gini is",
                leftOutNote)
            : leftOutNote;
    return new Inequality(
        taking,
        taking.get(highest),
        taking.get(lowest),
        zero
            ? Optional.empty()
            : Optional.of(ratio(found, Inequality::maxOverMin, table, takingCells, trials)),
        zero
            ? Optional.empty()
            : Optional.of(
                ratio(found, Inequality::maxOverGeometricMean, table, takingCells, trials)),
        found[highest] == 0
            ? Optional.empty()
            : Optional.of(gini(found, table, takingCells, trials)),
        note);
  }

  private static String joined(String first, String second) {
    return second == null ? first : first + "; " + second;
  }

  private static Metric ratio(
      double[] found,
      ToDoubleFunction<double[]> measure,
      RateTable table,
      List<Integer> cells,
      long trials) {
    double value = measure.applyAsDouble(found);
    Metric metric = Metric.of(value, trials);
    // Of a replicate in which a group has no error, the ratio is above all bounds: it stays among
    // the others, at the upper end, and pulls the reflected lower end to 1.
    Optional<Interval> drawn =
        drawn(table, cells, rates -> Math.log(Math.min(measure.applyAsDouble(rates), 1e300)));
    if (drawn.isEmpty()) {
      return metric.withNote(reason(table));
    }
    double low = Math.max(1, Math.exp(2 * Math.log(value) - drawn.get().high()));
    double high = Math.max(1, Math.exp(2 * Math.log(value) - drawn.get().low()));
    return metric.withInterval(Math.min(low, value), Math.max(high, value));
  }

  private static Metric gini(double[] found, RateTable table, List<Integer> cells, long trials) {
    double value = Inequality.gini(found);
    Metric metric = Metric.of(value, trials);
    Optional<Interval> drawn = drawn(table, cells, Inequality::gini);
    if (drawn.isEmpty()) {
      return metric.withNote(reason(table));
    }
    double low = Math.max(0, 2 * value - drawn.get().high());
    double high = Math.min(1, 2 * value - drawn.get().low());
    return metric.withInterval(Math.min(low, value), Math.max(high, value));
  }

  private static String reason(RateTable table) {
    return table.replicates().isEmpty()
        ? "no interval: the identities of the pairs are not known"
        : "no interval: too few identities to resample them";
  }

  /**
   * Returns the percentile interval of a measure where it is a number in nine of ten replicates.
   */
  private static Optional<Interval> drawn(
      RateTable table, List<Integer> cells, ToDoubleFunction<double[]> measure) {
    if (table.replicates().isEmpty()) {
      return Optional.empty();
    }
    Replicates replicates = table.replicates().get();
    double[][] byCell = new double[cells.size()][];
    for (int i = 0; i < byCell.length; i++) {
      byCell[i] = replicates.values(cells.get(i));
    }
    double[] measures = new double[byCell[0].length];
    int count = 0;
    for (int replicate = 0; replicate < byCell[0].length; replicate++) {
      double[] rates = new double[byCell.length];
      for (int i = 0; i < rates.length; i++) {
        rates[i] = byCell[i][replicate];
      }
      double value = measure.applyAsDouble(rates);
      if (!Double.isNaN(value)) {
        measures[count++] = value;
      }
    }
    if (count < 0.9 * measures.length) {
      return Optional.empty();
    }
    return Optional.of(Interval.percentile(Arrays.copyOf(measures, count), RateTable.CONFIDENCE));
  }

  private static Map<String, Metric> metrics(
      String attribute,
      List<GroupFigures> groups,
      List<CrossGroupRate> crossGroups,
      Inequality fmr,
      Inequality fnmr) {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    for (GroupFigures group : groups) {
      String at = "@" + attribute + "=" + group.group();
      group.fmr().rate().ifPresent(rate -> metrics.put("fmr" + at, rate));
      group.fnmr().rate().ifPresent(rate -> metrics.put("fnmr" + at, rate));
    }
    for (CrossGroupRate cross : crossGroups) {
      if (!cross.groupA().equals(cross.groupB())) {
        cross
            .fmr()
            .rate()
            .ifPresent(
                rate ->
                    metrics.put(
                        "fmr@" + attribute + "=" + cross.groupA() + "*" + cross.groupB(), rate));
      }
    }
    putInequality(metrics, "fmr", attribute, fmr);
    putInequality(metrics, "fnmr", attribute, fnmr);
    return metrics;
  }

  static void putInequality(
      Map<String, Metric> metrics, String rate, String attribute, Inequality inequality) {
    inequality
        .maxOverMin()
        .ifPresent(metric -> metrics.put(rate + ".maxOverMin@" + attribute, metric));
    inequality
        .maxOverGeometricMean()
        .ifPresent(metric -> metrics.put(rate + ".maxOverGeometricMean@" + attribute, metric));
    inequality.gini().ifPresent(metric -> metrics.put(rate + ".gini@" + attribute, metric));
  }

  /** Which group each side of each pair is in. */
  private static final class Grouping {
    static final int NONE = -1;

    private final List<String> groups;
    private final int[] groupA;
    private final int[] groupB;
    private final List<Set<String>> identities = new ArrayList<>();
    private final List<Set<String>> images = new ArrayList<>();

    private Grouping(List<String> groups, int pairs) {
      this.groups = groups;
      this.groupA = new int[pairs];
      this.groupB = new int[pairs];
      groups.forEach(
          group -> {
            identities.add(new HashSet<>());
            images.add(new HashSet<>());
          });
    }

    static Grouping of(List<ComparedImages> pairs, Attribute attribute) {
      TreeSet<String> names = new TreeSet<>();
      for (int row = 0; row < pairs.size(); row++) {
        attribute.group(pairs.get(row), true, row).ifPresent(names::add);
        attribute.group(pairs.get(row), false, row).ifPresent(names::add);
      }
      if (names.isEmpty()) {
        throw new DataException(
            "attribute "
                + attribute.name()
                + ": none of the "
                + pairs.size()
                + " pairs has a value; are its "
                + (attribute.keys() == Attribute.Keys.IDENTITY ? "identities" : "images")
                + " named as in the pairs?");
      }
      Grouping grouping = new Grouping(List.copyOf(names), pairs.size());
      Map<String, Integer> numbers = new TreeMap<>();
      names.forEach(name -> numbers.put(name, numbers.size()));
      for (int row = 0; row < pairs.size(); row++) {
        ComparedImages pair = pairs.get(row);
        grouping.groupA[row] =
            grouping.add(
                attribute.group(pair, true, row), numbers, pair.pair().identityA(), pair.imageA());
        grouping.groupB[row] =
            grouping.add(
                attribute.group(pair, false, row), numbers, pair.pair().identityB(), pair.imageB());
      }
      return grouping;
    }

    private int add(
        Optional<String> group, Map<String, Integer> numbers, String identity, String image) {
      if (group.isEmpty()) {
        return NONE;
      }
      int number = numbers.get(group.get());
      if (identity != null) {
        identities.get(number).add(identity);
      }
      if (image != null) {
        images.get(number).add(image);
      }
      return number;
    }
  }
}
