package org.mien.trainer.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mien.core.config.ConfigLoader;
import org.mien.core.config.LoadedConfig;
import org.mien.core.error.ConfigException;
import org.mien.core.error.TrainingDivergedException;
import org.mien.core.progress.Progress;
import org.mien.core.run.RunDirectory;
import org.mien.data.augment.ContactSheet;
import org.mien.data.image.RawImage;
import org.mien.model.checkpoint.CheckpointStore;
import org.mien.model.file.FaceModel;
import org.mien.trainer.loop.StopSignal;
import org.mien.trainer.loop.StoppedException;

/** A training that was stopped, or that died, ends with the weights of the uninterrupted one. */
final class ResumeTest {
  private static final String WHOLE_NETWORK =
      """
      name: resume
      seed: 3
      data:
        source: {type: synthetic, identities: 8, imagesPerIdentity: 8, sizePixels: 32}
        split: {verificationIdentities: 0, testEvery: 4, validationEvery: 3}
      model:
        backbone:
          type: small-resnet
          widths: [4, 8]
          blocksPerStage: [1, 1]
          preprocessing: {widthPixels: 32, heightPixels: 32}
        freeze: none
        head: {type: linear, dimension: 16}
      training:
        epochs: 4
        batchSize: 8
        schedule: {type: cosine, warmUp: 0.1}
        keepCheckpoints: 1
      export: [onnx]
      """;

  private static final String AUGMENTATION =
      "data.augmentation=[{type: flip}, {type: crop-jitter}, {type: cut-out, probability: 0.5}]";

  @TempDir private static Path folder;
  private static RunDirectory uninterrupted;

  private static LoadedConfig<ExperimentConfig> recipe(String... overrides) {
    return ConfigLoader.parse(
        WHOLE_NETWORK, "resume.yaml", ExperimentConfig.class, List.of(overrides), Map.of());
  }

  private static RunDirectory begin(String... overrides) {
    return Experiment.begin(recipe(overrides), folder.resolve("runs"));
  }

  private static void run(RunDirectory run, StopSignal stop, String... overrides) {
    Experiment.run(
        recipe(overrides).value(),
        run,
        new Circumstances(folder.resolve("cache"), List.of("test"), Progress.silent(), stop));
  }

  private static void assertSameResult(RunDirectory run) throws java.io.IOException {
    assertSameResult(uninterrupted, run);
  }

  private static void assertSameResult(RunDirectory uninterrupted, RunDirectory run)
      throws java.io.IOException {
    for (String file : List.of("export/resume.onnx", "metrics.json")) {
      assertEquals(
          -1,
          Files.mismatch(uninterrupted.root().resolve(file), run.root().resolve(file)),
          file + " differs");
    }
  }

  /** Trains twice, once with a stop in the middle of an epoch; returns the run without. */
  private static RunDirectory stoppedAfterTwoStepsAndNot(String... overrides)
      throws java.io.IOException {
    RunDirectory straight = begin(overrides);
    run(straight, () -> false, overrides);
    RunDirectory stopped = begin(overrides);
    AtomicInteger done = new AtomicInteger();
    assertThrows(
        StoppedException.class, () -> run(stopped, () -> done.incrementAndGet() >= 2, overrides));
    run(stopped, () -> false, overrides);
    assertSameResult(straight, stopped);
    return straight;
  }

  @BeforeAll
  static void trainWithoutInterruption() {
    uninterrupted = begin();
    run(uninterrupted, () -> false);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void stoppingAtSomeStepsChangesNothing(long seed) throws java.io.IOException {
    SplittableRandom random = new SplittableRandom(seed);
    RunDirectory run = begin();
    // Each time a few steps further, so that the training is stopped several times.
    int stops = 0;
    while (true) {
      int steps = 1 + random.nextInt(6);
      AtomicInteger done = new AtomicInteger();
      try {
        run(run, () -> done.incrementAndGet() >= steps);
        break;
      } catch (StoppedException e) {
        stops++;
      }
    }
    assertEquals(true, stops > 1, "stopped " + stops + " times");
    assertSameResult(run);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 9, 14})
  void dyingInTheMiddleOfAStepLosesAtMostAnEpoch(int step) throws java.io.IOException {
    RunDirectory run = begin();
    AtomicInteger done = new AtomicInteger();
    StopSignal death =
        () -> {
          if (done.incrementAndGet() == step) {
            throw new IllegalStateException("power cut");
          }
          return false;
        };
    assertThrows(IllegalStateException.class, () -> run(run, death));
    run(run, () -> false);
    assertSameResult(run);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{type: identity-balanced, identitiesPerBatch: 4, imagesPerIdentity: 2}",
        "{type: under-sampling, maximumPerIdentity: 3}",
        "{type: over-sampling}"
      })
  void everyWayOfSamplingAndAugmentedViewsGoOnInTheMiddleOfAnEpoch(String sampling)
      throws java.io.IOException {
    String[] overrides = {AUGMENTATION, "training.epochs=2", "training.sampling=" + sampling};
    stoppedAfterTwoStepsAndNot(overrides);
  }

  @Test
  void aNetworkFrozenUpToALayerGoesOnInTheMiddleOfAnEpoch() throws java.io.IOException {
    String[] overrides = {
      "model.freeze=up-to",
      "model.frozenUpTo=layer1",
      "model.batchNormStatistics=running",
      "training.epochs=2"
    };
    RunDirectory straight = stoppedAfterTwoStepsAndNot(overrides);
    assertFalse(Arrays.equals(headOf(uninterrupted), headOf(straight)));
  }

  @Test
  void replicasThatDropOutGoOnInTheMiddleOfAnEpoch() throws java.io.IOException {
    String[] overrides = {
      "model.head={type: bn-fc, dimension: 16, dropout: 0.3}",
      "training.replicas=3",
      "training.accumulateSteps=2",
      "training.epochs=2"
    };
    RunDirectory straight = stoppedAfterTwoStepsAndNot(overrides);
    overrides[1] = "training.replicas=1";
    RunDirectory alone = begin(overrides);
    run(alone, () -> false, overrides);
    assertFalse(Arrays.equals(headOf(alone), headOf(straight)), "batch statistics are of shares");
  }

  @Test
  void augmentationReachesTheTraining() {
    RunDirectory augmented = begin(AUGMENTATION);
    run(augmented, () -> false, AUGMENTATION);
    assertFalse(Arrays.equals(headOf(uninterrupted), headOf(augmented)));
  }

  @Test
  void classWeightsReachTheTrainingOfALopsidedSet() {
    Path faces = folder.resolve("faces");
    SplittableRandom random = new SplittableRandom(1);
    int[] counts = {3, 6, 12};
    for (int person = 0; person < counts.length; person++) {
      for (int image = 0; image < counts[person]; image++) {
        byte[] rgb = new byte[3 * 32 * 32];
        random.nextBytes(rgb);
        ContactSheet.writePng(
            new RawImage(32, 32, rgb), faces.resolve("p" + person + "/" + image + ".png"));
      }
    }
    List<RunDirectory> runs = new java.util.ArrayList<>();
    for (String weights :
        List.of("{type: none}", "{type: effective-number, beta: 0}", "{type: inverse}")) {
      String[] overrides = {
        "data.source={type: folder, folder: " + faces + "}",
        "training.epochs=2",
        "training.classWeights=" + weights
      };
      RunDirectory run = begin(overrides);
      run(run, () -> false, overrides);
      runs.add(run);
    }
    assertArrayEquals(headOf(runs.get(0)), headOf(runs.get(1)), "beta 0 weighs all the same");
    assertFalse(Arrays.equals(headOf(runs.get(0)), headOf(runs.get(2))));
  }

  /** The weights alone: the files also hold the recipe's fingerprint. */
  private static float[] headOf(RunDirectory run) {
    try (FaceModel model = FaceModel.load(run.model())) {
      return model.head().orElseThrow().params().dup('c').data().asFloat();
    }
  }

  @Test
  void settingsThatContradictEachOtherAreRefused() {
    for (String[] overrides :
        new String[][] {
          {AUGMENTATION, "model.freeze=backbone"},
          {"model.freeze=up-to"},
          {"model.frozenUpTo=layer1"},
          {"model.freeze=backbone", "model.batchNormStatistics=running"},
          {"model.freeze=backbone", "training.replicas=2"},
          {"training.replicas=5"},
          {
            "training.replicas=3",
            "training.sampling={type: identity-balanced, identitiesPerBatch: 4, imagesPerIdentity: 2}"
          },
          {
            "training.sampling={type: identity-balanced, identitiesPerBatch: 5, imagesPerIdentity: 2}"
          },
          {
            "training.sampling={type: identity-balanced, identitiesPerBatch: 4, imagesPerIdentity: 2}",
            "training.classWeights={type: inverse}"
          }
        }) {
      assertThrows(ConfigException.class, () -> recipe(overrides));
    }
    ConfigException e =
        assertThrows(ConfigException.class, () -> recipe(AUGMENTATION, "model.freeze=backbone"));
    assertEquals(true, e.getMessage().contains("training.cache: off"), e.getMessage());
    assertEquals(3, recipe(AUGMENTATION).value().data().augmentation().size());
    recipe(AUGMENTATION, "model.freeze=backbone", "training.cache=off");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "backbone"})
  void anAverageOfWeightsGoesOnInTheMiddleOfAnEpochAndIsWhatIsSaved(String freeze)
      throws java.io.IOException {
    String[] overrides = {
      "model.freeze=" + freeze,
      "model.backbone="
          + (freeze.equals("backbone")
              ? "{type: built-in, name: synthetic-small}"
              : "{type: small-resnet, widths: [4, 8], blocksPerStage: [1, 1], preprocessing:"
                  + " {widthPixels: 32, heightPixels: 32}}"),
      "training.epochs=3",
      "training.averaging={type: exponential, decay: 0.9}"
    };
    RunDirectory straight = begin(overrides);
    run(straight, () -> false, overrides);
    RunDirectory stopped = begin(overrides);
    for (int steps : new int[] {2, 3}) {
      AtomicInteger done = new AtomicInteger();
      assertThrows(
          StoppedException.class,
          () -> run(stopped, () -> done.incrementAndGet() >= steps, overrides));
    }
    run(stopped, () -> false, overrides);
    assertSameResult(straight, stopped);
    String[] plain = {overrides[0], overrides[1], overrides[2]};
    RunDirectory without = begin(plain);
    run(without, () -> false, plain);
    assertFalse(Arrays.equals(headOf(without), headOf(straight)));
    if (freeze.equals("backbone")) {
      int best = bestEpoch(straight);
      float[] average =
          new CheckpointStore(straight.checkpoints())
              .afterEpoch(best)
              .average()
              .orElseThrow()
              .dup('c')
              .data()
              .asFloat();
      assertArrayEquals(average, headOf(straight));
    }
  }

  /** By accuracy, then by loss, from the table that the run leaves. */
  private static int bestEpoch(RunDirectory run) throws java.io.IOException {
    return Files.readAllLines(run.trainCsv()).stream()
        .skip(1)
        .map(line -> line.split(",", -1))
        .min(
            java.util.Comparator.<String[]>comparingDouble(row -> -Double.parseDouble(row[5]))
                .thenComparingDouble(row -> Double.parseDouble(row[4])))
        .map(row -> Integer.parseInt(row[0]))
        .orElseThrow();
  }

  @Test
  void aRunThatDivergedGoesOnFromItsLastCheckpointAtALowerRate() throws java.io.IOException {
    RunDirectory run = begin();
    AtomicInteger done = new AtomicInteger();
    assertThrows(StoppedException.class, () -> run(run, () -> done.incrementAndGet() >= 5));
    List<Path> before = checkpoints(run);
    String[] wild = {
      "training.optimizer={type: adam, learningRate: 10}",
      "training.lossExplosion=2",
      "training.schedule={type: constant}"
    };
    Experiment.change(run, recipe().value(), recipe(wild).value());
    TrainingDivergedException e =
        assertThrows(TrainingDivergedException.class, () -> run(run, () -> false, wild));
    assertEquals(true, e.getMessage().contains("epoch 2 at step"), e.getMessage());
    assertEquals(true, e.getMessage().contains("identity-"), e.getMessage());
    assertEquals(before, checkpoints(run));
    String[] calm = {"training.optimizer={type: adam, learningRate: 1e-4}"};
    Experiment.change(run, recipe(wild).value(), recipe(calm).value());
    run(run, () -> false, calm);
    assertEquals(
        true, Files.readString(run.root().resolve("resolved.before-change-2.yaml")).contains("10"));
    assertEquals(true, Files.readString(run.report()).contains("recipe was changed"));
    ConfigException late =
        assertThrows(
            ConfigException.class,
            () -> Experiment.change(run, recipe(calm).value(), recipe().value()));
    assertEquals(true, late.getMessage().contains("epochs are done"), late.getMessage());
    ConfigException other =
        assertThrows(
            ConfigException.class,
            () -> Experiment.change(run, recipe().value(), recipe("seed=4").value()));
    assertEquals(true, other.getMessage().contains("seed is not what"), other.getMessage());
  }

  private static List<Path> checkpoints(RunDirectory run) throws java.io.IOException {
    try (var files = Files.list(run.checkpoints())) {
      return files.sorted().toList();
    }
  }

  @Test
  void aDamagedNewestCheckpointIsPassedOver() throws java.io.IOException {
    RunDirectory run = begin();
    AtomicInteger done = new AtomicInteger();
    assertThrows(StoppedException.class, () -> run(run, () -> done.incrementAndGet() >= 7));
    try (var files = Files.list(run.checkpoints())) {
      Path newest = files.sorted().reduce((a, b) -> b).orElseThrow();
      byte[] bytes = Files.readAllBytes(newest);
      Files.write(newest, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    }
    run(run, () -> false);
    assertSameResult(run);
  }
}
