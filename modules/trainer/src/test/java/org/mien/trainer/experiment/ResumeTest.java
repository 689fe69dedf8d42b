package org.mien.trainer.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
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
import org.mien.core.progress.Progress;
import org.mien.core.run.RunDirectory;
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

  @TempDir private static Path folder;
  private static RunDirectory uninterrupted;

  private static LoadedConfig<ExperimentConfig> recipe() {
    return ConfigLoader.parse(
        WHOLE_NETWORK, "resume.yaml", ExperimentConfig.class, List.of(), Map.of());
  }

  private static RunDirectory begin() {
    return Experiment.begin(recipe(), folder.resolve("runs"));
  }

  private static void run(RunDirectory run, StopSignal stop) {
    Experiment.run(
        recipe().value(),
        run,
        new Circumstances(folder.resolve("cache"), List.of("test"), Progress.silent(), stop));
  }

  private static void assertSameResult(RunDirectory run) throws java.io.IOException {
    for (String file : List.of("export/resume.onnx", "metrics.json")) {
      assertEquals(
          -1,
          Files.mismatch(uninterrupted.root().resolve(file), run.root().resolve(file)),
          file + " differs");
    }
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
