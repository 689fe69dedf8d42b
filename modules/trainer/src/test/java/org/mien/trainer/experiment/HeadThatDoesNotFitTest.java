package org.mien.trainer.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mien.core.config.ConfigLoader;
import org.mien.core.config.LoadedConfig;
import org.mien.core.error.ConfigException;
import org.mien.core.progress.Progress;
import org.mien.core.run.RunDirectory;

/** A head that cannot start from the backbone's features is refused before any is computed. */
final class HeadThatDoesNotFitTest {
  private static final String RECIPE =
      """
      name: head
      seed: 5
      data:
        source: {type: synthetic, firstIdentity: 500, identities: 4, imagesPerIdentity: 8, sizePixels: 32}
        split: {verificationIdentities: 0, testEvery: 4, validationEvery: 3}
      model:
        backbone:
          type: small-resnet
          widths: [4, 8]
          blocksPerStage: [1, 1]
          preprocessing: {widthPixels: 16, heightPixels: 16}
        head: {type: linear, dimension: 9}
      training: {epochs: 1, batchSize: 8}
      export: []
      """;

  @TempDir private Path folder;
  private final List<String> begun = new ArrayList<>();

  private void run(List<String> overrides) {
    LoadedConfig<ExperimentConfig> recipe =
        ConfigLoader.parse(RECIPE, "head.yaml", ExperimentConfig.class, overrides, Map.of());
    RunDirectory run = Experiment.begin(recipe, folder.resolve("runs"));
    Experiment.run(
        recipe.value(),
        run,
        new Circumstances(
            folder.resolve("cache"),
            List.of("test"),
            (task, unit, total) -> {
              begun.add(task);
              return Progress.silent().start(task, unit, total);
            },
            () -> false));
  }

  private static List<String> freeze(String kind) {
    return switch (kind) {
      case "backbone" -> List.of("model.backbone={type: built-in, name: synthetic-small}");
      case "up-to" -> List.of("model.freeze=up-to", "model.frozenUpTo=layer1");
      default -> List.of("model.freeze=" + kind);
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"backbone", "up-to", "none"})
  void startAsIdentityWithAnotherDimensionIsRefusedBeforeAnyImageIsRead(String kind) {
    List<String> identity = new ArrayList<>(freeze(kind));
    identity.add("model.head.startAsIdentity=true");
    ConfigException e = assertThrows(ConfigException.class, () -> run(identity));
    assertTrue(
        e.getMessage().contains("model.head: startAsIdentity needs the dimension of the features"),
        e.getMessage());
    assertEquals(List.of(), begun);
    run(freeze(kind));
    assertTrue(
        begun.contains(kind.equals("none") ? "training images" : "features"), begun.toString());
  }
}
