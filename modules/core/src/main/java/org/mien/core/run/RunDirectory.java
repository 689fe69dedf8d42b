package org.mien.core.run;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;

/**
 * One run of one experiment: a folder and the names of the files in it, which no other class knows.
 * A path is returned whether the file exists or not.
 */
public final class RunDirectory {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,99}");
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");
  private static final int MAX_TRIES = 1000;

  private final Path root;

  private RunDirectory(Path root) {
    this.root = root;
  }

  /**
   * Creates an empty run {@code NAME-yyyyMMdd-HHmmss}, local time, with {@code -2}, {@code -3} ...
   * behind it where that name is taken. Of two processes that start at once each gets its own.
   *
   * @param runsFolder is created if need be
   * @param experimentName letters, digits, {@code . _ -}, not starting with a dot or dash
   * @throws ConfigException if the name holds other characters
   * @throws DataException if the folder cannot be created
   */
  public static RunDirectory create(Path runsFolder, String experimentName) {
    return create(runsFolder, experimentName, LocalDateTime.now(ZoneId.systemDefault()));
  }

  static RunDirectory create(Path runsFolder, String experimentName, LocalDateTime now) {
    if (!NAME.matcher(experimentName).matches()) {
      throw new ConfigException(
          "expected an experiment name of at most 100 letters, digits, dots, dashes and underscores,"
              + " not starting with a dot or dash, was \""
              + experimentName
              + "\"");
    }
    String name = experimentName + "-" + TIME.format(now);
    try {
      Files.createDirectories(runsFolder);
      for (int i = 1; i <= MAX_TRIES; i++) {
        Path root = runsFolder.resolve(i == 1 ? name : name + "-" + i);
        try {
          return new RunDirectory(Files.createDirectory(root));
        } catch (FileAlreadyExistsException e) {
          // Taken, perhaps this very moment by another process: the next number.
        }
      }
    } catch (IOException e) {
      throw DataException.in(runsFolder, "no run can be created in it (" + e + ")", e);
    }
    throw DataException.in(runsFolder, "holds " + MAX_TRIES + " runs called " + name + " already");
  }

  /**
   * Opens a run made earlier.
   *
   * @throws DataException if it is no run: no folder, or without {@code resolved.yaml}
   */
  public static RunDirectory open(Path root) {
    if (!Files.isDirectory(root)) {
      throw DataException.in(root, "does not exist or is no folder; expected the folder of a run");
    }
    RunDirectory run = new RunDirectory(root);
    if (!Files.isRegularFile(run.resolvedConfig())) {
      throw DataException.in(
          root, "is not a run: it holds no " + run.resolvedConfig().getFileName());
    }
    return run;
  }

  /**
   * Takes the run for this process, so that no second one writes it at the same time. Reading needs
   * no lock. A process that dies gives its lock back.
   *
   * @throws ConfigException if the run is being written already
   * @throws DataException if the lock file cannot be written
   */
  public RunLock lock() {
    return RunLock.acquire(name(), root.resolve(".lock"));
  }

  /** The folder itself. */
  public Path root() {
    return root;
  }

  /** The folder's name, which tells this run from others. */
  public String name() {
    return root.toAbsolutePath().normalize().getFileName().toString();
  }

  /** The recipe as written. */
  public Path config() {
    return root.resolve("config.yaml");
  }

  /** The recipe with overrides applied and every default filled in. */
  public Path resolvedConfig() {
    return root.resolve("resolved.yaml");
  }

  /** Where the run comes from: versions, machine, seed, inputs. */
  public Path provenance() {
    return root.resolve("provenance.json");
  }

  /** The log of every process that wrote the run. */
  public Path log() {
    return root.resolve("log.txt");
  }

  /** One row a logging step of the training. */
  public Path trainCsv() {
    return root.resolve("train.csv");
  }

  /** The folder of TensorBoard's event files. */
  public Path tensorBoard() {
    return root.resolve("tensorboard");
  }

  /** Which run of which MLflow server this run is told to. */
  public Path mlflow() {
    return root.resolve("mlflow.json");
  }

  /** The images that could not be used, and why. */
  public Path skipped() {
    return root.resolve("skipped.csv");
  }

  /** The folder of checkpoints. */
  public Path checkpoints() {
    return root.resolve("checkpoints");
  }

  /** The folder of the trained model and its descriptor. */
  public Path modelFolder() {
    return root.resolve("model");
  }

  /** The trained model. */
  public Path model() {
    return modelFolder().resolve("model.zip");
  }

  /** What the trained model expects of its input. */
  public Path descriptor() {
    return modelFolder().resolve("descriptor.yaml");
  }

  /** The figures. */
  public Path metrics() {
    return root.resolve("metrics.json");
  }

  /** The curves of the page as CSV files. */
  public Path curves() {
    return root.resolve("curves");
  }

  /** The page for people. */
  public Path report() {
    return root.resolve("report.html");
  }

  /** What the classifier said of each held-out image. */
  public Path predictions() {
    return root.resolve("predictions.csv");
  }

  /** The folder of the scores of each protocol, pair by pair. */
  public Path scores() {
    return root.resolve("scores");
  }

  /** The folder of exported models. */
  public Path exports() {
    return root.resolve("export");
  }

  /** An exported model. */
  public Path export(String fileName) {
    return inside(exports(), fileName);
  }

  private static Path inside(Path folder, String fileName) {
    if (!NAME.matcher(fileName).matches()) {
      throw new IllegalArgumentException("expected a plain file name, was " + fileName);
    }
    return folder.resolve(fileName);
  }

  @Override
  public String toString() {
    return root.toString();
  }
}
