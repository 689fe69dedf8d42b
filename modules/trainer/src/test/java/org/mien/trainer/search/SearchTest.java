package org.mien.trainer.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.config.ConfigLoader;
import org.mien.core.config.LoadedConfig;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.progress.Progress;
import org.mien.core.run.RunDirectory;
import org.mien.trainer.experiment.CandidateMemory;
import org.mien.trainer.experiment.CandidateTrainer;
import org.mien.trainer.experiment.Circumstances;
import org.mien.trainer.experiment.ExperimentConfig;
import org.mien.trainer.loop.StopSignal;
import org.mien.trainer.loop.StoppedException;
import org.mien.trainer.loop.TrainingState;
import org.mien.trainer.observe.EpochRecord;

final class SearchTest {
  private static final String RECIPE =
      """
      name: tiny
      seed: 7
      data:
        source: {type: synthetic, identities: 8, imagesPerIdentity: 8, sizePixels: 64}
        split: {verificationIdentities: 0.25, testEvery: 4, validationEvery: 3}
      model:
        backbone: {type: built-in, name: synthetic-small}
        head: {type: linear, dimension: 16}
      training: {epochs: 2, batchSize: 8}
      """;

  private static final String SEARCH =
      """
      name: trial
      recipe: recipe.yaml
      seed: 5
      space:
        training.optimizer.learningRate: {type: log-uniform, low: 1e-4, high: 1e-1}
        training.batchSize: {type: numbers, values: [4, 8]}
      strategy: {type: random, candidates: 6}
      """;

  @TempDir private Path folder;

  /** What was trained, in order. */
  private final List<ExperimentConfig> trained = Collections.synchronizedList(new ArrayList<>());

  private LoadedConfig<SearchConfig> search(String... overrides) {
    return ConfigLoader.parse(
        SEARCH, "search.yaml", SearchConfig.class, List.of(overrides), Map.of());
  }

  private RunDirectory begin(LoadedConfig<SearchConfig> search) throws IOException {
    Files.writeString(folder.resolve("recipe.yaml"), RECIPE);
    return Search.begin(search, folder.resolve("search.yaml"), folder.resolve("runs"), Map.of());
  }

  private Circumstances circumstances(StopSignal stop) {
    return new Circumstances(folder.resolve("cache"), List.of("test"), Progress.silent(), stop);
  }

  private Search.Result run(SearchConfig config, RunDirectory run) {
    return run(config, run, () -> false, this::fake);
  }

  private Search.Result run(
      SearchConfig config, RunDirectory run, StopSignal stop, Search.CandidateTraining training) {
    return Search.run(
        config,
        run,
        circumstances(stop),
        Map.of(),
        training,
        recipe -> new CandidateMemory(1, 1),
        () -> new MemoryReport(1000, 1000, 1000));
  }

  /** Best where the rate is near 0.01; one batch size breaks. */
  private CandidateTrainer.Outcome fake(
      ExperimentConfig recipe,
      RunDirectory run,
      Circumstances unused,
      Optional<CandidateTrainer.Fold> fold) {
    trained.add(recipe);
    double rate = recipe.training().optimizer().learningRate();
    double accuracy = 1 / (1 + Math.abs(Math.log10(rate) + 2));
    return outcome(accuracy, fold.map(part -> accuracy / 2 + 0.1 * part.fold()));
  }

  private static CandidateTrainer.Outcome outcome(double accuracy, Optional<Double> verification) {
    double loss = 1 - accuracy;
    return new CandidateTrainer.Outcome(
        new TrainingState(
            List.of(
                new EpochRecord(1, 10, 0.1, 1, loss + 1, accuracy / 2, 0.1),
                new EpochRecord(2, 20, 0.1, 1, loss, accuracy, 0.1)),
            0,
            0,
            1),
        verification.map(OptionalDouble::of).orElse(OptionalDouble.empty()));
  }

  private static List<Map<String, String>> values(Search.Result result) {
    return result.trials().stream().map(Trial::values).toList();
  }

  @Test
  void theRecipeComesFirstAndTheBestCandidateBecomesACompleteRecipe() throws IOException {
    SearchConfig config = search().value();
    RunDirectory run = begin(search());
    Search.Result result = run(config, run);
    assertEquals(7, result.trials().size());
    assertTrue(result.trials().get(0).asItIs());
    Trial best = result.best().orElseThrow();
    for (Trial trial : result.trials()) {
      assertTrue(trial.validationAccuracy() <= best.validationAccuracy());
      assertEquals(2, trial.bestEpoch());
    }
    ExperimentConfig chosen =
        ConfigLoader.load(result.bestRecipe(), ExperimentConfig.class, List.of(), Map.of()).value();
    assertEquals("tiny-best", chosen.name());
    assertEquals(
        Double.parseDouble(best.values().get("training.optimizer.learningRate")),
        chosen.training().optimizer().learningRate());
    assertTrue(Files.readString(result.report()).contains("Parallel coordinates"));
    assertEquals(8, Files.readAllLines(run.root().resolve("search.csv")).size());
  }

  @Test
  void theSameSeedGivesTheSameCandidatesAndAnotherSeedOthers() throws IOException {
    SearchConfig config = search().value();
    List<Map<String, String>> once = values(run(config, begin(search())));
    assertEquals(once, values(run(config, begin(search()))));
    SearchConfig other = search("seed=6").value();
    assertFalse(once.equals(values(run(other, begin(search("seed=6"))))));
  }

  @Test
  void aFinishedSearchIsNotRunAgainAndMoreCandidatesContinueIt() throws IOException {
    RunDirectory run = begin(search());
    run(search().value(), run);
    assertEquals(7, trained.size());
    run(search().value(), run);
    assertEquals(7, trained.size());
    Search.Result more = run(search("strategy.candidates=8").value(), run);
    assertEquals(9, trained.size());
    assertEquals(9, more.trials().size());
  }

  @Test
  void aCandidateThatFailsIsARowAndNotTheEnd() throws IOException {
    Search.Result result =
        run(
            search().value(),
            begin(search()),
            () -> false,
            (recipe, run, unused, fold) -> {
              if (recipe.training().batchSize() == 4) {
                throw new DataException("batches of 4 break");
              }
              return fake(recipe, run, unused, fold);
            });
    assertEquals(7, result.trials().size());
    List<Trial> failed = result.trials().stream().filter(trial -> !trial.succeeded()).toList();
    assertFalse(failed.isEmpty());
    for (Trial trial : failed) {
      assertEquals("4", trial.values().get("training.batchSize"));
      assertEquals("batches of 4 break", trial.problem());
    }
    assertTrue(result.best().orElseThrow().succeeded());
  }

  @Test
  void aStopKeepsTheRowsAndTheSearchGoesOn() throws IOException {
    RunDirectory run = begin(search());
    assertThrows(
        StoppedException.class,
        () -> run(search().value(), run, () -> trained.size() >= 3, this::fake));
    assertEquals(3, new SearchFiles(run).read().size());
    assertEquals(7, run(search().value(), run).trials().size());
    assertEquals(7, trained.size());
    assertEquals(7, new HashSet<>(trained).size());
  }

  @Test
  void timeIsBounded() throws IOException {
    SearchConfig config = search("maximumMinutes=0.002", "strategy.candidates=1000").value();
    Search.Result result =
        run(
            config,
            begin(search()),
            () -> false,
            (recipe, run, circumstances, fold) -> {
              while (!circumstances.stop().requested()) {
                Thread.onSpinWait();
              }
              throw new StoppedException("time");
            });
    assertTrue(result.timeIsUp());
    assertEquals(0, result.trials().size());
  }

  @Test
  void aGridIsEveryCombinationAndEndsThere() throws IOException {
    String[] grid = {"strategy={type: grid, steps: 3}"};
    Search.Result result = run(search(grid).value(), begin(search(grid)));
    assertEquals(1 + 3 * 2, result.trials().size());
    Set<String> rates = new HashSet<>();
    result
        .trials()
        .forEach(trial -> rates.add(trial.values().get("training.optimizer.learningRate")));
    rates.remove(null);
    assertEquals(Set.of("0.0001", "0.003162", "0.1"), rates);
  }

  @Test
  void breedingFindsBetterCandidatesThanItsFirstGeneration() throws IOException {
    String[] genetic = {"strategy={type: genetic, candidates: 24, population: 6}"};
    Search.Result result = run(search(genetic).value(), begin(search(genetic)));
    double first =
        result.trials().stream()
            .filter(trial -> trial.number() >= 1 && trial.number() <= 6)
            .mapToDouble(Trial::validationAccuracy)
            .max()
            .orElseThrow();
    assertTrue(
        result.best().orElseThrow().validationAccuracy() > first, result.trials().toString());
    assertEquals(values(result), values(run(search(genetic).value(), begin(search(genetic)))));
  }

  @Test
  void severalCandidatesAtATimeAreTriedOnceEach() throws IOException {
    Search.Result result = run(search("parallel=3").value(), begin(search("parallel=3")));
    assertEquals(7, result.trials().size());
    assertEquals(7, trained.size());
  }

  @Test
  void keysThatTheRecipeDoesNotKnowAndKeysThatWouldChangeTheMeasureAreRefused() {
    ConfigException unknown =
        assertThrows(
            ConfigException.class,
            () -> begin(search("space.\"training.batchSise\"={type: integer, low: 1, high: 9}")));
    assertTrue(unknown.getMessage().contains("did you mean batchSize"), unknown.getMessage());
    ConfigException seed =
        assertThrows(
            ConfigException.class, () -> search("space.\"seed\"={type: integer, low: 1, high: 9}"));
    assertTrue(seed.getMessage().contains("cannot be searched over"), seed.getMessage());
  }

  @Test
  void peopleLeftOutChooseByTheMeanOfTheFoldsAndEachFoldHasItsFolder() throws IOException {
    String[] byPeople = {"measure=validation-verification", "folds=3"};
    SearchConfig config = search(byPeople).value();
    RunDirectory run = begin(search(byPeople));
    Search.Result result = run(config, run);
    assertEquals(3 * 7, trained.size());
    for (Trial trial : result.trials()) {
      assertEquals(trial.validationAccuracy() / 2 + 0.1, trial.validationVerification(), 1e-12);
      assertTrue(
          trial.validationVerification() <= result.best().orElseThrow().validationVerification());
    }
    try (var candidates = Files.list(run.root().resolve("candidates"))) {
      for (Path candidate : candidates.toList()) {
        for (int fold = 1; fold <= 3; fold++) {
          assertTrue(Files.exists(candidate.resolve("fold-" + fold).resolve("resolved.yaml")));
        }
      }
    }
    assertTrue(Files.readString(result.report()).contains("1 - EER"));
    assertTrue(Files.readString(result.bestRecipe()).contains("1 - EER"));
  }

  @Test
  void realTrainingsAreJudgedByPeopleTheyHaveNotSeen() throws IOException {
    String[] byPeople = {
      "measure=validation-verification", "folds=2", "strategy.candidates=1",
    };
    Search.Result result =
        Search.run(
            search(byPeople).value(),
            begin(search(byPeople)),
            circumstances(() -> false),
            Map.of());
    assertEquals(2, result.trials().size());
    for (Trial trial : result.trials()) {
      assertEquals("", trial.problem());
      // Drawn faces and their backbone: far above chance.
      assertTrue(
          trial.validationVerification() > 0.7 && trial.validationVerification() <= 1,
          trial.toString());
    }
  }

  @Test
  void foldsWithoutPeopleToJudgeByAreRefused() {
    ConfigException error = assertThrows(ConfigException.class, () -> search("folds=3"));
    assertTrue(error.getMessage().contains("validation-verification"), error.getMessage());
    ConfigException pairs =
        assertThrows(
            ConfigException.class,
            () ->
                begin(
                    search("measure=validation-verification", "set=[evaluation.impostorPairs=0]")));
    assertTrue(pairs.getMessage().contains("evaluation.impostorPairs"), pairs.getMessage());
  }

  @Test
  void whatASearchPromisesIsCheckedAtItsEnd() throws IOException {
    String[] promises = {
      "expect={best: {atLeast: 0.99999}, gain: {atLeast: 0.0}, failed: {atMost: 0}}"
    };
    Search.Result result = run(search(promises).value(), begin(search(promises)));
    assertEquals(1, result.unmet().size(), result.unmet().toString());
    assertTrue(
        result.unmet().get(0).startsWith("expect.best: expected at least 0.99999, was 0."),
        result.unmet().toString());
    String[] gain = {"expect={gain: {atLeast: 0.9}}"};
    assertEquals(1, run(search(gain).value(), begin(search(gain))).unmet().size());
    ConfigException unknown =
        assertThrows(ConfigException.class, () -> search("expect={beest: {atLeast: 0.9}}"));
    assertTrue(unknown.getMessage().contains("best, gain, failed"), unknown.getMessage());
  }

  @Test
  void noMoreCandidatesRunAtATimeThanFitIntoMemory() throws IOException {
    SearchConfig config = search("parallel=4").value();
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Search.run(
        config,
        begin(search("parallel=4")),
        circumstances(() -> false),
        Map.of(),
        (recipe, run, circumstances, fold) -> {
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          try {
            Thread.sleep(20);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          running.decrementAndGet();
          return fake(recipe, run, circumstances, fold);
        },
        recipe -> new CandidateMemory(10, 10L * recipe.training().batchSize()),
        () -> new MemoryReport(1000, 250, Long.MAX_VALUE));
    // The space's largest batch is 8: 80 of 250.
    assertEquals(3, most.get());
  }

  @Test
  void aSearchOfWhichNotEvenOneCandidateFitsIsRefused() throws IOException {
    RunDirectory run = begin(search());
    ConfigException error =
        assertThrows(
            ConfigException.class,
            () ->
                Search.run(
                    search().value(),
                    run,
                    circumstances(() -> false),
                    Map.of(),
                    this::fake,
                    recipe -> new CandidateMemory(2048 << 10, 1),
                    () -> new MemoryReport(1 << 20, 1 << 20, 1 << 20)));
    assertTrue(error.getMessage().contains("needs about 2 MiB of heap"), error.getMessage());
    assertEquals(0, trained.size());
  }

  @Test
  void realTrainingsShareTheFeatureCache() throws IOException {
    SearchConfig config = search("strategy.candidates=2", "parallel=2").value();
    RunDirectory run = begin(search());
    Search.Result result = Search.run(config, run, circumstances(() -> false), Map.of());
    assertEquals(3, result.trials().size());
    for (Trial trial : result.trials()) {
      assertEquals("", trial.problem());
      assertTrue(trial.validationAccuracy() >= 0 && trial.validationAccuracy() <= 1);
    }
    try (var caches = Files.list(folder.resolve("cache"))) {
      assertEquals(1, caches.count());
    }
  }
}
