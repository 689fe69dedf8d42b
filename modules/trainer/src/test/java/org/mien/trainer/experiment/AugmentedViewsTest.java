package org.mien.trainer.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.config.ConfigLoader;
import org.mien.core.config.LoadedConfig;
import org.mien.core.error.ConfigException;
import org.mien.core.progress.Progress;
import org.mien.core.run.RunDirectory;
import org.mien.trainer.loop.StopSignal;
import org.mien.trainer.loop.StoppedException;

/** A head on a frozen backbone, trained on a few augmented views of each image that are kept. */
final class AugmentedViewsTest {
  private static final String RECIPE =
      """
      name: views
      seed: 5
      data:
        source: {type: synthetic, identities: 6, imagesPerIdentity: 6, sizePixels: 64}
        split: {verificationIdentities: 0, testEvery: 3, validationEvery: 0}
        augmentation: [{type: flip}, {type: crop-jitter}]
      model:
        backbone: {type: built-in}
        head: {type: linear, dimension: 8}
      training: {epochs: 3, batchSize: 8, augmentedViews: 2}
      evaluation: {bootstrapReplicates: 100}
      export: [onnx]
      """;

  @TempDir private Path folder;

  private static LoadedConfig<ExperimentConfig> recipe(String... overrides) {
    return ConfigLoader.parse(
        RECIPE, "views.yaml", ExperimentConfig.class, List.of(overrides), Map.of());
  }

  private RunDirectory begin(String... overrides) {
    return Experiment.begin(recipe(overrides), folder.resolve("runs"));
  }

  private RunDirectory run(RunDirectory run, StopSignal stop, String... overrides) {
    Experiment.run(
        recipe(overrides).value(),
        run,
        new Circumstances(folder.resolve("cache"), List.of("test"), Progress.silent(), stop));
    return run;
  }

  private static long mismatch(RunDirectory a, RunDirectory b) throws IOException {
    return Files.mismatch(a.export("views.onnx"), b.export("views.onnx"));
  }

  private long cacheBytes() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("cache"))) {
      return Files.size(files.findFirst().orElseThrow());
    }
  }

  @Test
  void viewsAreComputedOnceAndTrainingOnThemGoesOnExactly() throws IOException {
    RunDirectory straight = run(begin(), () -> false);
    long bytes = cacheBytes();
    RunDirectory again = run(begin(), () -> false);
    assertEquals(-1, mismatch(straight, again), "the same recipe gives the same bytes");
    assertEquals(bytes, cacheBytes(), "nothing was computed again");

    RunDirectory stopped = begin();
    AtomicInteger done = new AtomicInteger();
    assertThrows(StoppedException.class, () -> run(stopped, () -> done.incrementAndGet() >= 5));
    run(stopped, () -> false);
    assertEquals(-1, mismatch(straight, stopped));

    String[] plain = {"data.augmentation=[]", "training.augmentedViews=0"};
    RunDirectory without = run(begin(plain), () -> false, plain);
    assertNotEquals(-1, mismatch(straight, without));
    assertEquals(bytes, cacheBytes(), "the plain images' features are shared");
    String[] more = {"training.augmentedViews=3"};
    run(begin(more), () -> false, more);
    long training = 6 * 4;
    long images = 6 * 6;
    long each = (bytes - 44) / (images + 2 * training);
    assertEquals(bytes + training * each, cacheBytes(), "only the third view is new");
  }

  @Test
  void viewsWithoutAnythingToKeepThemForAreRefused() {
    for (String[] overrides :
        new String[][] {
          {"training.cache=off"}, {"data.augmentation=[]"}, {"training.augmentedViews=0"}
        }) {
      ConfigException e = assertThrows(ConfigException.class, () -> recipe(overrides));
      assertTrue(e.getMessage().contains("augmentedViews"), e.getMessage());
    }
  }
}
