package org.mien.eval.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * How much of the difference between candidates one key explains alone: epsilon squared of its
 * groups on the ranks of the figures (Kelley 1935; Kruskal and Wallis 1952 for ranks), {@code (B -
 * (k - 1) W / (n - k)) / (B + W)} with B and W the sums of squares between and within k groups of n
 * candidates. Unlike the plain correlation ratio it is 0 on average where the key does nothing. A
 * key of numbers has three groups of about equal size, a choice one a value. What two keys do only
 * together is not seen.
 */
final class KeyImportance {
  private static final int NUMBER_GROUPS = 3;
  private static final int FEWEST = 6;

  private KeyImportance() {}

  /**
   * Returns a share in [0, 1]; nothing where there are too few candidates, or one group, to tell.
   *
   * @param coordinates of the candidates on the key's axis
   * @param choice whether equal coordinates make a group
   * @param figures of the same candidates
   */
  static OptionalDouble of(double[] coordinates, boolean choice, double[] figures) {
    int n = figures.length;
    double[] ranks = ranks(figures);
    int[] groups = choice ? groupsOfValues(coordinates) : groupsOfNumbers(coordinates);
    int k = (int) Arrays.stream(groups).distinct().count();
    double mean = Arrays.stream(ranks).average().orElse(0);
    double total = Arrays.stream(ranks).map(rank -> (rank - mean) * (rank - mean)).sum();
    if (n < FEWEST || k < 2 || n <= k || total == 0) {
      return OptionalDouble.empty();
    }
    double between = 0;
    for (int group : Arrays.stream(groups).distinct().toArray()) {
      double[] inside =
          IntStream.range(0, n)
              .filter(i -> groups[i] == group)
              .mapToDouble(i -> ranks[i])
              .toArray();
      double distance = Arrays.stream(inside).average().orElse(mean) - mean;
      between += inside.length * distance * distance;
    }
    double within = total - between;
    return OptionalDouble.of(
        Math.max(0, Math.min(1, (between - (k - 1) * within / (n - k)) / total)));
  }

  /** Ranks from 1, equal figures sharing their mean rank. */
  static double[] ranks(double[] figures) {
    int[] order =
        IntStream.range(0, figures.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> figures[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] ranks = new double[figures.length];
    for (int from = 0; from < order.length; ) {
      int to = from;
      while (to < order.length && figures[order[to]] == figures[order[from]]) {
        to++;
      }
      for (int i = from; i < to; i++) {
        ranks[order[i]] = (from + 1 + to) / 2.0;
      }
      from = to;
    }
    return ranks;
  }

  private static int[] groupsOfValues(double[] coordinates) {
    List<Double> values = new ArrayList<>();
    int[] groups = new int[coordinates.length];
    for (int i = 0; i < groups.length; i++) {
      if (!values.contains(coordinates[i])) {
        values.add(coordinates[i]);
      }
      groups[i] = values.indexOf(coordinates[i]);
    }
    return groups;
  }

  /** Equal numbers stay together. */
  private static int[] groupsOfNumbers(double[] coordinates) {
    TreeMap<Double, Integer> counts = new TreeMap<>();
    for (double coordinate : coordinates) {
      counts.merge(coordinate, 1, Integer::sum);
    }
    TreeMap<Double, Integer> groupOf = new TreeMap<>();
    int before = 0;
    for (var entry : counts.entrySet()) {
      double middle = before + entry.getValue() / 2.0;
      groupOf.put(
          entry.getKey(),
          counts.size() <= NUMBER_GROUPS
              ? groupOf.size()
              : (int) Math.min(NUMBER_GROUPS - 1, middle * NUMBER_GROUPS / coordinates.length));
      before += entry.getValue();
    }
    return Arrays.stream(coordinates).mapToInt(groupOf::get).toArray();
  }
}
