package org.mien.model.embed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import onnx.Onnx;
import org.mien.core.error.DataException;
import org.mien.core.json.Json;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.core.provenance.Fingerprint;
import org.mien.core.run.AtomicFiles;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.model.onnx.OnnxSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frozen graphs that were written as ONNX and compared with ND4J before, on disk. Who finds one
 * needs neither the graph nor its weights to run it.
 *
 * <p>Each is a file {@code network-KEY.onnx} and what is known of it, {@code network-KEY.json},
 * which is written last. The {@value #KEPT} that were used last are kept. The folder may be removed
 * at any time.
 */
public final class TranslationCache {
  static final int KEPT = 8;

  /** Goes up when the translation of a graph changes. */
  private static final int FORMAT = 1;

  private static final int KEY_LENGTH = 16;
  private static final Logger LOG = LoggerFactory.getLogger(TranslationCache.class);

  private final Path folder;

  /**
   * @param folder is made when something is kept
   */
  public TranslationCache(Path folder) {
    this.folder = folder;
  }

  /**
   * A graph as ONNX.
   *
   * @param onnx the file
   * @param facts what is known of it
   */
  record Translation(Path onnx, Facts facts) {}

  /**
   * What is known of a translated graph.
   *
   * @param bytes length of the file
   * @param sha256 of the file
   * @param fingerprint the graph's own
   * @param dimension numbers in its vector
   * @param largestDifference from ND4J's vectors, relative to their largest magnitude
   */
  record Facts(
      long bytes, String sha256, String fingerprint, int dimension, double largestDifference) {}

  /**
   * The name that a network is kept under: it changes with the engines, for what they were compared
   * for holds for these versions.
   *
   * @param network tells architecture and weights from all others
   */
  static String key(String network, Preprocessing preprocessing) {
    return new Fingerprint()
        .add(FORMAT)
        .add(network)
        .add(preprocessing.heightPixels())
        .add(preprocessing.widthPixels())
        .add(OnnxSession.version())
        .add(Nd4jRuntime.version())
        .add(Nd4jRuntime.start().oneDnn().active() ? 1 : 0)
        .hex()
        .substring(0, KEY_LENGTH);
  }

  /** Finds a network; a damaged entry counts as none. */
  Optional<Translation> find(String key) {
    Path facts = factsOf(key);
    Path onnx = onnxOf(key);
    if (!Files.isRegularFile(facts) || !Files.isRegularFile(onnx)) {
      return Optional.empty();
    }
    try {
      Facts read = Json.read(facts, Facts.class);
      if (Files.size(onnx) != read.bytes()) {
        LOG.warn("{} does not belong to {}; it is made again", onnx, facts.getFileName());
        return Optional.empty();
      }
      Files.setLastModifiedTime(facts, FileTime.from(Instant.now()));
      return Optional.of(new Translation(onnx, read));
    } catch (DataException | IOException e) {
      LOG.warn("{}; the network is translated again", e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * Writes a network's file, which is not found before {@link #keep} tells what is known of it.
   *
   * @throws DataException if it cannot be written
   */
  void write(String key, Onnx.ModelProto model) {
    AtomicFiles.write(onnxOf(key), model::writeTo);
  }

  /** Makes a network that was written before findable, and removes those not used for longest. */
  void keep(String key, String fingerprint, int dimension, double largestDifference) {
    Path onnx = onnxOf(key);
    try {
      Json.write(
          factsOf(key),
          new Facts(
              Files.size(onnx),
              Fingerprint.ofFile(onnx),
              fingerprint,
              dimension,
              largestDifference));
      prune();
    } catch (IOException e) {
      throw DataException.in(onnx, "cannot be read (" + e + ")", e);
    }
  }

  private void prune() throws IOException {
    List<Path> newestFirst;
    try (Stream<Path> files = Files.list(folder)) {
      newestFirst =
          files
              .filter(file -> file.getFileName().toString().matches("network-[0-9a-f]+\\.json"))
              .sorted(Comparator.comparing(TranslationCache::lastUse).reversed())
              .toList();
    }
    for (Path facts : newestFirst.stream().skip(KEPT).toList()) {
      String name = facts.getFileName().toString();
      // Not findable first, then gone: a crash in between leaves a file that nobody trusts.
      Files.deleteIfExists(facts);
      Files.deleteIfExists(facts.resolveSibling(name.replace(".json", ".onnx")));
    }
  }

  private static Instant lastUse(Path file) {
    try {
      return Files.getLastModifiedTime(file).toInstant();
    } catch (IOException e) {
      return Instant.EPOCH;
    }
  }

  /** The file of a network, whether it is there or not. */
  Path onnxOf(String key) {
    return folder.resolve("network-" + key + ".onnx");
  }

  private Path factsOf(String key) {
    return folder.resolve("network-" + key + ".json");
  }
}
