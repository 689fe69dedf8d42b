package org.mien.trainer.search;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import org.mien.core.config.ConfigLoader;
import org.mien.core.config.ConfigWriter;
import org.mien.core.config.LoadedConfig;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.error.MienException;
import org.mien.core.progress.Progress;
import org.mien.core.provenance.Fingerprint;
import org.mien.core.run.AtomicFiles;
import org.mien.core.run.RunDirectory;
import org.mien.core.run.RunLock;
import org.mien.trainer.experiment.CandidateMemory;
import org.mien.trainer.experiment.CandidateTrainer;
import org.mien.trainer.experiment.Circumstances;
import org.mien.trainer.experiment.ExperimentConfig;
import org.mien.trainer.loop.EpochChoice;
import org.mien.trainer.loop.StoppedException;
import org.mien.trainer.observe.EpochRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A search over the keys of a recipe.
 *
 * <p>The recipe as it is comes first, then the candidates; each is trained on the training images
 * and judged by the validation images of its best epoch, or by pairs of people whom it was not
 * trained on; these are people of the training images, other ones each time. The images that a
 * report counts, those of the test and of the people who were not trained on, are never scored
 * here, so the best candidate's report is as honest as any other recipe's.
 *
 * <p>Rows are kept as they come ({@code search.json}, {@code search.csv}): a search that was
 * stopped goes on where it was, and a candidate that fails is a row with the reason. Candidates
 * share the feature cache.
 */
public final class Search {
  private static final Logger LOG = LoggerFactory.getLogger(Search.class);
  private static final String RECIPE_NAME = "recipe.yaml";

  private final SearchConfig config;
  private final SearchFiles files;
  private final Circumstances circumstances;
  private final Map<String, String> variables;
  private final CandidateTraining training;
  private final Function<ExperimentConfig, CandidateMemory> need;
  private final Supplier<MemoryReport> memory;
  private final String recipe;
  private final long deadline;
  private final List<Trial> trials = new ArrayList<>();
  private final Set<Map<String, String>> running = new HashSet<>();
  private Progress progress;

  /** Trains one candidate. */
  @FunctionalInterface
  interface CandidateTraining {
    CandidateTrainer.Outcome train(
        ExperimentConfig recipe,
        RunDirectory folder,
        Circumstances circumstances,
        Optional<CandidateTrainer.Fold> fold);
  }

  /**
   * What a search leaves.
   *
   * @param trials the rows, in order
   * @param best the best of them, if any succeeded
   * @param bestRecipe the recipe of the best, complete; there if {@code best} is
   * @param report the page for people
   * @param timeIsUp whether it ended before all candidates were tried
   * @param unmet what the search file expects and was not met, in words
   */
  public record Result(
      List<Trial> trials,
      Optional<Trial> best,
      Path bestRecipe,
      Path report,
      boolean timeIsUp,
      List<String> unmet) {
    public Result {
      trials = List.copyOf(trials);
      unmet = List.copyOf(unmet);
    }
  }

  private Search(
      SearchConfig config,
      RunDirectory folder,
      Circumstances circumstances,
      Map<String, String> variables,
      CandidateTraining training,
      Function<ExperimentConfig, CandidateMemory> need,
      Supplier<MemoryReport> memory) {
    this.config = config;
    this.files = new SearchFiles(folder);
    this.circumstances = circumstances;
    this.variables = variables;
    this.training = training;
    this.need = need;
    this.memory = memory;
    this.recipe = files.recipeText();
    this.deadline =
        System.nanoTime() + (long) (config.maximumMinutes() * TimeUnit.MINUTES.toNanos(1));
    this.trials.addAll(files.read());
  }

  /**
   * Begins a search: checks its keys against the recipe and writes both into a new folder.
   *
   * @param file where the search was read from; its recipe's path begins there
   * @param runs folder of run folders
   * @param variables the values of {@code ${NAME}} in the recipe
   * @throws ConfigException if the recipe is wrong, or none of a key's values fits it
   */
  public static RunDirectory begin(
      LoadedConfig<SearchConfig> search, Path file, Path runs, Map<String, String> variables) {
    SearchConfig config = search.value();
    Path recipeFile = file.toAbsolutePath().resolveSibling(config.recipe()).normalize();
    LoadedConfig<ExperimentConfig> recipe =
        ConfigLoader.load(recipeFile, ExperimentConfig.class, config.set(), variables);
    requireValidation(recipe.value());
    requireStrangers(config, recipe.value());
    // With every default filled in, so that keys the file leaves out can be varied too.
    String resolved = ConfigWriter.toYaml(recipe.value());
    config.space().forEach((key, values) -> requireFits(file, resolved, key, values, variables));
    RunDirectory folder = RunDirectory.create(runs, config.name());
    AtomicFiles.writeString(folder.config(), search.source());
    AtomicFiles.writeString(folder.resolvedConfig(), ConfigWriter.toYaml(config));
    AtomicFiles.writeString(new SearchFiles(folder).recipe(), resolved);
    return folder;
  }

  private static void requireValidation(ExperimentConfig recipe) {
    if (recipe.data().split().validationEvery() == 0) {
      throw new ConfigException(
          "data.split.validationEvery: is 0, so there are no validation images to choose a candidate"
              + " by; the reported images must not choose");
    }
  }

  private static void requireStrangers(SearchConfig config, ExperimentConfig recipe) {
    boolean pairs =
        recipe.evaluation().genuinePairs() > 0 && recipe.evaluation().impostorPairs() > 0;
    if (config.measure() == SearchConfig.Measure.VALIDATION_VERIFICATION && !pairs) {
      throw new ConfigException(
          "measure: validation-verification draws as many pairs as evaluation.genuinePairs and"
              + " evaluation.impostorPairs of the recipe say, and one of them is 0");
    }
  }

  /** Finds misspelled keys and impossible values before hours are spent on them. */
  private static void requireFits(
      Path file, String recipe, String key, DimensionConfig values, Map<String, String> variables) {
    ConfigException first = null;
    for (String value : values.samples()) {
      try {
        parse(recipe, Map.of(key, value), variables);
        return;
      } catch (ConfigException e) {
        first = first == null ? e : first;
      }
    }
    throw new ConfigException(
        file
            + ": space."
            + key
            + ": no value fits the recipe with its other keys as they are (set: changes those for all"
            + " candidates); of the first:\n"
            + first.getMessage(),
        first);
  }

  private static ExperimentConfig parse(
      String recipe, Map<String, String> values, Map<String, String> variables) {
    List<String> overrides = new ArrayList<>();
    values.forEach((key, value) -> overrides.add(key + "=" + value));
    return ConfigLoader.parse(recipe, RECIPE_NAME, ExperimentConfig.class, overrides, variables)
        .value();
  }

  /**
   * Tries the candidates that have no row yet.
   *
   * @param config as the search was begun with
   * @param folder of {@link #begin}
   * @param variables as there
   * @throws StoppedException if it was asked to stop; the rows so far are kept
   */
  public static Result run(
      SearchConfig config,
      RunDirectory folder,
      Circumstances circumstances,
      Map<String, String> variables) {
    CandidateTrainer trainer = new CandidateTrainer();
    return run(
        config,
        folder,
        circumstances,
        variables,
        trainer::train,
        trainer::memory,
        MemoryReport::ofProcess);
  }

  static Result run(
      SearchConfig config,
      RunDirectory folder,
      Circumstances circumstances,
      Map<String, String> variables,
      CandidateTraining training,
      Function<ExperimentConfig, CandidateMemory> need,
      Supplier<MemoryReport> memory) {
    try (RunLock lock = folder.lock()) {
      LOG.debug("searching {} under {}", folder, lock);
      return new Search(config, folder, circumstances, variables, training, need, memory).run();
    }
  }

  private Result run() {
    int all = arbiter(1).candidates() + 1;
    MemoryBudget budget = new MemoryBudget(memory, LOG::warn);
    try (Progress bar = circumstances.progress().start("search", "candidates", all)) {
      if (!ended()) {
        budget.requireOne(need.apply(parse(recipe, Map.of(), variables)));
        tryOut(0, Map.of());
      }
      show(bar);
      progress = bar;
      if (!ended()) {
        arbiter(budget.parallel(config.parallel(), largestNeed())).run();
      }
    }
    Optional<Trial> best = best();
    best.ifPresent(this::writeBest);
    SearchReport.write(config, trials, best, files.report());
    if (circumstances.stop().requested()) {
      throw new StoppedException(
          "stopped with " + trials.size() + " of at most " + all + " candidates tried");
    }
    return new Result(
        trials,
        best,
        files.bestRecipe(),
        files.report(),
        ended(),
        SearchExpectations.unmet(config.expect(), config.measure(), trials, best));
  }

  private ArbiterSearch arbiter(int parallel) {
    return new ArbiterSearch(config, parallel, this::ended, this::score);
  }

  /**
   * What the hungriest candidate needs that changes one key: any may come at the same time. Values
   * that do not fit the recipe alone are left to the candidates that have them.
   */
  private CandidateMemory largestNeed() {
    CandidateMemory largest = need.apply(parse(recipe, Map.of(), variables));
    for (Map.Entry<String, DimensionConfig> key : config.space().entrySet()) {
      if (!MemoryBudget.mayChangeNeed(key.getKey())) {
        continue;
      }
      for (String value : key.getValue().samples()) {
        try {
          ExperimentConfig changed = parse(recipe, Map.of(key.getKey(), value), variables);
          largest = largest.orMore(need.apply(changed));
        } catch (MienException e) {
          LOG.debug("the memory of {}={} is not known", key.getKey(), value, e);
        }
      }
    }
    return largest;
  }

  private boolean ended() {
    return circumstances.stop().requested() || System.nanoTime() - deadline > 0;
  }

  /** Tries a candidate and returns what Arbiter goes by. */
  private double score(int index, Map<String, String> values) {
    Optional<Trial> trial = tryOut(index + 1, values);
    synchronized (trials) {
      show(progress);
    }
    return trial
        .filter(Trial::succeeded)
        .map(done -> done.figure(config.measure()))
        .orElse(config.measure().isLowerBetter() ? Double.MAX_VALUE : -1.0);
  }

  /** Returns the row of these values: the one there is, or a new one; none if it was stopped. */
  private Optional<Trial> tryOut(int number, Map<String, String> values) {
    synchronized (trials) {
      Optional<Trial> known =
          trials.stream().filter(trial -> trial.values().equals(values)).findFirst();
      if (known.isPresent() || ended() || !running.add(values)) {
        return known;
      }
    }
    long started = System.nanoTime();
    Trial trial;
    try {
      trial = train(number, values, started);
    } catch (StoppedException e) {
      LOG.debug("candidate {} was stopped", number, e);
      return Optional.empty();
    } catch (MienException e) {
      trial = Trial.failed(number, values, seconds(started), firstLine(e.getMessage()));
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.warn("candidate {} failed: {}", number, values, e);
      trial = Trial.failed(number, values, seconds(started), firstLine(e.toString()));
    }
    synchronized (trials) {
      running.remove(values);
      trials.add(numbered(trial));
      trials.sort(Comparator.comparingInt(Trial::number));
      files.write(trials, config.space().keySet());
    }
    return Optional.of(trial);
  }

  private Trial train(int number, Map<String, String> values, long started) {
    ExperimentConfig candidate = parse(recipe, values, variables);
    String resolved = ConfigWriter.toYaml(candidate);
    Path root = files.candidate(new Fingerprint().add(resolved).hex());
    AtomicFiles.writeString(root.resolve("resolved.yaml"), resolved);
    int folds = config.trainings();
    List<CandidateTrainer.Outcome> outcomes = new ArrayList<>();
    List<RunDirectory> folders = new ArrayList<>();
    for (int fold = 0; fold < folds; fold++) {
      Path part = folds == 1 ? root : root.resolve("fold-" + (fold + 1));
      if (folds > 1) {
        AtomicFiles.writeString(part.resolve("resolved.yaml"), resolved);
      }
      RunDirectory folder = RunDirectory.open(part);
      folders.add(folder);
      outcomes.add(
          training.train(
              candidate,
              folder,
              new Circumstances(
                  circumstances.cacheFolder(),
                  circumstances.commandLine(),
                  Progress.silent(),
                  this::ended),
              folds == 1 ? Optional.empty() : Optional.of(new CandidateTrainer.Fold(fold, folds))));
    }
    // Not before all are done: a search that goes on finds those that are.
    folders.forEach(folder -> SearchFiles.delete(folder.checkpoints()));
    Trial trial = trial(number, values, candidate.training().choice(), outcomes, seconds(started));
    double figure = trial.figure(config.measure());
    if (!Double.isFinite(figure)) {
      throw new DataException(
          "has no validation figure (" + figure + "); are there validation images?");
    }
    return trial;
  }

  private static Trial trial(
      int number,
      Map<String, String> values,
      EpochChoice choice,
      List<CandidateTrainer.Outcome> outcomes,
      double seconds) {
    List<EpochRecord> best =
        outcomes.stream()
            .map(CandidateTrainer.Outcome::state)
            .map(state -> state.epochs().get(state.bestEpoch(choice) - 1))
            .toList();
    return new Trial(
        number,
        values,
        mean(best.stream().mapToDouble(EpochRecord::validationAccuracy)),
        mean(best.stream().mapToDouble(EpochRecord::validationLoss)),
        mean(outcomes.stream().mapToDouble(outcome -> outcome.verification().orElse(Double.NaN))),
        (int) Math.round(mean(best.stream().mapToDouble(EpochRecord::epoch))),
        outcomes.stream().mapToInt(outcome -> outcome.state().epochs().size()).max().orElseThrow(),
        seconds,
        "");
  }

  private static double mean(DoubleStream values) {
    return values.average().orElseThrow();
  }

  /** Bred candidates may come in another order the second time; their numbers stay their own. */
  private Trial numbered(Trial trial) {
    int number = trial.number();
    Set<Integer> taken = new HashSet<>();
    trials.forEach(other -> taken.add(other.number()));
    while (taken.contains(number)) {
      number++;
    }
    return trial.numbered(number);
  }

  private static double seconds(long started) {
    return (System.nanoTime() - started) / 1e9;
  }

  private static String firstLine(String message) {
    return message == null ? "no reason given" : message.lines().findFirst().orElse(message);
  }

  private void show(Progress bar) {
    bar.advanceTo(trials.size());
    best()
        .ifPresent(
            trial ->
                bar.message(
                    String.format(
                        Locale.ROOT,
                        "best: candidate %d, %s %.4f",
                        trial.number(),
                        config.measure().inWords(),
                        trial.figure(config.measure()))));
  }

  /** By the measure; equal accuracies by the loss, where losses compare; else the earlier one. */
  private Optional<Trial> best() {
    return trials.stream().filter(Trial::succeeded).min(order(config));
  }

  static Comparator<Trial> order(SearchConfig config) {
    double sign = config.measure().isLowerBetter() ? 1 : -1;
    Comparator<Trial> byMeasure =
        Comparator.comparingDouble(trial -> sign * trial.figure(config.measure()));
    if (config.measure() == SearchConfig.Measure.VALIDATION_ACCURACY && config.lossesCompare()) {
      byMeasure = byMeasure.thenComparingDouble(Trial::validationLoss);
    }
    return byMeasure.thenComparingInt(Trial::number);
  }

  private void writeBest(Trial best) {
    ExperimentConfig chosen = parse(recipe, best.values(), variables);
    String suffix = "-best";
    String name =
        chosen.name().substring(0, Math.min(chosen.name().length(), 64 - suffix.length())) + suffix;
    StringBuilder text =
        new StringBuilder("# The best recipe of the search ")
            .append(config.name())
            .append(
                String.format(
                    Locale.ROOT,
                    ", chosen by %s (%.4f):%n",
                    config.measure().inWords(),
                    best.figure(config.measure())));
    if (best.asItIs()) {
      text.append("# the recipe as it was; no candidate was better.\n");
    }
    best.values()
        .forEach(
            (key, value) ->
                text.append("#   ")
                    .append(key)
                    .append(": ")
                    .append(value.replaceAll("\\R", " "))
                    .append('\n'));
    String yaml = ConfigWriter.toYaml(chosen);
    String renamed =
        ConfigWriter.toYaml(
            ConfigLoader.parse(
                    yaml, RECIPE_NAME, ExperimentConfig.class, List.of("name=" + name), Map.of())
                .value());
    AtomicFiles.writeBytes(
        files.bestRecipe(), text.append(renamed).toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Returns whether a folder is one of a search. */
  public static boolean isSearch(RunDirectory folder) {
    return Files.exists(new SearchFiles(folder).recipe());
  }
}
