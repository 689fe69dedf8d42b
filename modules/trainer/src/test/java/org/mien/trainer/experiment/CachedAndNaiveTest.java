package org.mien.trainer.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.config.ConfigLoader;
import org.mien.core.config.LoadedConfig;
import org.mien.core.progress.Progress;
import org.mien.core.run.RunDirectory;
import org.mien.model.file.FaceModel;

/** The head from cached features is the head from a backbone that runs at every step. */
final class CachedAndNaiveTest {
  /** Batches of other sizes are summed in another order: nothing else may differ. */
  private static final float TOLERANCE = 1e-4f;

  private static final String RECIPE =
      """
      name: head
      seed: 5
      data:
        source: {type: synthetic, firstIdentity: 500, identities: 6, imagesPerIdentity: 8, sizePixels: 64}
        split: {verificationIdentities: 0, testEvery: 4, validationEvery: 3}
      model:
        backbone: {type: built-in}
        head: {type: linear, dimension: 32}
      training: {epochs: 3, batchSize: 8}
      export: [dl4j]
      """;

  @TempDir private Path folder;

  private float[] headOf(String... overrides) {
    LoadedConfig<ExperimentConfig> recipe =
        ConfigLoader.parse(
            RECIPE, "head.yaml", ExperimentConfig.class, List.of(overrides), Map.of());
    RunDirectory run = Experiment.begin(recipe, folder.resolve("runs"));
    Experiment.run(
        recipe.value(),
        run,
        new Circumstances(
            folder.resolve("cache"), List.of("test"), Progress.silent(), () -> false));
    try (FaceModel model = FaceModel.load(run.model())) {
      return model.head().orElseThrow().params().dup('c').data().asFloat();
    }
  }

  private List<Path> cacheFiles() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("cache"))) {
      return files.toList();
    }
  }

  @Test
  void bothGiveTheSameHeadAndTheCacheServesTheSecondRun() throws IOException {
    float[] naive = headOf("training.cache=off");
    float[] flipped =
        headOf("training.cache=off", "data.augmentation=[{type: flip, probability: 1}]");
    assertFalse(Arrays.equals(naive, flipped), "augmented images reach the backbone");
    assertFalse(Files.exists(folder.resolve("cache")));
    float[] cached = headOf();
    assertArrayEquals(naive, cached, TOLERANCE);

    assertEquals(1, cacheFiles().size());
    byte[] written = Files.readAllBytes(cacheFiles().get(0));
    float[] again = headOf();
    assertArrayEquals(cached, again, "the same features give the same weights, bit for bit");
    assertArrayEquals(written, Files.readAllBytes(cacheFiles().get(0)));
    assertFalse(Arrays.equals(cached, headOf("seed=6")));
  }
}
