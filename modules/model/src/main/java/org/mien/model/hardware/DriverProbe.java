package org.mien.model.hardware;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks the machine for its NVIDIA driver and GPUs: {@code nvidia-smi}, else libcuda's presence. */
public final class DriverProbe {
  private static final int MOST_BYTES = 1 << 16;

  private final List<String> command;
  private final long patienceMillis;
  private final List<Path> libraries;

  /**
   * @param command the program and what comes before its options
   * @param patienceMillis how long it may take
   * @param libraries where the driver's library may be
   */
  DriverProbe(List<String> command, long patienceMillis, List<Path> libraries) {
    this.command = List.copyOf(command);
    this.patienceMillis = patienceMillis;
    this.libraries = List.copyOf(libraries);
  }

  /** The probe of this machine; an unwell driver may take up to 20 seconds. */
  public static DriverProbe ofMachine() {
    return new DriverProbe(List.of("nvidia-smi"), 10_000, libraryPlaces());
  }

  /** Asks; never throws. What {@code CUDA_VISIBLE_DEVICES} hides is left out. */
  public DriverReport ask() {
    Answer answer = query("name,compute_cap,driver_version,memory.total");
    if (answer.failed() && answer.output().contains("compute_cap")) {
      // Drivers before about 510 do not know that field.
      Answer older = query("name,driver_version,memory.total");
      answer =
          older.failed()
              ? older
              : new Answer(false, older.output().replaceAll("(?m)^([^,]+),", "$1, ,"));
    }
    if (!answer.failed()) {
      return DriverReport.parse(answer.output()).visible(System.getenv("CUDA_VISIBLE_DEVICES"));
    }
    String said = answer.output().strip().lines().findFirst().orElse("");
    boolean library = libraries.stream().anyMatch(Files::exists);
    if (!library && !answer.started()) {
      return DriverReport.absent();
    }
    return DriverReport.silent(said.isEmpty() ? "nvidia-smi failed" : said);
  }

  /**
   * What a program printed.
   *
   * @param failed whether it could not be run or ended with an error
   * @param output standard output and errors; why it could not be run, where it could not
   * @param started whether there is such a program
   */
  private record Answer(boolean failed, String output, boolean started) {
    Answer(boolean failed, String output) {
      this(failed, output, true);
    }
  }

  private Answer query(String fields) {
    List<String> words = new ArrayList<>(command);
    words.add("--query-gpu=" + fields);
    words.add("--format=csv,noheader");
    Process process;
    try {
      process = new ProcessBuilder(words).redirectErrorStream(true).start();
    } catch (IOException e) {
      return new Answer(true, "there is no nvidia-smi", false);
    }
    try {
      CompletableFuture<byte[]> output =
          CompletableFuture.supplyAsync(() -> read(process.getInputStream()));
      byte[] bytes = output.get(patienceMillis, TimeUnit.MILLISECONDS);
      boolean ended = process.waitFor(patienceMillis, TimeUnit.MILLISECONDS);
      return new Answer(
          !ended || process.exitValue() != 0, new String(bytes, StandardCharsets.UTF_8));
    } catch (TimeoutException e) {
      return new Answer(
          true,
          String.format(
              Locale.ROOT, "nvidia-smi did not answer in %.0f seconds", patienceMillis / 1000.0));
    } catch (ExecutionException e) {
      return new Answer(true, "nvidia-smi: " + e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(true, "interrupted while nvidia-smi ran");
    } finally {
      process.destroyForcibly();
    }
  }

  private static byte[] read(InputStream in) {
    try {
      return in.readNBytes(MOST_BYTES);
    } catch (IOException e) {
      return new byte[0];
    }
  }

  private static List<Path> libraryPlaces() {
    List<Path> places = new ArrayList<>();
    String path = System.getenv("LD_LIBRARY_PATH");
    List<String> folders = new ArrayList<>(path == null ? List.of() : List.of(path.split(":")));
    folders.addAll(
        List.of("/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib", "/usr/lib/wsl/lib"));
    for (String folder : folders) {
      if (!folder.isEmpty()) {
        places.add(Path.of(folder, "libcuda.so.1"));
      }
    }
    return places;
  }
}
