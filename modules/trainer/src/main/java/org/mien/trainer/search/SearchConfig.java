package org.mien.trainer.search;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mien.core.config.Setting;
import org.mien.trainer.experiment.ExpectationConfig;

/**
 * A search: which recipe, which of its keys, and how long.
 *
 * @param name names the folder of the search
 * @param recipe the recipe whose keys are varied; a relative path is one from this file's folder
 * @param set changes of the recipe that all candidates share
 * @param seed what the candidates are drawn with; the recipe keeps its own
 * @param space the values that each key may take
 * @param strategy how candidates are proposed
 * @param measure what makes a candidate better
 * @param folds how many times each candidate is trained, other people being left out each time
 * @param maximumMinutes when the search ends in any case
 * @param parallel candidates trained at the same time
 * @param expect what the search promises
 */
public record SearchConfig(
    @Setting("Name of the search: letters, digits, '.', '-' and '_'.") String name,
    @Setting("The recipe whose keys are varied; a relative path begins at this file's folder.")
        Path recipe,
    @Setting(
            value = "Changes of the recipe that all candidates share: [training.epochs=10].",
            defaultValue = "[]")
        List<String> set,
    @Setting(
            value = "Seed of the candidates' values; the recipe keeps its own.",
            defaultValue = "1")
        long seed,
    @Setting("The values that each key of the recipe may take, by key.")
        Map<String, DimensionConfig> space,
    @Setting(value = "How candidates are proposed.", defaultValue = "{type: random}")
        StrategyConfig strategy,
    @Setting(
            value =
                "What makes a candidate better. validation-accuracy and validation-loss: a higher"
                    + " accuracy or a lower loss on the validation images of its best epoch."
                    + " validation-verification: a higher 1 - EER on pairs of people who were left"
                    + " out of the training.",
            defaultValue = "validation-accuracy")
        Measure measure,
    @Setting(
            "With measure validation-verification: each candidate is trained so many times, each time"
                + " without another part of the people, on whom it is judged; 3 if left out.")
        Optional<Integer> folds,
    @Setting(
            value = "Minutes after which the search ends in any case.",
            defaultValue = "60.0",
            min = 0,
            exclusiveMin = true,
            max = 100_000)
        double maximumMinutes,
    @Setting(
            value =
                "Candidates trained at the same time; fewer where so many trainings do not fit into"
                    + " memory.",
            defaultValue = "1",
            min = 1,
            max = 64)
        int parallel,
    @Setting(
            value =
                "What the search promises; the process exits with 1 where it is not met. best: the"
                    + " best candidate's figure. gain: by how much it is better than the recipe as it"
                    + " is. failed: candidates that failed.",
            defaultValue = "{}")
        Map<String, ExpectationConfig> expect) {

  /** Folds where none are given. */
  private static final int DEFAULT_FOLDS = 3;

  /** Beginnings of keys that change what is learned, not what it is measured on. */
  private static final List<String> VARIABLE =
      List.of("model.", "training.", "data.augmentation", "data.decoding");

  public SearchConfig {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
      throw new IllegalArgumentException(
          "name: expected 1 to 64 letters, digits, '.', '-' or '_', was '" + name + "'");
    }
    set = List.copyOf(set);
    // In the file's order: the candidates depend on it.
    space = Collections.unmodifiableMap(new LinkedHashMap<>(space));
    if (space.isEmpty()) {
      throw new IllegalArgumentException(
          "space: expected at least one key, such as training.optimizer.learningRate: {type:"
              + " log-uniform, low: 1e-4, high: 1e-1}");
    }
    for (String key : space.keySet()) {
      if (VARIABLE.stream().noneMatch(key::startsWith)) {
        throw new IllegalArgumentException(
            "space: "
                + key
                + " cannot be searched over: candidates are compared on the same validation images"
                + " and with the same seed, so only keys under model, training, data.augmentation"
                + " and data.decoding may vary");
      }
      if (measure == Measure.VALIDATION_LOSS
          && (key.startsWith("model.loss") || key.startsWith("model.head"))) {
        throw new IllegalArgumentException(
            "measure: the losses of candidates with another "
                + key
                + " are not on one scale; use validation-accuracy or"
                + " validation-verification");
      }
    }
    if (folds.isPresent() && measure != Measure.VALIDATION_VERIFICATION) {
      throw new IllegalArgumentException(
          "folds: works only with measure: validation-verification; the validation images are"
              + " the same ones every time");
    }
    if (folds.isPresent() && (folds.get() < 2 || folds.get() > 100)) {
      throw new IllegalArgumentException("folds: expected 2 to 100, was " + folds.get());
    }
    expect = Collections.unmodifiableMap(new LinkedHashMap<>(expect));
    SearchExpectations.requireKnown(expect.keySet());
  }

  /** What makes a candidate better. */
  public enum Measure {
    VALIDATION_ACCURACY("validation accuracy"),
    VALIDATION_LOSS("validation loss"),
    VALIDATION_VERIFICATION("validation verification, 1 - EER");

    private final String words;

    Measure(String words) {
      this.words = words;
    }

    /** Whether a lower figure is better. */
    public boolean isLowerBetter() {
      return this == VALIDATION_LOSS;
    }

    /** Returns the name of the figure, for people. */
    public String inWords() {
      return words;
    }
  }

  /** Returns how many times each candidate is trained; 1 where nobody is left out. */
  public int trainings() {
    return measure == Measure.VALIDATION_VERIFICATION ? folds.orElse(DEFAULT_FOLDS) : 1;
  }

  /**
   * Returns whether rows of the other search are rows of this one: all but the number of
   * candidates, the time, how many run at once and what is expected is the same.
   */
  public boolean isSameSearch(SearchConfig other) {
    return name.equals(other.name)
        && recipe.equals(other.recipe)
        && set.equals(other.set)
        && seed == other.seed
        && space.equals(other.space)
        && measure == other.measure
        && trainings() == other.trainings();
  }

  /** Whether the loss may decide between candidates of equal accuracy. */
  boolean lossesCompare() {
    return space.keySet().stream()
        .noneMatch(key -> key.startsWith("model.loss") || key.startsWith("model.head"));
  }
}
