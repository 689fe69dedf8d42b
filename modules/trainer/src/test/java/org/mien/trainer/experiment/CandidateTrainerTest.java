package org.mien.trainer.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.config.ConfigLoader;
import org.mien.core.config.ConfigWriter;
import org.mien.core.progress.Progress;
import org.mien.core.random.SeedStreams;
import org.mien.core.run.AtomicFiles;
import org.mien.core.run.RunDirectory;
import org.mien.data.manifest.FaceSample;
import org.mien.data.sampling.Split;

final class CandidateTrainerTest {
  private static final int PEOPLE = 10;
  private static final int IMAGES = 8;
  private static final int SIZE = 16;

  private static final String NETWORK =
      "backbone: {type: small-resnet, widths: [4, 4], blocksPerStage: [1, 1], preprocessing:"
          + " {widthPixels: 16, heightPixels: 16}}";

  @TempDir private Path folder;

  /** Pictures of one colour a person, with noise; those that a report counts are no pictures. */
  @BeforeEach
  void drawPeopleAndBreakWhatIsReported() throws IOException {
    SplittableRandom random = new SplittableRandom(4);
    for (int person = 0; person < PEOPLE; person++) {
      Path home = Files.createDirectories(folder.resolve("faces/p" + person));
      int colour = random.nextInt(0x1000000);
      for (int number = 0; number < IMAGES; number++) {
        BufferedImage image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < SIZE * SIZE; i++) {
          image.setRGB(i % SIZE, i / SIZE, colour ^ (random.nextInt(0x1000000) & 0x1f1f1f));
        }
        ImageIO.write(image, "png", home.resolve(number + ".png").toFile());
      }
    }
    ExperimentConfig recipe = recipe("freeze: none", NETWORK);
    SeedStreams seeds = new SeedStreams(recipe.seed());
    Split split = Split.of(recipe.data().source().open(seeds), recipe.data().split(), seeds);
    assertFalse(split.test().isEmpty() || split.verification().isEmpty());
    for (List<FaceSample> reported : List.of(split.test(), split.verification())) {
      for (FaceSample sample : reported) {
        Path file = folder.resolve("faces").resolve(sample.key());
        assertTrue(Files.exists(file), sample.key());
        Files.writeString(file, "no picture");
      }
    }
  }

  private ExperimentConfig recipe(String... model) {
    String yaml =
        """
        name: candidate
        seed: 9
        data:
          source: {type: folder, folder: FACES}
          split: {verificationIdentities: 0.2, testEvery: 4, validationEvery: 3}
          strict: true
        model:
          MODEL
          head: {type: linear, dimension: 8}
        training: {epochs: 2, batchSize: 8}
        evaluation: {genuinePairs: 30, impostorPairs: 30}
        """
            .replace("FACES", folder.resolve("faces").toString())
            .replace("MODEL", String.join("\n  ", model));
    return ConfigLoader.parse(yaml, "candidate.yaml", ExperimentConfig.class, List.of(), Map.of())
        .value();
  }

  private CandidateTrainer.Outcome train(
      CandidateTrainer trainer, ExperimentConfig recipe, Optional<CandidateTrainer.Fold> fold) {
    Path root = folder.resolve("candidate-" + fold.map(f -> "" + f.fold()).orElse("all"));
    AtomicFiles.writeString(root.resolve("resolved.yaml"), ConfigWriter.toYaml(recipe));
    return trainer.train(
        recipe,
        RunDirectory.open(root),
        new Circumstances(folder.resolve("cache"), List.of("test"), Progress.silent(), () -> false),
        fold);
  }

  @Test
  void aWholeNetworkIsTrainedWithoutALookAtWhatIsReported() {
    CandidateTrainer.Outcome outcome =
        train(new CandidateTrainer(), recipe("freeze: none", NETWORK), Optional.empty());
    assertEquals(2, outcome.state().epochs().size());
    assertEquals(OptionalDouble.empty(), outcome.verification());
  }

  @Test
  void aWholeNetworkIsJudgedByPeopleItHasNotSeen() {
    CandidateTrainer.Outcome outcome =
        train(
            new CandidateTrainer(),
            recipe("freeze: none", NETWORK),
            Optional.of(new CandidateTrainer.Fold(1, 2)));
    double verification = outcome.verification().orElseThrow();
    assertTrue(verification > 0.5 && verification <= 1, "people differ in colour: " + verification);
  }

  @Test
  void aHeadIsTrainedWithoutALookAtWhatIsReportedAndFeaturesStayForTheNext() throws IOException {
    CandidateTrainer trainer = new CandidateTrainer();
    ExperimentConfig recipe = recipe("backbone: {type: built-in}");
    double first =
        train(trainer, recipe, Optional.of(new CandidateTrainer.Fold(0, 2)))
            .verification()
            .orElseThrow();
    // The next candidates need no picture any more.
    try (var files = Files.walk(folder.resolve("faces"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.writeString(file, "gone");
      }
    }
    assertEquals(
        2,
        train(trainer, recipe, Optional.of(new CandidateTrainer.Fold(1, 2)))
            .state()
            .epochs()
            .size());
    assertEquals(2, train(trainer, recipe, Optional.empty()).state().epochs().size());
    assertTrue(first > 0.5 && first <= 1, "people differ in colour: " + first);
  }

  @Test
  void aHeadWithBatchNormalisationIsTrainedOnFeatures() {
    ExperimentConfig linear = recipe("backbone: {type: built-in}");
    String normalised =
        ConfigWriter.toYaml(linear)
            .replaceAll("(?s)head:\\n.*?\\n  loss:", "head: {type: bn-fc, dimension: 8}\n  loss:");
    assertTrue(normalised.contains("bn-fc"), normalised);
    ExperimentConfig recipe =
        ConfigLoader.parse(
                normalised, "normalised.yaml", ExperimentConfig.class, List.of(), Map.of())
            .value();
    assertEquals(
        2, train(new CandidateTrainer(), recipe, Optional.empty()).state().epochs().size());
  }

  @Test
  void aWholeNetworkNeedsMoreMemoryTheLargerTheBatchAndAHeadLittle() {
    CandidateTrainer trainer = new CandidateTrainer();
    ExperimentConfig whole = recipe("freeze: none", NETWORK);
    CandidateMemory small = trainer.memory(whole);
    String larger = ConfigWriter.toYaml(whole).replace("batchSize: 8", "batchSize: 16");
    CandidateMemory large =
        trainer.memory(
            ConfigLoader.parse(larger, "larger.yaml", ExperimentConfig.class, List.of(), Map.of())
                .value());
    assertEquals(small.heapBytes(), large.heapBytes());
    // 8 more images; the first stage alone gives 4 planes of 16 x 16 or 8 x 8.
    long more = large.nativeBytes() - small.nativeBytes();
    assertTrue(more >= 8L * 2 * 4 * 4 * 8 * 8, "only " + more + " bytes more");
    CandidateMemory head = trainer.memory(recipe("backbone: {type: built-in}"));
    assertTrue(head.nativeBytes() > 4 * 8 * 64 && head.nativeBytes() < 10 << 20, head.toString());
  }
}
