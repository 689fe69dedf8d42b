package org.mien.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code mien search} as a user meets it: what it prints and leaves, and how it exits. */
final class SearchCommandTest {
  private static final String RECIPE =
      """
      name: tiny
      seed: 7
      data:
        source: {type: synthetic, identities: 12, imagesPerIdentity: 8, sizePixels: 64}
        split: {verificationIdentities: 0.25, testEvery: 4, validationEvery: 3}
      model:
        backbone: {type: built-in}
        head: {type: linear, dimension: 16}
      training: {epochs: 1, batchSize: 8}
      evaluation: {genuinePairs: 40, impostorPairs: 40, folds: 2, bootstrapReplicates: 100}
      export: [onnx]
      """;

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

  private String runs() {
    return folder.resolve("runs").toString();
  }

  private String search(String more) throws IOException {
    Files.writeString(folder.resolve("tiny.yaml"), RECIPE);
    return Files.writeString(
            folder.resolve("trial.yaml"),
            """
            name: trial
            recipe: tiny.yaml
            seed: 5
            """
                + more)
        .toString();
  }

  private static final String SPACE =
      """
      space:
        training.optimizer.learningRate: {type: log-uniform, low: 1e-4, high: 1e-1}
      strategy: {type: random, candidates: 2}
      """;

  private Path only(String beginning) throws IOException {
    try (Stream<Path> found = Files.list(folder.resolve("runs"))) {
      return found
          .filter(path -> path.getFileName().toString().startsWith(beginning))
          .findFirst()
          .orElseThrow();
    }
  }

  private static JsonNode rows(Path searchFolder) throws IOException {
    return new ObjectMapper().readTree(searchFolder.resolve("search.json").toFile()).get("trials");
  }

  @Test
  void helpNamesTheOptionsAndWhatIsMissingIsAUsageError() {
    assertEquals(0, mien("search", "--help"));
    for (String option : List.of("SEARCH.yaml", "--resume", "--no-train", "--set")) {
      assertTrue(out().contains(option), out());
    }
    assertEquals("", err());
    assertEquals(2, mien("search"));
    assertTrue(err().contains("expected one search"), err());
  }

  @Test
  void aSearchEndsWithATableABestRecipeAndItsTrainedRun() throws IOException {
    assertEquals(0, mien("search", search(SPACE), "--runs", runs()), err());
    assertTrue(out().contains("the recipe as it is"), out());
    Path found = only("trial");
    for (String name :
        List.of("search.csv", "search.html", "best.yaml", "recipe.yaml", "log.txt")) {
      assertTrue(Files.isRegularFile(found.resolve(name)), name);
    }
    assertEquals(3, rows(found).size());
    try (Stream<Path> left = Files.walk(found.resolve("candidates"))) {
      assertFalse(
          left.anyMatch(path -> path.getFileName().toString().equals("checkpoints")),
          "a finished candidate's checkpoints serve nobody");
    }
    Path run = only("tiny-best");
    assertTrue(Files.isRegularFile(run.resolve("metrics.json")));
    assertTrue(out().contains("run: " + run), out());
    // The same again finds rows, and trains nothing.
    out.reset();
    assertEquals(
        0, mien("search", "--resume", found.toString(), "--no-train", "--runs", runs()), err());
    assertTrue(out().contains("best: " + found.resolve("best.yaml")), out());
    assertEquals(3, rows(found).size());
  }

  @Test
  void peopleLeftOutOfTheTrainingChooseAndAPromiseThatIsNotKeptExitsWithOne() throws IOException {
    String search =
        search(
            SPACE.replace("candidates: 2", "candidates: 1")
                + "measure: validation-verification\nfolds: 2\nexpect: {gain: {atLeast: 0.9}}\n");
    assertEquals(1, mien("search", search, "--no-train", "--runs", runs()), err());
    assertTrue(out().contains("1 - EER"), out());
    assertTrue(
        err().contains("not as the search expects: expect.gain: expected at least 0.9"), err());
    for (JsonNode row : rows(only("trial"))) {
      assertTrue(row.get("validationVerification").asDouble() > 0.5, row.toString());
    }
  }

  @Test
  void aWrongKeyIsToldWithItsFileBeforeAnythingIsTrained() throws IOException {
    String misspelled = search("space:\n  training.batchSise: {type: numbers, values: [4, 8]}\n");
    assertEquals(2, mien("search", misspelled, "--runs", runs()));
    assertTrue(err().contains("trial.yaml: space.training.batchSise"), err());
    assertTrue(err().contains("did you mean batchSize"), err());
    err.reset();
    assertEquals(
        2, mien("search", search(SPACE + "measures: validation-loss\n"), "--runs", runs()));
    assertTrue(err().contains("trial.yaml:"), err());
    assertTrue(err().contains("measures: unknown key; did you mean measure"), err());
    assertFalse(Files.exists(folder.resolve("runs")));
  }

  @Test
  void aCandidateThatFailsIsARowAndTheOthersGoOn() throws IOException {
    String search =
        search(
            """
            space:
              model.backbone:
                type: choice
                values: ["{type: built-in}", "{type: resnet, depth: 18, weights: nowhere.pth}"]
            strategy: {type: grid}
            """);
    assertEquals(0, mien("search", search, "--no-train", "--runs", runs()), err());
    assertTrue(out().contains("FAILED: "), out());
    assertTrue(out().contains("nowhere.pth"), out());
    JsonNode rows = rows(only("trial"));
    assertEquals(3, rows.size());
    assertTrue(rows.get(2).get("problem").asText().contains("nowhere.pth"), rows.toString());
    assertEquals("", rows.get(1).get("problem").asText());
  }

  private int rowsSoFar() {
    try {
      return rows(only("trial")).size();
    } catch (IOException | RuntimeException e) {
      return 0; // not there yet
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void controlCKeepsTheRowsAndTheSearchGoesOn() throws Exception {
    Path said = folder.resolve("said.txt");
    String search = search(SPACE.replace("candidates: 2", "candidates: 5000"));
    Process process = CommandLine.start(said, "search", search, "--no-train", "--runs", runs());
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(CommandLine.PATIENCE_SECONDS);
    while (process.isAlive() && rowsSoFar() < 2 && System.nanoTime() < until) {
      Thread.sleep(5);
    }
    assertEquals(
        0, new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor());
    assertEquals(Main.INTERRUPTED, CommandLine.ended(process, said), Files.readString(said));
    Path found = only("trial");
    assertTrue(
        Files.readString(said).contains("mien search --resume " + found), Files.readString(said));
    JsonNode before = rows(found);
    assertTrue(before.size() >= 2 && before.size() < 5001, before.toString());
    assertEquals(
        0,
        mien(
            "search",
            "--resume",
            found.toString(),
            "--no-train",
            "--set",
            "strategy.candidates=" + before.size(),
            "--runs",
            runs()),
        err());
    JsonNode after = rows(found);
    assertEquals(before.size() + 1, after.size());
    for (int row = 0; row < before.size(); row++) {
      assertEquals(before.get(row), after.get(row));
    }
  }
}
