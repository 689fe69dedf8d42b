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
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.config.ConfigLoader;
import org.mien.core.config.LoadedConfig;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.progress.Progress;
import org.mien.core.run.RunDirectory;
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
    return Search.run(config, run, circumstances(() -> false), Map.of(), this::fake);
  }

  /** Best where the rate is near 0.01; one batch size breaks. */
  private TrainingState fake(ExperimentConfig recipe, RunDirectory run, Circumstances unused) {
    trained.add(recipe);
    double rate = recipe.training().optimizer().learningRate();
    double accuracy = 1 / (1 + Math.abs(Math.log10(rate) + 2));
    return state(accuracy, 1 - accuracy);
  }

  private static TrainingState state(double accuracy, double loss) {
    return new TrainingState(
        List.of(
            new EpochRecord(1, 10, 0.1, 1, loss + 1, accuracy / 2, 0.1),
            new EpochRecord(2, 20, 0.1, 1, loss, accuracy, 0.1)),
        0,
        0,
        1);
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
        Search.run(
            search().value(),
            begin(search()),
            circumstances(() -> false),
            Map.of(),
            (recipe, run, unused) -> {
              if (recipe.training().batchSize() == 4) {
                throw new DataException("batches of 4 break");
              }
              return fake(recipe, run, unused);
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
        () ->
            Search.run(
                search().value(),
                run,
                circumstances(() -> trained.size() >= 3),
                Map.of(),
                this::fake));
    assertEquals(3, new SearchFiles(run).read().size());
    assertEquals(7, run(search().value(), run).trials().size());
    assertEquals(7, trained.size());
    assertEquals(7, new HashSet<>(trained).size());
  }

  @Test
  void timeIsBounded() throws IOException {
    SearchConfig config = search("maximumMinutes=0.002", "strategy.candidates=1000").value();
    Search.Result result =
        Search.run(
            config,
            begin(search()),
            circumstances(() -> false),
            Map.of(),
            (recipe, run, circumstances) -> {
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
