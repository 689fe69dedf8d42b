package org.mien.trainer.search;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mien.eval.metrics.Expectation;
import org.mien.trainer.experiment.ExpectationConfig;

/** Compares what a search found with what its file promises. */
final class SearchExpectations {
  private static final String BEST = "best";
  private static final String GAIN = "gain";
  private static final String FAILED = "failed";
  private static final List<String> NAMES = List.of(BEST, GAIN, FAILED);

  private SearchExpectations() {}

  static void requireKnown(Collection<String> names) {
    for (String name : names) {
      if (!NAMES.contains(name)) {
        throw new IllegalArgumentException(
            "expect." + name + ": no such figure; expected one of " + String.join(", ", NAMES));
      }
    }
  }

  /**
   * Returns what is not as expected, a line each.
   *
   * @param best nothing where all failed; a figure that is not there meets no expectation
   */
  static List<String> unmet(
      Map<String, ExpectationConfig> expected,
      SearchConfig.Measure measure,
      List<Trial> trials,
      Optional<Trial> best) {
    double found = best.map(trial -> trial.figure(measure)).orElse(Double.NaN);
    double asItIs =
        trials.stream()
            .filter(trial -> trial.asItIs() && trial.succeeded())
            .mapToDouble(trial -> trial.figure(measure))
            .findFirst()
            .orElse(Double.NaN);
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put(BEST, found);
    figures.put(GAIN, measure.isLowerBetter() ? asItIs - found : found - asItIs);
    figures.put(FAILED, (double) trials.stream().filter(trial -> !trial.succeeded()).count());
    return expected.entrySet().stream()
        .filter(entry -> !isMet(entry.getValue(), figures.get(entry.getKey())))
        .map(
            entry ->
                "expect."
                    + entry.getKey()
                    + ": expected "
                    + bounds(entry.getValue()).inWords()
                    + ", was "
                    + figures.get(entry.getKey()))
        .toList();
  }

  private static boolean isMet(ExpectationConfig wanted, double figure) {
    return !Double.isNaN(figure) && bounds(wanted).isMetBy(figure);
  }

  private static Expectation bounds(ExpectationConfig wanted) {
    return new Expectation(wanted.atLeast().orElse(null), wanted.atMost().orElse(null));
  }
}
