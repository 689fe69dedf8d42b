package org.mien.trainer.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mien.core.config.ConfigLoader;
import org.mien.core.config.LoadedConfig;
import org.mien.core.error.ConfigException;
import org.mien.core.progress.Progress;
import org.mien.core.run.RunDirectory;
import org.mien.model.file.FaceModel;
import org.mien.trainer.loop.StopSignal;
import org.mien.trainer.loop.StoppedException;

/** Losses with a state, and losses without a classifier, from the recipe to the report. */
final class LossesInRecipesTest {
  private static final String RECIPE =
      """
      name: losses
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
        head: {type: bn-fc, dimension: 16, dropout: 0.2}
      training:
        epochs: 2
        batchSize: 8
        sampling: {type: identity-balanced, identitiesPerBatch: 4, imagesPerIdentity: 2}
      export: [onnx]
      """;

  @TempDir private static Path folder;

  private static LoadedConfig<ExperimentConfig> recipe(String... overrides) {
    return ConfigLoader.parse(
        RECIPE, "losses.yaml", ExperimentConfig.class, List.of(overrides), Map.of());
  }

  private static RunDirectory run(RunDirectory run, StopSignal stop, String... overrides) {
    Experiment.run(
        recipe(overrides).value(),
        run,
        new Circumstances(folder.resolve("cache"), List.of("test"), Progress.silent(), stop));
    return run;
  }

  private static RunDirectory begin(String... overrides) {
    return Experiment.begin(recipe(overrides), folder.resolve("runs"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{type: triplet, mining: semi-hard}; false",
        "{type: contrastive}; false",
        "{type: curricularface, scale: 16}; true",
        "{type: adaface, scale: 16}; true",
        "{type: centre}; true"
      })
  void aRecipeTrainsResumesExactlyAndIsEvaluated(String loss, boolean classifies)
      throws IOException {
    String override = "model.loss=" + loss;
    RunDirectory straight = run(begin(override), () -> false, override);
    RunDirectory stopped = begin(override);
    AtomicInteger done = new AtomicInteger();
    assertThrows(
        StoppedException.class, () -> run(stopped, () -> done.incrementAndGet() >= 3, override));
    run(stopped, () -> false, override);
    for (String file : List.of("export/losses.onnx", "metrics.json")) {
      assertEquals(
          -1,
          Files.mismatch(straight.root().resolve(file), stopped.root().resolve(file)),
          file + " differs");
    }
    try (FaceModel model = FaceModel.load(straight.model())) {
      assertEquals(classifies, model.classifies());
      assertEquals(classifies ? 8 : 0, model.descriptor().classifierIdentities().size());
      assertEquals(8, model.descriptor().trainingIdentities().size());
    }
    String metrics = Files.readString(straight.metrics());
    assertTrue(metrics.contains("accuracy.nearestCentroid"), metrics);
    List<String> csv = Files.readAllLines(straight.trainCsv());
    assertEquals(3, csv.size());
    assertFalse(csv.get(2).contains("NaN"), csv.get(2));
  }

  @Test
  void lossesOverABatchAreRefusedWithoutBalancedBatches() {
    for (String loss : List.of("triplet", "contrastive")) {
      for (String sampling :
          List.of(
              "{type: shuffled}",
              "{type: identity-balanced, identitiesPerBatch: 8, imagesPerIdentity: 1}")) {
        ConfigException refused =
            assertThrows(
                ConfigException.class,
                () -> recipe("model.loss={type: " + loss + "}", "training.sampling=" + sampling));
        assertTrue(refused.getMessage().contains("identity-balanced"), refused.getMessage());
      }
    }
    recipe("model.loss={type: arcface}", "training.sampling={type: shuffled}");
  }
}
