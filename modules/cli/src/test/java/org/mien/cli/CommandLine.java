package org.mien.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs mien in tests: in this process, or as one of its own that can be killed. */
final class CommandLine {
  static final long PATIENCE_SECONDS = 240;

  private CommandLine() {}

  /** Runs one command line here and returns its exit code. */
  static int run(OutputStream out, OutputStream err, String... arguments) {
    return Main.run(
        arguments,
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false));
  }

  /**
   * Starts a process as bin/mien does.
   *
   * @param said the file for what it says
   */
  static Process start(Path said, String... arguments) throws IOException {
    return start(said, Map.of(), arguments);
  }

  /** As the other, with more in its environment. */
  static Process start(Path said, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of(
                // A test that was started in the background ignores Ctrl-C, and so would its child.
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.eclipse.deeplearning4j.helpers.disable=false",
                "-Dmien.home=" + System.getProperty("mien.home"),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    words.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().put("OMP_WAIT_POLICY", "passive");
    builder.environment().putAll(environment);
    return builder.redirectOutput(said.toFile()).start();
  }

  /** Waits for a process to end and returns its exit code. */
  static int ended(Process process, Path said) throws IOException, InterruptedException {
    try {
      assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), Files.readString(said));
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }
}
