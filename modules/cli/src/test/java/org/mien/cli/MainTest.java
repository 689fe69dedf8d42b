package org.mien.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mien.model.hardware.Backend;

/** The command line as a user meets it: what it prints, and the codes it exits with. */
final class MainTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path folder;

  private int mien(String... arguments) {
    return CommandLine.run(out, err, arguments);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /** Faces small and few enough to be trained on in seconds. */
  private Path tinyRecipe(String more) throws IOException {
    Path recipe = folder.resolve("tiny.yaml");
    Files.writeString(
        recipe,
        """
        name: tiny
        seed: 7
        data:
          source: {type: synthetic, identities: 12, imagesPerIdentity: 8, sizePixels: 32}
          split: {verificationIdentities: 0.5, testEvery: 4, validationEvery: 3}
        model:
          backbone:
            type: small-resnet
            widths: [4, 8]
            blocksPerStage: [1, 1]
            preprocessing: {widthPixels: 32, heightPixels: 32}
          freeze: none
          head: {type: linear, dimension: 16}
        training: {epochs: 2, batchSize: 8}
        evaluation: {genuinePairs: 40, impostorPairs: 40, folds: 2, bootstrapReplicates: 100}
        """
            + more);
    return recipe;
  }

  @Test
  void aTrainingThatDivergesExitsWithFourAndSaysHowToGoOn() throws IOException {
    Path runs = folder.resolve("diverging");
    String recipe = tinyRecipe("export: []\n").toString();
    String[] wild = {
      "train",
      recipe,
      "--runs",
      runs.toString(),
      "--set",
      // Rates rise slowly, so that there are checkpoints before it is too much.
      "training={epochs: 100, batchSize: 8, lossExplosion: 3, optimizer: {type: sgd, learningRate:"
          + " 5}, schedule: {type: constant, warmUp: 0.9}}"
    };
    assertEquals(4, mien(wild), err());
    assertTrue(err().contains("mien: training diverged in epoch "), err());
    assertTrue(err().contains("identity-"), err());
    Path run;
    try (Stream<Path> all = Files.list(runs)) {
      run = all.filter(Files::isDirectory).findFirst().orElseThrow();
    }
    assertTrue(err().contains("mien train --resume " + run + " --set"), err());
    err.reset();
    String[] calm = {
      "train",
      "--resume",
      run.toString(),
      "--runs",
      runs.toString(),
      "--set",
      "training.optimizer.learningRate=1e-3",
      "--set",
      "training.lossExplosion=1000"
    };
    assertEquals(0, mien(calm), err());
    assertEquals(2, mien("train", "--resume", run.toString(), "--set", "seed=8"));
    assertTrue(err().contains("seed is not what the run was begun with"), err());
  }

  @Test
  void helpNamesEveryCommandAndExitsWithZero() {
    assertEquals(0, mien("--help"));
    for (String command : List.of("train", "evaluate", "export", "report", "models", "doctor")) {
      assertTrue(out().contains("  " + command), out());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "evaluate", "export", "report", "models", "doctor"})
  void everyCommandExplainsItself(String command) {
    assertEquals(0, mien(command, "--help"));
    assertTrue(out().contains("Usage: mien " + command), out());
    assertEquals("", err());
  }

  @Test
  void anUnknownCommandOrOptionIsAUsageError() {
    assertEquals(2, mien("trane"));
    assertTrue(err().contains("trane"), err());
    assertEquals(2, mien("doctor", "--frobnicate"));
    assertEquals(2, mien());
  }

  @Test
  void doctorTellsThatOneDnnIsOn() {
    assertEquals(0, mien("doctor"));
    assertTrue(out().contains("oneDNN           on"), out());
    assertTrue(out().contains("CUDA             no GPU: this build"), out());
  }

  @Test
  void aGpuThatIsAskedForAndCannotBeHadEndsBeforeARunIsBegun() throws IOException {
    Path runs = folder.resolve("runs");
    String recipe = tinyRecipe("").toString();
    try {
      assertEquals(2, mien("train", recipe, "--runs", runs.toString(), "--backend", "gpu"));
      assertTrue(err().contains("--backend: expected cpu, cuda or auto, was gpu"), err());
      err.reset();
      assertEquals(2, mien("train", recipe, "--runs", runs.toString(), "--backend", "cuda"));
      assertTrue(err().startsWith("mien: backend cuda: no GPU: this build"), err());
      assertEquals(1, err().lines().count(), err());
      assertFalse(Files.exists(runs));
    } finally {
      System.clearProperty(Backend.PROPERTY);
    }
  }

  @Test
  void aMissingRecipeAndAMissingFolderHaveTheirOwnCodes() throws IOException {
    assertEquals(2, mien("train", folder.resolve("none.yaml").toString()));
    assertTrue(err().contains("none.yaml: does not exist"), err());
    Path recipe = tinyRecipe("");
    int code =
        mien(
            "train",
            recipe.toString(),
            "--runs",
            folder.resolve("runs").toString(),
            "--set",
            "data.source={type: lfw, folder: " + folder.resolve("nowhere") + "}");
    assertEquals(3, code, err());
    assertTrue(err().contains("nowhere"), err());
    assertFalse(err().contains("\tat "), err());
  }

  @Test
  void oneRecipeGivesAModelAReportAndExportsAndTheSameSeedTheSameWeights() throws IOException {
    Path recipe = tinyRecipe("");
    Path runs = folder.resolve("runs");
    assertEquals(0, mien("train", recipe.toString(), "--runs", runs.toString()), err());
    List<String> lines = out().lines().toList();
    assertTrue(lines.get(lines.size() - 1).startsWith("run: "), out());
    assertEquals(0, mien("train", recipe.toString(), "--runs", runs.toString()), err());
    List<Path> folders;
    try (Stream<Path> found = Files.list(runs)) {
      folders = found.sorted().toList();
    }
    assertEquals(2, folders.size());
    for (Path run : folders) {
      for (String name :
          List.of(
              "config.yaml",
              "resolved.yaml",
              "provenance.json",
              "train.csv",
              "metrics.json",
              "report.html",
              "log.txt",
              "model/model.zip",
              "model/descriptor.yaml",
              "export/tiny.onnx",
              "export/tiny.yaml",
              "export/tiny.zip")) {
        assertTrue(Files.isRegularFile(run.resolve(name)), name);
      }
    }
    assertEquals(
        -1,
        Files.mismatch(
            folders.get(0).resolve("export/tiny.onnx"),
            folders.get(1).resolve("export/tiny.onnx")));
    assertEquals(
        -1,
        Files.mismatch(
            folders.get(0).resolve("metrics.json"), folders.get(1).resolve("metrics.json")));

    out.reset();
    assertEquals(0, mien("models", "info", folders.get(0).toString()), err());
    assertTrue(out().contains("6 identities"), out());
    assertEquals(0, mien("report", folders.get(0).toString()), err());
  }

  @Test
  void anExpectationThatIsNotMetExitsWithOneAndLeavesEverythingInPlace() throws IOException {
    Path recipe = tinyRecipe("expect:\n  heldOut.accuracy: {atLeast: 1.0}\n");
    assertEquals(
        1, mien("train", recipe.toString(), "--runs", folder.resolve("runs").toString()), err());
    assertTrue(err().contains("heldOut.accuracy"), err());
    assertTrue(out().contains("run: "), out());
  }

  @Test
  void theListOfNetworksFitsAHundredColumnsAndNamesALocalFile() {
    assertEquals(0, mien("models", "list"), err());
    assertTrue(out().contains("torchvision-resnet50"), out());
    out().lines().forEach(line -> assertTrue(line.length() <= 100, line));
    out.reset();
    assertEquals(0, mien("models", "list", "vggface2-senet50", "--file", "/w/s.pth"), err());
    assertTrue(out().contains("model.backbone: {type: se-resnet, weights: '/w/s.pth'}"), out());
    assertTrue(out().contains("unverified"), out());
    out().lines().forEach(line -> assertTrue(line.length() <= 100, line));
    out.reset();
    assertEquals(0, mien("models", "list", "--json"), err());
    assertTrue(out().contains("\"networks\""), out());
    assertEquals(2, mien("models", "list", "resnet"));
    assertTrue(err().contains("expected one of torchvision-resnet50"), err());
  }

  @Test
  void anUnknownEngineNamesTheKnownOnes() {
    assertEquals(
        2,
        mien(
            "evaluate", "--model", "m.zip", "--protocol", "lfw", "--data", "d", "--engine", "gpu"));
    assertTrue(err().contains("expected auto, nd4j or onnx-runtime, was gpu"), err());
  }
}
