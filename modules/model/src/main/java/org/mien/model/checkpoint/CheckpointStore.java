package org.mien.model.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.error.DataException;
import org.mien.core.run.AtomicFiles;
import org.mien.model.file.BoundedZip;
import org.mien.model.file.GraphArchive;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of one run: files {@code epoch-000007.zip} after an epoch and {@code
 * epoch-000007-step-000012.zip} inside the epoch after it, each whole or not there at all.
 *
 * <p>A file holds the graph with its optimiser as DL4J writes it, the average of the weights where
 * there is one, and the caller's state as text. It is written and read a piece at a time, so arrays
 * may be longer than 2 GiB. The zip format's own checksums tell whether a file is undamaged.
 */
public final class CheckpointStore {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
  private static final Pattern NAME = Pattern.compile("epoch-(\\d{6})(?:-step-(\\d{6,9}))?\\.zip");
  private static final String STATE = "state.json";
  private static final String AVERAGE = "average.bin";
  private static final int MAX_STATE_BYTES = 64 << 20;

  private final Path folder;

  /**
   * @param folder made at the first checkpoint
   */
  public CheckpointStore(Path folder) {
    this.folder = folder;
  }

  /**
   * A checkpoint that was read.
   *
   * @param file where it lies
   * @param epochs finished epochs
   * @param step steps done in the epoch after them
   * @param graph with weights and optimiser of that moment
   * @param average of the weights, {@code (1, weights)}, where one was kept
   * @param state the caller's text
   */
  public record Checkpoint(
      Path file,
      int epochs,
      int step,
      ComputationGraph graph,
      Optional<INDArray> average,
      String state) {}

  private record Entry(Path file, int epochs, int step) {}

  /** As the other, without an average of the weights. */
  public void save(int epochs, int step, ComputationGraph graph, String state) {
    save(epochs, step, graph, Optional.empty(), state);
  }

  /**
   * Writes a checkpoint.
   *
   * @param epochs finished epochs
   * @param step steps done in the epoch after them, 0 at its start
   * @param average of the weights, as many as they are
   * @param state what the caller needs besides the graph
   * @throws DataException if it cannot be written; earlier checkpoints are not harmed
   */
  public void save(
      int epochs, int step, ComputationGraph graph, Optional<INDArray> average, String state) {
    AtomicFiles.write(
        fileOf(epochs, step),
        out -> {
          ZipOutputStream zip = new ZipOutputStream(out);
          zip.setLevel(Deflater.NO_COMPRESSION); // weights do not compress
          zip.putNextEntry(new ZipEntry(STATE));
          zip.write(state.getBytes(StandardCharsets.UTF_8));
          zip.closeEntry();
          GraphArchive.write(zip, graph, true);
          if (average.isPresent()) {
            GraphArchive.writeArray(zip, AVERAGE, average.get());
          }
          zip.finish();
        });
  }

  /**
   * Reads the newest checkpoint that is undamaged; those that are not are named in a warning.
   *
   * @return nothing if there is none
   */
  public Optional<Checkpoint> latest() {
    List<Entry> entries = entries();
    for (int i = entries.size() - 1; i >= 0; i--) {
      try {
        return Optional.of(read(entries.get(i)));
      } catch (DataException e) {
        LOG.warn("{}; trying the checkpoint before it", e.getMessage());
      }
    }
    return Optional.empty();
  }

  /**
   * Looks at names alone.
   *
   * @return how many epochs were finished at the newest checkpoint; empty if there is none
   */
  public OptionalInt finishedEpochs() {
    List<Entry> entries = entries();
    return entries.isEmpty()
        ? OptionalInt.empty()
        : OptionalInt.of(entries.get(entries.size() - 1).epochs());
  }

  /**
   * Reads the checkpoint written after an epoch.
   *
   * @throws DataException if it is missing or damaged
   */
  public Checkpoint afterEpoch(int epochs) {
    return read(new Entry(fileOf(epochs, 0), epochs, 0));
  }

  /**
   * Removes checkpoints that are no longer needed: all but the newest few and the best, and those
   * inside an epoch once a newer one is there; and what a process that was killed left half
   * written.
   *
   * @param keep how many of the newest stay, at least 1
   * @param best number of finished epochs of the one that stays in any case
   */
  public void prune(int keep, OptionalInt best) {
    List<Entry> entries = entries();
    List<Entry> epochs = entries.stream().filter(entry -> entry.step() == 0).toList();
    Set<Entry> kept =
        new HashSet<>(epochs.subList(Math.max(0, epochs.size() - keep), epochs.size()));
    epochs.stream()
        .filter(entry -> best.isPresent() && best.getAsInt() == entry.epochs())
        .forEach(kept::add);
    if (!entries.isEmpty()) {
      kept.add(entries.get(entries.size() - 1));
    }
    List<Path> unwanted = new ArrayList<>(halfWritten());
    entries.stream().filter(entry -> !kept.contains(entry)).map(Entry::file).forEach(unwanted::add);
    for (Path file : unwanted) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        LOG.warn("{} cannot be removed ({})", file, e.toString());
      }
    }
  }

  /** Temporary files of {@link AtomicFiles}; the run is locked, so nobody is writing them. */
  private List<Path> halfWritten() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches("\\.epoch-.*\\.tmp-.*"))
          .toList();
    } catch (IOException e) {
      throw DataException.in(folder, "cannot be listed", e);
    }
  }

  private Path fileOf(int epochs, int step) {
    return folder.resolve(
        step == 0
            ? String.format("epoch-%06d.zip", epochs)
            : String.format("epoch-%06d-step-%06d.zip", epochs, step));
  }

  /** Returns what is there, oldest first. */
  private List<Entry> entries() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Entry> entries = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      files.forEach(
          file -> {
            Matcher name = NAME.matcher(file.getFileName().toString());
            if (name.matches()) {
              int step = name.group(2) == null ? 0 : Integer.parseInt(name.group(2));
              entries.add(new Entry(file, Integer.parseInt(name.group(1)), step));
            }
          });
    } catch (IOException e) {
      throw DataException.in(folder, "cannot be listed", e);
    }
    entries.sort(Comparator.comparingInt(Entry::epochs).thenComparingInt(Entry::step));
    return entries;
  }

  private static Checkpoint read(Entry entry) {
    Path file = entry.file();
    try (BoundedZip zip = BoundedZip.open(file)) {
      String state = new String(zip.bytes(STATE, MAX_STATE_BYTES), StandardCharsets.UTF_8);
      ComputationGraph graph = GraphArchive.read(zip, true);
      Optional<INDArray> average =
          zip.has(AVERAGE)
              ? Optional.of(
                  GraphArchive.readArray(zip, AVERAGE, graph.numParams())
                      .reshape(graph.params().shape()))
              : Optional.empty();
      return new Checkpoint(file, entry.epochs(), entry.step(), graph, average, state);
    }
  }
}
