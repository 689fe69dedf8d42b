package org.mien.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.run.AtomicFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Prints a page as PDF with the Chromium or Chrome that is installed. */
final class PdfPrinter {
  static final String VARIABLE = "MIEN_CHROMIUM";

  private static final Logger LOG = LoggerFactory.getLogger(PdfPrinter.class);

  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome");
  private static final int MOST_SECONDS = 120;
  private static final int MOST_CHARACTERS = 300;
  private static final int DELETIONS = 10;

  private final Path program;

  private PdfPrinter(Path program) {
    this.program = program;
  }

  /**
   * Finds the program that {@value #VARIABLE} names, else one on the path.
   *
   * @param environment of the process
   * @throws ConfigException if there is none
   */
  static PdfPrinter find(Map<String, String> environment) {
    String named = environment.getOrDefault(VARIABLE, "");
    if (!named.isEmpty()) {
      if (!Files.isExecutable(Path.of(named)) || Files.isDirectory(Path.of(named))) {
        throw new ConfigException(
            "--pdf: " + VARIABLE + " is " + named + ", which is no program; expected Chromium's");
      }
      return new PdfPrinter(Path.of(named));
    }
    String[] folders = environment.getOrDefault("PATH", "").split(File.pathSeparator, -1);
    return NAMES.stream()
        .flatMap(
            name ->
                Arrays.stream(folders)
                    .filter(folder -> !folder.isEmpty()) // which would be the current one
                    .map(folder -> Path.of(folder, name)))
        .filter(file -> Files.isExecutable(file) && !Files.isDirectory(file))
        .findFirst()
        .map(PdfPrinter::new)
        .orElseThrow(
            () ->
                new ConfigException(
                    "--pdf: needs Chromium or Chrome, and none is on the PATH ("
                        + String.join(", ", NAMES)
                        + "); install one, or name it with "
                        + VARIABLE));
  }

  /**
   * Prints a page; an older PDF is replaced only when the new one is complete.
   *
   * @return the PDF, beside the page
   * @throws DataException if the program fails or takes too long, with what it said
   */
  Path print(Path page) {
    return print(page, MOST_SECONDS);
  }

  Path print(Path page, int mostSeconds) {
    String name = page.getFileName().toString();
    Path pdf = page.resolveSibling(name.replaceFirst("\\.html$", "") + ".pdf");
    // Made beside the page: a Chromium in a sandbox of its own (snap) has another /tmp.
    AtomicFiles.replace(
        pdf,
        made -> {
          try {
            Path folder = Files.createTempDirectory("mien-pdf-");
            try {
              run(page, made, folder, pdf, mostSeconds);
            } finally {
              delete(folder);
            }
          } catch (IOException e) {
            throw DataException.in(
                pdf, "cannot be printed with " + program + ": " + e.getMessage(), e);
          }
        });
    return pdf;
  }

  private void run(Path page, Path made, Path folder, Path pdf, int mostSeconds)
      throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of(
                program.toString(),
                "--headless",
                "--disable-gpu",
                "--no-first-run",
                "--no-pdf-header-footer",
                "--user-data-dir=" + folder.resolve("profile"),
                "--print-to-pdf=" + made));
    if (System.getProperty("user.name").equals("root")) {
      words.add("--no-sandbox"); // it refuses to run as root with one
    }
    words.add(page.toAbsolutePath().toUri().toString());
    Path said = folder.resolve("said.txt");
    Process process =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    try {
      if (!process.waitFor(mostSeconds, TimeUnit.SECONDS)) {
        throw DataException.in(pdf, program + " did not print it within " + mostSeconds + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    if (process.exitValue() != 0 || !isPdf(made)) {
      String text = Files.readString(said, StandardCharsets.ISO_8859_1).strip();
      throw DataException.in(
          pdf,
          program
              + " ended with "
              + process.exitValue()
              + " and printed nothing"
              + (text.isEmpty()
                  ? ""
                  : ": " + text.substring(0, Math.min(MOST_CHARACTERS, text.length()))));
    }
  }

  private static boolean isPdf(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(5), StandardCharsets.ISO_8859_1).equals("%PDF-");
    }
  }

  /** The program's children may write for a moment longer; what they keep at is left behind. */
  private static void delete(Path folder) {
    for (int attempt = 0; attempt < DELETIONS && !isDeleted(folder); attempt++) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
  }

  private static boolean isDeleted(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
      return true;
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("{} cannot be deleted yet", folder, e);
      return false;
    }
  }
}
