package org.mien.model.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.error.DataException;
import org.mien.core.json.Json;
import org.mien.core.provenance.Fingerprint;
import org.mien.core.run.AtomicFiles;
import org.mien.model.file.BoundedZip;
import org.mien.model.file.GraphArchive;
import org.mien.model.graph.GraphFingerprint;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of one run, one file an epoch: {@code epoch-0007.zip}.
 *
 * <p>A file holds the graph with its optimiser's state, as Deeplearning4j writes it, and {@code
 * state.json} with a checksum over all of it. It appears under its name only when it is complete,
 * so that a killed process leaves the one before. One process writes a store at a time.
 */
public final class CheckpointStore {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
  private static final Pattern NAME = Pattern.compile("epoch-(\\d{4,9})\\.zip");
  private static final String STATE = "state.json";
  private static final long MOST_STATE_BYTES = 16 << 20;
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  private final Path folder;

  /**
   * @param folder is created with the first checkpoint
   */
  public CheckpointStore(Path folder) {
    this.folder = folder;
  }

  /** What {@code state.json} holds. */
  private record StoredState(CheckpointState state, String checksum) {}

  /**
   * Writes a checkpoint of {@code state.epoch()}, replacing one of the same epoch.
   *
   * @return the file
   * @throws DataException if it cannot be written
   */
  public Path save(ComputationGraph graph, CheckpointState state) {
    Path file = folder.resolve(String.format(Locale.ROOT, "epoch-%04d.zip", state.epoch()));
    byte[] json = Json.toString(new StoredState(state, checksum(graph, state))).getBytes(UTF_8);
    AtomicFiles.write(
        file,
        stream -> {
          ZipOutputStream zip = new ZipOutputStream(stream);
          zip.setLevel(Deflater.BEST_SPEED);
          GraphArchive.write(zip, graph, true);
          zip.putNextEntry(new ZipEntry(STATE));
          zip.write(json);
          zip.closeEntry();
          zip.finish();
        });
    return file;
  }

  /**
   * Reads the newest checkpoint that is whole. A damaged one is passed over with a warning, and
   * stays where it is.
   *
   * @return nothing if there is no checkpoint at all
   * @throws DataException if there are checkpoints, and every one is damaged
   */
  public Optional<Checkpoint> latest() {
    List<Path> files = newestFirst();
    for (Path file : files) {
      try {
        return Optional.of(read(file));
      } catch (DataException e) {
        LOG.warn("checkpoint passed over: {}", e.getMessage());
      }
    }
    if (!files.isEmpty()) {
      throw DataException.in(
          folder,
          "each of its " + files.size() + " checkpoints is damaged; delete them to start anew");
    }
    return Optional.empty();
  }

  /**
   * Reads the checkpoint of one epoch.
   *
   * @throws DataException if it is missing or damaged
   */
  public Checkpoint load(int epoch) {
    return read(folder.resolve(String.format(Locale.ROOT, "epoch-%04d.zip", epoch)));
  }

  /**
   * Deletes all but the newest checkpoints and the best one, which the newest whole one names.
   *
   * @param keep how many of the newest to keep, at least 1
   * @return the deleted files
   */
  public List<Path> prune(int keep) {
    if (keep < 1) {
      throw new IllegalArgumentException("expected to keep at least 1 checkpoint, was " + keep);
    }
    List<Path> files = newestFirst();
    OptionalInt best = bestEpoch(files);
    List<Path> deleted = new ArrayList<>();
    for (Path file : files.subList(Math.min(keep, files.size()), files.size())) {
      if (best.isEmpty() || epochOf(file) != best.getAsInt()) {
        try {
          Files.deleteIfExists(file);
        } catch (IOException e) {
          throw DataException.in(file, "cannot be deleted (" + e + ")", e);
        }
        deleted.add(file);
      }
    }
    return deleted;
  }

  private static OptionalInt bestEpoch(List<Path> files) {
    for (Path file : files) {
      try (BoundedZip zip = BoundedZip.open(file)) {
        return OptionalInt.of(state(zip).state().bestEpoch());
      } catch (DataException e) {
        LOG.warn("checkpoint passed over: {}", e.getMessage());
      }
    }
    return OptionalInt.empty();
  }

  private static Checkpoint read(Path file) {
    try (BoundedZip zip = BoundedZip.open(file)) {
      StoredState stored = state(zip);
      ComputationGraph graph = GraphArchive.read(zip, true);
      if (!checksum(graph, stored.state()).equals(stored.checksum())) {
        throw DataException.in(file, "is damaged: its checksum is not that of its content");
      }
      if (stored.state().epoch() != epochOf(file)) {
        throw DataException.in(
            file, "holds epoch " + stored.state().epoch() + ", which its name does not say");
      }
      return new Checkpoint(graph, stored.state(), file);
    }
  }

  private static StoredState state(BoundedZip zip) {
    byte[] json = zip.bytes(STATE, MOST_STATE_BYTES);
    try {
      StoredState stored = MAPPER.readValue(json, StoredState.class);
      if (stored == null || stored.state() == null || stored.checksum() == null) {
        throw DataException.in(zip.file(), "its " + STATE + " holds no state or no checksum");
      }
      return stored;
    } catch (JacksonException e) {
      throw DataException.in(
          zip.file(), "its " + STATE + " is damaged (" + e.getOriginalMessage() + ")", e);
    } catch (IOException e) {
      throw DataException.in(zip.file(), "its " + STATE + " cannot be read (" + e + ")", e);
    }
  }

  /** Over the weights, the optimiser's state and its count of steps, and the state. */
  private static String checksum(ComputationGraph graph, CheckpointState state) {
    INDArray optimiser = graph.getUpdater().getStateViewArray();
    boolean none = optimiser == null || optimiser.isEmpty();
    return new Fingerprint()
        .add(GraphFingerprint.of(graph))
        .add(none ? new float[0] : optimiser.reshape(optimiser.length()).toFloatVector())
        .add(graph.getConfiguration().getIterationCount())
        .add(graph.getConfiguration().getEpochCount())
        .add(Json.toString(state))
        .hex();
  }

  private List<Path> newestFirst() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> NAME.matcher(file.getFileName().toString()).matches())
          .sorted(Comparator.comparingInt(CheckpointStore::epochOf).reversed())
          .toList();
    } catch (IOException e) {
      throw DataException.in(folder, "cannot be listed (" + e + ")", e);
    }
  }

  private static int epochOf(Path file) {
    Matcher name = NAME.matcher(file.getFileName().toString());
    if (!name.matches()) {
      throw new IllegalArgumentException("expected epoch-0000.zip, was " + file);
    }
    return Integer.parseInt(name.group(1));
  }
}
