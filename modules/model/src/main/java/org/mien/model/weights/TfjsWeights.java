package org.mien.model.weights;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mien.core.error.DataException;
import org.mien.model.weights.StoredTensors.Extent;
import org.mien.model.weights.StoredTensors.Place;
import org.mien.model.weights.StoredTensors.Quantisation;

/**
 * Weights that TensorFlow.js saved: a manifest {@code NAME-weights_manifest.json}, or a {@code
 * model.json} that holds one under {@code weightsManifest}, and files of bytes beside it.
 *
 * <p>Numbers are {@code float32}, {@code float16}, {@code int32}, {@code uint8}, {@code uint16} or
 * {@code bool}; quantised ones, {@code uint8} or {@code uint16} with {@code scale} and {@code min},
 * stand for {@code q * scale + min}, or are {@code float16}. All become 32-bit floats. Axes are
 * TensorFlow's: see {@link TensorNaming.Layout#TENSORFLOW}.
 */
public final class TfjsWeights {
  private static final String WANTED =
      "a list of groups {\"paths\": [...], \"weights\": [{\"name\", \"shape\", \"dtype\"}, ...]}";

  private final Path manifest;
  private final List<Extent> extents = new ArrayList<>();
  private final Map<String, Place> places = new LinkedHashMap<>();

  private TfjsWeights(Path manifest) {
    this.manifest = manifest;
  }

  /**
   * Reads names and shapes; the files beside the manifest are only measured.
   *
   * @throws DataException if the manifest is missing or damaged, a file of bytes lies outside the
   *     manifest's folder, is missing, or is longer or shorter than its tensors
   */
  public static StateDictionary read(Path manifest) {
    TfjsWeights reader = new TfjsWeights(manifest);
    JsonNode groups = reader.groups();
    for (int i = 0; i < groups.size(); i++) {
      reader.group("group " + i, groups.get(i));
    }
    return new StoredTensors(manifest, reader.extents, reader.places);
  }

  private JsonNode groups() {
    try {
      JsonNode root = BoundedJson.read(manifest, Files.size(manifest));
      JsonNode groups = root.isObject() ? root.path("weightsManifest") : root;
      if (!groups.isArray()) {
        throw wrong("the manifest", groups, WANTED);
      }
      return groups;
    } catch (NoSuchFileException e) {
      throw DataException.in(manifest, "no such file; a manifest of TensorFlow.js was expected", e);
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation() == null ? JsonLocation.NA : e.getLocation();
      throw DataException.atLine(
          manifest,
          at.getLineNr(),
          "at column " + at.getColumnNr() + ": not JSON (" + e.getOriginalMessage() + ")");
    } catch (IOException e) {
      throw DataException.in(manifest, "cannot be read (" + e + ")", e);
    }
  }

  private void group(String group, JsonNode node) {
    JsonNode paths = node.path("paths");
    JsonNode weights = node.path("weights");
    if (!paths.isArray() || !weights.isArray()) {
      throw wrong(group, node, "an object with a list paths and a list weights");
    }
    long begin = extents.stream().mapToLong(Extent::bytes).sum();
    long stored = 0;
    List<String> files = new ArrayList<>();
    for (JsonNode path : paths) {
      Extent shard = shard(group, path);
      extents.add(shard);
      files.add(path.textValue() + " (" + shard.bytes() + " bytes)");
      stored = Math.addExact(stored, shard.bytes());
    }
    long used = 0;
    for (int i = 0; i < weights.size(); i++) {
      used = tensor(group + ", weight " + i, weights.get(i), begin, used, stored);
    }
    if (used != stored) {
      throw DataException.in(
          manifest,
          group
              + ": its tensors take "
              + used
              + " bytes, its files "
              + String.join(", ", files)
              + " hold "
              + stored
              + "; expected the same");
    }
  }

  private Extent shard(String group, JsonNode path) {
    if (!path.isTextual() || path.textValue().isEmpty()) {
      throw wrong(group + ": a path", path, "the name of a file beside the manifest");
    }
    String name = path.textValue();
    try {
      Path folder = manifest.toAbsolutePath().normalize().getParent();
      Path file = folder.resolve(name).normalize();
      if (name.contains("\\") || name.indexOf(':') >= 0 || !file.startsWith(folder)) {
        throw outside(group, name);
      }
      if (!Files.isRegularFile(file)) {
        throw DataException.in(
            manifest, group + ": the file " + quoted(name) + " is missing beside the manifest");
      }
      if (!file.toRealPath().startsWith(folder.toRealPath())) {
        throw outside(group, name);
      }
      if (extents.stream().anyMatch(extent -> extent.file().equals(file))) {
        throw DataException.in(manifest, group + ": the file " + quoted(name) + " is named twice");
      }
      return new Extent(file, 0, Files.size(file));
    } catch (IOException | IllegalArgumentException e) {
      throw DataException.in(
          manifest, group + ": the file " + quoted(name) + " cannot be opened (" + e + ")", e);
    }
  }

  private DataException outside(String group, String name) {
    return DataException.in(
        manifest,
        group
            + ": the path "
            + quoted(name)
            + " leads out of the manifest's folder; expected a file beside the manifest");
  }

  /** Returns the number of bytes used in the group, this tensor's with them. */
  private long tensor(String where, JsonNode node, long begin, long used, long stored) {
    JsonNode name = node.path("name");
    if (!name.isTextual()) {
      throw wrong(where + ": its name", name, "a text");
    }
    String named = where + " " + quoted(name.textValue());
    List<Long> shape = shape(named, node.path("shape"));
    int elements = TensorShape.elements(manifest + ": " + named, shape);
    JsonNode quantised = node.path("quantization");
    StorageType type;
    Optional<Quantisation> quantisation = Optional.empty();
    if (quantised.isMissingNode() || quantised.isNull()) {
      type = type(named, node.path("dtype"));
    } else {
      type(named, node.path("dtype"));
      type = type(named + ", quantization", quantised.path("dtype"));
      if (type == StorageType.UNSIGNED_BYTE || type == StorageType.UNSIGNED_SHORT) {
        quantisation =
            Optional.of(
                new Quantisation(
                    number(named, "scale", quantised), number(named, "min", quantised)));
      } else if (type != StorageType.HALF) {
        throw wrong(
            named + ", quantization: its dtype",
            quantised.path("dtype"),
            "\"uint8\", \"uint16\" or \"float16\"");
      }
    }
    long bytes = (long) elements * type.bytes;
    if (bytes > stored - used) {
      throw DataException.in(
          manifest,
          String.format(
              "%s: its shape %s takes %d bytes from byte %d on, but the group's files hold %d",
              named, shape, bytes, used, stored));
    }
    if (places.put(name.textValue(), new Place(type, shape, begin + used, quantisation)) != null) {
      throw DataException.in(manifest, named + ": comes twice");
    }
    return used + bytes;
  }

  private List<Long> shape(String named, JsonNode node) {
    if (!node.isArray() || node.size() > TensorShape.MAX_RANK) {
      throw wrong(named + ": its shape", node, "a list of at most " + TensorShape.MAX_RANK);
    }
    List<Long> shape = new ArrayList<>();
    for (JsonNode size : node) {
      if (!size.isIntegralNumber() || !size.canConvertToLong()) {
        throw wrong(named + ": its shape", node, "a list of whole numbers");
      }
      shape.add(size.longValue());
    }
    return shape;
  }

  private StorageType type(String named, JsonNode node) {
    String text = node.isTextual() ? node.textValue() : "";
    return switch (text) {
      case "float32" -> StorageType.FLOAT;
      case "float16" -> StorageType.HALF;
      case "int32" -> StorageType.INT;
      case "uint8" -> StorageType.UNSIGNED_BYTE;
      case "uint16" -> StorageType.UNSIGNED_SHORT;
      case "bool" -> StorageType.BOOL;
      default ->
          throw wrong(
              named + ": its dtype",
              node,
              "one of float32, float16, int32, uint8, uint16 and bool");
    };
  }

  private double number(String named, String key, JsonNode quantised) {
    JsonNode node = quantised.path(key);
    if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
      throw wrong(named + ", quantization: its " + key, node, "a finite number");
    }
    return node.doubleValue();
  }

  private DataException wrong(String what, JsonNode found, String expected) {
    return DataException.in(
        manifest,
        what
            + " is "
            + (found.isMissingNode() ? "missing" : BoundedJson.excerpt(found))
            + "; expected "
            + expected);
  }

  private static String quoted(String text) {
    return "'" + BoundedJson.excerpt(text) + "'";
  }
}
