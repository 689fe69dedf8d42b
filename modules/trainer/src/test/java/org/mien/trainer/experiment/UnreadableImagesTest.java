package org.mien.trainer.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mien.core.config.ConfigLoader;
import org.mien.core.error.DataException;
import org.mien.core.progress.Progress;
import org.mien.core.run.RunDirectory;
import org.mien.data.augment.ContactSheet;
import org.mien.data.image.RawImage;

/** Images that cannot be read are listed and left out, whatever is trained. */
final class UnreadableImagesTest {
  private static final String RECIPE =
      """
      name: unreadable
      seed: 3
      data:
        source: {type: folder, folder: FACES}
        split: {verificationIdentities: 0, testEvery: 4, validationEvery: 3}
      model:
        backbone:
          type: small-resnet
          widths: [4, 8]
          blocksPerStage: [1, 1]
          preprocessing: {widthPixels: 16, heightPixels: 16}
        head: {type: linear, dimension: 8}
      training: {epochs: 1, batchSize: 8}
      export: []
      """;

  @TempDir private Path folder;
  private Path faces;

  @BeforeEach
  void draw() {
    faces = folder.resolve("faces");
    SplittableRandom random = new SplittableRandom(1);
    for (int person = 0; person < 3; person++) {
      for (int image = 0; image < 8; image++) {
        byte[] rgb = new byte[3 * 16 * 16];
        random.nextBytes(rgb);
        ContactSheet.writePng(
            new RawImage(16, 16, rgb), faces.resolve("p" + person + "/" + image + ".png"));
      }
    }
  }

  private RunDirectory run(String... overrides) {
    var recipe =
        ConfigLoader.parse(
            RECIPE.replace("FACES", "'" + faces + "'"),
            "unreadable.yaml",
            ExperimentConfig.class,
            List.of(overrides),
            Map.of());
    RunDirectory run = Experiment.begin(recipe, folder.resolve("runs"));
    Experiment.run(
        recipe.value(),
        run,
        new Circumstances(
            folder.resolve("cache"), List.of("test"), Progress.silent(), () -> false));
    return run;
  }

  /** Cut in the middle of its pixels: the header can still be read. */
  private void cut(int person, int image) throws IOException {
    Path file = faces.resolve("p" + person + "/" + image + ".png");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
  }

  private static String[] freeze(String kind) {
    if (kind.equals("backbone")) {
      return new String[] {"model.backbone={type: built-in, name: synthetic-small}"};
    }
    return kind.equals("up-to")
        ? new String[] {"model.freeze=up-to", "model.frozenUpTo=layer1"}
        : new String[] {"model.freeze=" + kind};
  }

  @ParameterizedTest
  @ValueSource(strings = {"backbone", "up-to", "none"})
  void everyImageMayBeCutButOneOfAPersonAndTheRestIsTrainedOn(String kind) throws IOException {
    // Of every part of the split: training, validation and test.
    for (int image = 1; image < 5; image++) {
      cut(1, image);
    }
    RunDirectory run = run(freeze(kind));
    List<String> skipped = Files.readAllLines(run.skipped());
    assertEquals(5, skipped.size(), skipped.toString());
    for (int image = 1; image < 5; image++) {
      String name = "p1/" + image + ".png";
      assertTrue(skipped.stream().anyMatch(line -> line.startsWith(name)), name + " is missing");
    }
    assertTrue(Files.readString(run.report()).contains("p1/1.png"), "not in the report");
  }

  @ParameterizedTest
  @ValueSource(strings = {"backbone", "up-to", "none"})
  void aPersonWithoutAnyReadableTrainingImageEndsTheRun(String kind) throws IOException {
    for (int image = 0; image < 8; image++) {
      cut(2, image);
    }
    DataException e = assertThrows(DataException.class, () -> run(freeze(kind)));
    assertTrue(e.getMessage().contains("no training image can be read of p2"), e.getMessage());
  }

  @Test
  void strictEndsTheRunAtTheFirst() throws IOException {
    cut(0, 1);
    DataException e =
        assertThrows(DataException.class, () -> run("model.freeze=none", "data.strict=true"));
    assertTrue(e.getMessage().contains("1.png"), e.getMessage());
  }
}
