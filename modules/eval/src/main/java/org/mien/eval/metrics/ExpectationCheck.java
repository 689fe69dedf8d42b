package org.mien.eval.metrics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.mien.core.error.ConfigException;

/**
 * Compares results with what the recipe expects of them, so that a recipe is also a test.
 *
 * <p>A figure is named by protocol and metric: {@code lfw.accuracy}, {@code lfw.tar@far=1e-3}.
 */
public final class ExpectationCheck {
  private static final int SUGGESTIONS = 3;

  private ExpectationCheck() {}

  /**
   * A figure outside its bounds.
   *
   * @param name such as {@code lfw.accuracy}
   * @param value what it is
   * @param expectation what it was to be
   */
  public record Failure(String name, double value, Expectation expectation) {
    /** Returns one line: {@code lfw.accuracy: expected at least 0.99, was 0.98}. */
    public String message() {
      return name + ": expected " + expectation.inWords() + ", was " + value;
    }
  }

  /**
   * Returns the figures that are not as expected, in the order of the expectations; none where all
   * are met.
   *
   * @throws ConfigException if a name is not among the results, with the nearest that are; all such
   *     names are told at once
   */
  public static List<Failure> failures(Map<String, Expectation> expectations, MetricsFile file) {
    Map<String, Metric> figures = new LinkedHashMap<>();
    file.results()
        .forEach(
            (protocol, metrics) ->
                metrics.forEach((name, metric) -> figures.put(protocol + "." + name, metric)));
    List<String> unknown = new ArrayList<>();
    List<Failure> failures = new ArrayList<>();
    expectations.forEach(
        (name, expectation) -> {
          Metric metric = figures.get(name);
          if (metric == null) {
            unknown.add(unknown(name, figures));
          } else if (!expectation.isMetBy(metric.value())) {
            failures.add(new Failure(name, metric.value(), expectation));
          }
        });
    if (!unknown.isEmpty()) {
      throw new ConfigException(String.join("\n", unknown));
    }
    return failures;
  }

  private static String unknown(String name, Map<String, Metric> figures) {
    if (figures.isEmpty()) {
      return "expect." + name + ": there are no results";
    }
    List<String> nearest =
        figures.keySet().stream()
            .sorted(Comparator.comparingInt(known -> edits(name, known)))
            .limit(SUGGESTIONS)
            .toList();
    return "expect." + name + ": no such figure; the nearest are " + String.join(", ", nearest);
  }

  /** Levenshtein's distance, upper and lower case being equal. */
  private static int edits(String given, String known) {
    String a = given.toLowerCase(Locale.ROOT);
    String b = known.toLowerCase(Locale.ROOT);
    int[] above = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(substituted, 1 + Math.min(above[j], row[j - 1]));
      }
      above = row;
    }
    return above[b.length()];
  }
}
