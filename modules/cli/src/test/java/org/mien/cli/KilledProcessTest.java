package org.mien.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that are killed, and stopped with Ctrl-C, and go on to the same bytes. */
@EnabledOnOs(OS.LINUX)
final class KilledProcessTest {
  private static final int KILLED = 128 + 9;
  private static final int KILLS = 6;

  /** A frozen backbone, its features kept, the head trained by the fused engine. */
  private static final String FROZEN =
      """
      name: killed
      seed: 11
      data:
        source: {type: synthetic, identities: 12, imagesPerIdentity: 12, sizePixels: 64}
        split: {verificationIdentities: 0.25, testEvery: 4, validationEvery: 3}
        augmentation: [{type: flip}, {type: crop-jitter}]
      model:
        backbone: {type: built-in}
        head: {type: linear, dimension: 16}
      training: {epochs: 40, batchSize: 8, augmentedViews: 1, keepCheckpoints: 1}
      evaluation: {genuinePairs: 40, impostorPairs: 40, folds: 2, bootstrapReplicates: 100}
      export: [onnx]
      """;

  /** The whole network, by Deeplearning4j. */
  private static final String WHOLE =
      """
      name: killed
      seed: 12
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
      training: {epochs: 30, batchSize: 8, keepCheckpoints: 2}
      export: [onnx]
      """;

  @TempDir private Path folder;

  private int processes;

  private Path recipe(String text) throws IOException {
    return Files.writeString(folder.resolve("killed.yaml"), text);
  }

  /** What it says goes to a file of its own. */
  private Process train(String... arguments) throws IOException {
    processes++;
    List<String> words = new ArrayList<>(List.of("train"));
    words.addAll(List.of(arguments));
    return CommandLine.start(said(), words.toArray(String[]::new));
  }

  private Path said() {
    return folder.resolve("said-" + processes + ".txt");
  }

  private int ended(Process process) throws IOException, InterruptedException {
    return CommandLine.ended(process, said());
  }

  private Path straight(Path recipe) throws IOException, InterruptedException {
    Path runs = folder.resolve("straight/runs");
    assertEquals(
        0, ended(train(recipe.toString(), "--runs", runs.toString())), Files.readString(said()));
    return onlyRun(runs);
  }

  private static Path onlyRun(Path runs) throws IOException {
    try (Stream<Path> folders = Files.list(runs)) {
      return folders.findFirst().orElseThrow();
    }
  }

  private static long count(Path folder) {
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    } catch (IOException e) {
      return 0; // A file went away while it was listed; the next look sees it.
    }
  }

  private static String newest(Path folder) {
    if (!Files.isDirectory(folder)) {
      return "";
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().reduce("", (a, b) -> b);
    } catch (IOException e) {
      return "";
    }
  }

  /** Waits for a moment in the life of a process, or for its end. */
  private static void await(Process process, BooleanSupplier moment) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(CommandLine.PATIENCE_SECONDS);
    while (process.isAlive() && !moment.getAsBoolean() && System.nanoTime() < until) {
      Thread.sleep(2);
    }
  }

  private static void assertSameResult(Path expected, Path actual) throws IOException {
    for (String file : List.of("export/killed.onnx", "metrics.json")) {
      assertEquals(-1, Files.mismatch(expected.resolve(file), actual.resolve(file)), file);
    }
  }

  @Test
  void aRunThatIsKilledAtRandomMomentsEndsWithTheBytesOfOneThatIsNot() throws Exception {
    Path recipe = recipe(FROZEN);
    Path straight = straight(recipe);
    Path runs = folder.resolve("killed/runs");
    Path cache = folder.resolve("killed/cache");
    SplittableRandom random = new SplittableRandom(20261124);
    int kills = 0;
    for (int i = 0; i < KILLS; i++) {
      Process process =
          count(runs) == 0
              ? train(recipe.toString(), "--runs", runs.toString())
              : train("--resume", onlyRun(runs).toString(), "--runs", runs.toString());
      // First while features are computed, then in the training, last while the results are
      // written.
      if (i == 0) {
        await(process, () -> count(cache) > 0);
      } else if (i < KILLS - 1) {
        Path checkpoints = onlyRun(runs).resolve("checkpoints");
        for (int epochs = random.nextInt(1, 6); epochs > 0; epochs--) {
          String before = newest(checkpoints);
          await(process, () -> !newest(checkpoints).equals(before));
        }
      } else {
        Path model = onlyRun(runs).resolve("model");
        await(process, () -> Files.isDirectory(model));
      }
      Thread.sleep(random.nextInt(40));
      process.destroyForcibly();
      int code = ended(process);
      assertTrue(code == KILLED || code == 0, code + ": " + Files.readString(said()));
      kills += code == KILLED ? 1 : 0;
    }
    assertTrue(kills >= KILLS - 1, "only " + kills + " processes were killed before their end");
    Path run = onlyRun(runs);
    Process last = train("--resume", run.toString(), "--runs", runs.toString());
    assertEquals(0, ended(last), Files.readString(said()));
    assertSameResult(straight, run);
    assertEquals(
        Files.readString(straight.resolve("train.csv")).lines().count(),
        Files.readString(run.resolve("train.csv")).lines().count());
  }

  @Test
  void controlCEndsWithItsCodeAndTheRunGoesOn() throws Exception {
    Path recipe = recipe(WHOLE);
    Path straight = straight(recipe);
    Path runs = folder.resolve("stopped/runs");
    Process process = train(recipe.toString(), "--runs", runs.toString());
    await(process, () -> count(runs) > 0 && count(onlyRunOrNone(runs)) > 0);
    assertEquals(
        0, new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor());
    assertEquals(Main.INTERRUPTED, ended(process), Files.readString(said()));
    assertTrue(Files.readString(said()).contains("--resume"), Files.readString(said()));
    Path run = onlyRun(runs);
    assertTrue(Files.notExists(run.resolve("metrics.json")), "it was stopped in the training");
    Process last = train("--resume", run.toString(), "--runs", runs.toString());
    assertEquals(0, ended(last), Files.readString(said()));
    assertSameResult(straight, run);
  }

  private static Path onlyRunOrNone(Path runs) {
    try {
      return onlyRun(runs).resolve("checkpoints");
    } catch (IOException e) {
      return runs.resolve("none");
    }
  }
}
