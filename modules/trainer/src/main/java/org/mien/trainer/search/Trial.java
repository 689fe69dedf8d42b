package org.mien.trainer.search;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One candidate that was tried. Figures of one that was trained several times, other people being
 * left out each time, are means.
 *
 * @param number from 1 in the order of the proposals; 0 is the recipe as it is
 * @param values what was set, by key, as YAML; empty for the recipe as it is
 * @param validationAccuracy of the best epoch; NaN where it failed
 * @param validationLoss of the same epoch; NaN where it failed
 * @param validationVerification 1 - EER of people left out of the training; NaN where it failed or
 *     nobody was left out
 * @param bestEpoch its number; 0 where it failed
 * @param epochs how many were done
 * @param seconds wall-clock time
 * @param problem why it failed, or empty
 */
public record Trial(
    int number,
    Map<String, String> values,
    double validationAccuracy,
    double validationLoss,
    double validationVerification,
    int bestEpoch,
    int epochs,
    double seconds,
    String problem) {
  public Trial {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** Returns whether it was trained to its end and has figures. */
  public boolean succeeded() {
    return problem.isEmpty();
  }

  /** Returns whether this is the recipe as it is. */
  public boolean asItIs() {
    return values.isEmpty();
  }

  /** Returns the same row under another number. */
  Trial numbered(int other) {
    return new Trial(
        other,
        values,
        validationAccuracy,
        validationLoss,
        validationVerification,
        bestEpoch,
        epochs,
        seconds,
        problem);
  }

  static Trial failed(int number, Map<String, String> values, double seconds, String problem) {
    return new Trial(number, values, Double.NaN, Double.NaN, Double.NaN, 0, 0, seconds, problem);
  }

  /** Returns the figure that the search goes by. */
  public double figure(SearchConfig.Measure measure) {
    return switch (measure) {
      case VALIDATION_ACCURACY -> validationAccuracy;
      case VALIDATION_LOSS -> validationLoss;
      case VALIDATION_VERIFICATION -> validationVerification;
    };
  }
}
