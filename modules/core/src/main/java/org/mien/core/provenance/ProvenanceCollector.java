package org.mien.core.provenance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** Finds out about the program and the machine it runs on. */
public final class ProvenanceCollector {
  private ProvenanceCollector() {}

  /**
   * Returns the provenance of a run that begins now, still without inputs.
   *
   * @param resolvedConfig the text of {@code resolved.yaml}
   * @param seed the experiment's seed
   * @param backend what computes, such as {@code ND4J CPU, oneDNN, AVX2}
   * @param threads threads the numeric library may use
   * @param commandLine the arguments the run was started with
   */
  public static Provenance start(
      String resolvedConfig, long seed, String backend, int threads, List<String> commandLine) {
    return new Provenance(
        mienVersion(),
        sourceTree().flatMap(GitCommit::of).orElse(null),
        System.getProperty("java.version"),
        System.getProperty("java.vendor"),
        operatingSystem(),
        cpu(Path.of("/proc/cpuinfo")),
        Runtime.getRuntime().availableProcessors(),
        Runtime.getRuntime().maxMemory(),
        threads,
        backend,
        seed,
        Instant.now().truncatedTo(ChronoUnit.MILLIS),
        null,
        commandLine,
        Fingerprint.ofText(resolvedConfig),
        Map.of());
  }

  /** Returns the version of Mien that runs. */
  public static String mienVersion() {
    try (InputStream in = ProvenanceCollector.class.getResourceAsStream("version.properties")) {
      if (in == null) {
        throw new IllegalStateException("Mien was built without its version.properties");
      }
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns system, version and architecture, such as {@code Linux 6.1.0 amd64}. */
  public static String operatingSystem() {
    return System.getProperty("os.name")
        + " "
        + System.getProperty("os.version")
        + " "
        + System.getProperty("os.arch");
  }

  /** Returns the processor's name, or the architecture where the system does not tell it. */
  public static String cpu() {
    return cpu(Path.of("/proc/cpuinfo"));
  }

  static String cpu(Path cpuInfo) {
    try (BufferedReader lines = Files.newBufferedReader(cpuInfo, StandardCharsets.UTF_8)) {
      return lines
          .lines()
          .filter(line -> line.startsWith("model name") && line.contains(":"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .filter(name -> !name.isEmpty())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException | UncheckedIOException e) {
      return System.getProperty("os.arch"); // not Linux
    }
  }

  /** The launcher tells where Mien's sources lie; the working directory may be anyone's. */
  private static Optional<Path> sourceTree() {
    return Optional.ofNullable(System.getProperty("mien.home"))
        .filter(home -> !home.isBlank())
        .map(Path::of);
  }
}
