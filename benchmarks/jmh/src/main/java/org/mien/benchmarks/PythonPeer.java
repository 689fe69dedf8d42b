package org.mien.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** A Python process that measures when it is told to: one line in, one number out. */
final class PythonPeer implements AutoCloseable {
  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter questions;
  private final String greeting;

  private PythonPeer(ProcessBuilder builder) throws IOException {
    process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    questions =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    greeting = answer();
  }

  /**
   * Starts a script and waits for its first line.
   *
   * @throws IOException if there is no such Python, or the script ends at once
   */
  static PythonPeer start(String... command) throws IOException {
    return new PythonPeer(new ProcessBuilder(command));
  }

  /**
   * Starts a script of PyTorch. Mien itself runs with OpenMP's policy to wait passively; PyTorch
   * gets its own default, unless {@code TORCH_WAIT_POLICY} says otherwise.
   */
  static PythonPeer startTorch(String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    Optional.ofNullable(System.getenv("TORCH_WAIT_POLICY"))
        .ifPresentOrElse(
            policy -> builder.environment().put("OMP_WAIT_POLICY", policy),
            () -> builder.environment().remove("OMP_WAIT_POLICY"));
    return new PythonPeer(builder);
  }

  /** The first line it wrote: its name and version. */
  String greeting() {
    return greeting;
  }

  /** Asks for one measurement. */
  double ask(Object... words) {
    try {
      questions.write(String.join(" ", Arrays.stream(words).map(String::valueOf).toList()) + "\n");
      questions.flush();
      return Double.parseDouble(answer());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("the Python process has ended");
    }
    return line;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
