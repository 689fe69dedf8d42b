package org.mien.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;

class RunDirectoryTest {
  private static final LocalDateTime TIME = LocalDateTime.of(2026, 1, 2, 3, 4, 5);

  @TempDir Path folder;

  @Test
  void runsOfOneSecondGetFoldersOfTheirOwn() {
    Path runs = folder.resolve("experiments/runs");
    List<String> names =
        List.of(
            RunDirectory.create(runs, "lfw", TIME).name(),
            RunDirectory.create(runs, "lfw", TIME).name(),
            RunDirectory.create(runs, "lfw", TIME).name());
    assertEquals(
        List.of("lfw-20260102-030405", "lfw-20260102-030405-2", "lfw-20260102-030405-3"), names);
    names.forEach(name -> assertTrue(Files.isDirectory(runs.resolve(name))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "..", ".a", "-a", "a b", "a\\b", "ü"})
  void refusesANameThatIsNoPlainFolder(String name) {
    ConfigException e =
        assertThrows(ConfigException.class, () -> RunDirectory.create(folder, name));
    assertTrue(e.getMessage().endsWith("was \"" + name + "\""), e.getMessage());
  }

  @Test
  void aFileInTheWayOfTheRunsFolderIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("runs"), "");
    DataException e = assertThrows(DataException.class, () -> RunDirectory.create(file, "a"));
    assertTrue(e.getMessage().startsWith(file + ": no run can be created in it"), e.getMessage());
  }

  @Test
  void opensWhatHoldsAResolvedConfigAndNothingElse() throws IOException {
    RunDirectory run = RunDirectory.create(folder, "a");
    DataException empty = assertThrows(DataException.class, () -> RunDirectory.open(run.root()));
    assertEquals(run.root() + ": is not a run: it holds no resolved.yaml", empty.getMessage());
    Files.writeString(run.resolvedConfig(), "seed: 1\n");
    assertEquals(run.name(), RunDirectory.open(run.root()).name());
    assertThrows(DataException.class, () -> RunDirectory.open(folder.resolve("none")));
  }

  @Test
  void namesTheFilesOfTheContract() {
    RunDirectory run = RunDirectory.create(folder, "a");
    assertEquals(
        List.of(
            "config.yaml",
            "resolved.yaml",
            "provenance.json",
            "log.txt",
            "train.csv",
            "skipped.csv",
            "checkpoints",
            "model",
            "model/model.zip",
            "model/descriptor.yaml",
            "metrics.json",
            "report.html",
            "predictions.csv",
            "scores",
            "export",
            "export/model.onnx"),
        java.util.stream.Stream.of(
                run.config(),
                run.resolvedConfig(),
                run.provenance(),
                run.log(),
                run.trainCsv(),
                run.skipped(),
                run.checkpoints(),
                run.modelFolder(),
                run.model(),
                run.descriptor(),
                run.metrics(),
                run.report(),
                run.predictions(),
                run.scores(),
                run.exports(),
                run.export("model.onnx"))
            .map(path -> run.root().relativize(path).toString().replace('\\', '/'))
            .toList());
    assertThrows(IllegalArgumentException.class, () -> run.export("../x"));
  }

  @Test
  void isWrittenByOneAtATime() {
    RunDirectory run = RunDirectory.create(folder, "a");
    String owner = "process " + ProcessHandle.current().pid();
    try (RunLock first = run.lock()) {
      ConfigException e = assertThrows(ConfigException.class, run::lock);
      assertEquals(
          "run " + run.name() + " is being written by " + owner + "; wait for its end",
          e.getMessage());
      assertNotNull(first);
    }
    try (RunLock second = run.lock()) {
      assertNotNull(second);
    }
  }

  @Test
  void isNotWrittenByTwoProcesses() throws Exception {
    RunDirectory run = RunDirectory.create(folder, "a");
    Files.writeString(run.resolvedConfig(), "seed: 1\n");
    try (RunLock lock = run.lock()) {
      assertNotNull(lock);
      assertEquals(2, lockInAnotherProcess(run));
    }
    assertEquals(0, lockInAnotherProcess(run));
  }

  private static int lockInAnotherProcess(RunDirectory run) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Locker.class.getName(),
                run.root().toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the other process did not end");
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  /** The other process: exit code 0 if it got the lock. */
  static final class Locker {
    private Locker() {}

    public static void main(String[] args) {
      try (RunLock lock = RunDirectory.open(Path.of(args[0])).lock()) {
        System.exit(lock == null ? 1 : 0);
      } catch (ConfigException e) {
        System.exit(e.exitCode());
      }
    }
  }
}
