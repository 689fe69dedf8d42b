package org.mien.model.weights;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.razorvine.pickle.PickleException;
import org.mien.core.error.DataException;
import org.mien.core.pickle.RestrictedUnpickler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A state dictionary in a {@code .pth} file that {@code torch.save} wrote, in the zip format or the
 * one before PyTorch 1.6. Nothing in the file is executed: a class other than tensors, storages and
 * ordered dictionaries is an error.
 *
 * <p>Shapes are read at once, values when they are asked for; numbers of 16 and 64 bits and whole
 * ones become 32-bit floats.
 *
 * <p>Training scripts wrap the dictionary. Where the file holds one with tensors under one of the
 * keys {@code state_dict}, {@code model_state_dict}, {@code model}, {@code backbone} and {@code
 * net}, that one is read; under two of them is an error, for nothing tells which is meant. Of the
 * names, the prefixes {@code module.} (PyTorch's {@code DataParallel}), {@code _orig_mod.} (its
 * compiler), {@code model.}, {@code backbone.} and {@code net.} are removed as long as all names
 * share one. The log says what was unwrapped and removed.
 */
public final class TorchWeights implements StateDictionary {
  private static final Logger LOG = LoggerFactory.getLogger(TorchWeights.class);
  private static final List<String> WRAPPERS =
      List.of("state_dict", "model_state_dict", "model", "backbone", "net");
  private static final List<String> PREFIXES =
      List.of("module.", "_orig_mod.", "model.", "backbone.", "net.");

  /** Lightning's {@code {"model": {"state_dict": ...}}} needs two. */
  private static final int MAX_WRAPPERS = 3;

  private static final int KEYS_SHOWN = 8;

  private final Path file;
  private final TorchArchive archive;
  private final Map<String, TorchTensor> tensors;

  private TorchWeights(Path file, TorchArchive archive, Map<String, TorchTensor> tensors) {
    this.file = file;
    this.archive = archive;
    this.tensors = tensors;
  }

  /**
   * Reads names and shapes.
   *
   * @throws DataException if the file is missing, damaged, of another format, holds a foreign class
   *     or something other than named tensors
   */
  public static TorchWeights read(Path file) {
    try {
      TorchArchive archive = open(file);
      return new TorchWeights(file, archive, tensors(file, archive));
    } catch (RestrictedUnpickler.ForeignClassException e) {
      throw DataException.in(
          file,
          "names the class "
              + e.getMessage()
              + ", which a file of weights has no use for; nothing was executed. Expected a"
              + " state dictionary as torch.save(model.state_dict(), ...) writes it",
          e);
    } catch (IOException e) {
      throw DataException.in(file, "cannot be read (" + e + ")", e);
    } catch (RuntimeException e) {
      throw notAStateDictionary(file, e);
    } catch (StackOverflowError e) {
      throw notAStateDictionary(file, e);
    }
  }

  private static DataException notAStateDictionary(Path file, Throwable cause) {
    String what =
        cause instanceof PickleException && cause.getMessage() != null
            ? "it holds " + cause.getMessage()
            : "its pickle is damaged (" + cause.getClass().getSimpleName() + ")";
    return DataException.in(file, "is not a state dictionary that PyTorch wrote: " + what, cause);
  }

  private static TorchArchive open(Path file) throws IOException {
    byte[] magic;
    try (InputStream in = Files.newInputStream(file)) {
      magic = in.readNBytes(4);
    }
    if (magic.length == 4 && magic[0] == 'P' && magic[1] == 'K') {
      return new ZipTorchArchive(file);
    }
    // 0x80 starts a pickle of protocol 2 and later.
    if (magic.length > 0 && magic[0] == (byte) 0x80) {
      return new LegacyTorchArchive(file);
    }
    throw new PickleException(
        "neither a zip (PyTorch 1.6 and later) nor a pickle (earlier) at its start");
  }

  private static Map<String, TorchTensor> tensors(Path file, TorchArchive archive) {
    if (!(archive.content() instanceof Map<?, ?> outermost)) {
      throw new PickleException("no dictionary of named tensors");
    }
    Map<?, ?> content = unwrapped(file, outermost);
    Map<String, TorchTensor> tensors = new LinkedHashMap<>();
    content.forEach(
        (key, value) -> {
          String name = String.valueOf(key);
          if (!(value instanceof TorchTensor tensor)) {
            throw new PickleException(
                "under '" + name + "' something that is not a tensor" + wherever(content));
          }
          requireStored(archive, name, tensor.storage());
          if (tensors.put(name, tensor) != null) {
            throw new PickleException("two tensors called '" + name + "'");
          }
        });
    return withoutSharedPrefixes(file, tensors);
  }

  private static Map<?, ?> unwrapped(Path file, Map<?, ?> outermost) {
    Map<?, ?> content = outermost;
    for (int depth = 0; depth < MAX_WRAPPERS; depth++) {
      Map<?, ?> current = content;
      List<String> candidates =
          WRAPPERS.stream().filter(key -> holdsTensors(current.get(key), MAX_WRAPPERS)).toList();
      if (candidates.isEmpty()) {
        return content;
      }
      if (candidates.size() > 1) {
        throw new PickleException(
            String.format(
                "dictionaries of tensors under '%s', and nothing tells which is meant; save that"
                    + " one alone, for example torch.save(checkpoint['%s'], ...)",
                String.join("' and '", candidates), candidates.get(0)));
      }
      LOG.info("{}: the tensors under '{}' are read", file, candidates.get(0));
      content = (Map<?, ?>) content.get(candidates.get(0));
    }
    return content;
  }

  private static boolean holdsTensors(Object value, int depth) {
    return depth > 0
        && value instanceof Map<?, ?> map
        && (map.values().stream().anyMatch(TorchTensor.class::isInstance)
            || WRAPPERS.stream().anyMatch(key -> holdsTensors(map.get(key), depth - 1)));
  }

  /** Where tensors were seen, if under a key that nobody can be sure of. */
  private static String wherever(Map<?, ?> content) {
    List<String> keys =
        content.entrySet().stream()
            .filter(entry -> holdsTensors(entry.getValue(), MAX_WRAPPERS))
            .limit(KEYS_SHOWN)
            .map(entry -> "'" + entry.getKey() + "'")
            .toList();
    return keys.isEmpty()
        ? ""
        : "; there are tensors under "
            + String.join(", ", keys)
            + ", but only the keys "
            + String.join(", ", WRAPPERS)
            + " are known: save what you mean alone, with torch.save(checkpoint[KEY], ...)";
  }

  private static Map<String, TorchTensor> withoutSharedPrefixes(
      Path file, Map<String, TorchTensor> tensors) {
    Map<String, TorchTensor> current = tensors;
    while (true) {
      Set<String> names = current.keySet();
      Optional<String> shared =
          PREFIXES.stream()
              .filter(prefix -> names.stream().allMatch(name -> name.startsWith(prefix)))
              .findFirst();
      if (names.isEmpty() || shared.isEmpty()) {
        return current;
      }
      LOG.info("{}: the prefix '{}' that all names share is removed", file, shared.get());
      Map<String, TorchTensor> shorter = new LinkedHashMap<>();
      current.forEach((name, tensor) -> shorter.put(name.substring(shared.get().length()), tensor));
      current = shorter;
    }
  }

  private static void requireStored(
      TorchArchive archive, String name, TorchTensor.Storage storage) {
    long stored = archive.storedBytes(storage.key());
    if (storage.elements() > stored / storage.type().bytes || stored < 0) {
      throw new PickleException(
          String.format(
              "for '%s' a storage of %d elements of %d bytes, but only %d bytes of it",
              name, storage.elements(), storage.type().bytes, Math.max(0, stored)));
    }
  }

  @Override
  public String origin() {
    return file.toString();
  }

  @Override
  public Map<String, List<Long>> shapes() {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    return Collections.unmodifiableMap(shapes);
  }

  @Override
  public float[] values(String name) {
    TorchTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(file + " has no tensor " + name);
    }
    StorageType type = tensor.storage().type();
    ByteBuffer bytes;
    try {
      bytes =
          archive.read(
              file,
              tensor.storage().key(),
              tensor.offset() * type.bytes,
              Math.multiplyExact(tensor.span(), type.bytes));
    } catch (ArithmeticException e) {
      throw DataException.in(file, "'" + name + "' is larger than 2 GB", e);
    } catch (IOException e) {
      throw DataException.in(file, "'" + name + "' cannot be read (" + e + ")", e);
    }
    float[] values = new float[tensor.count()];
    if (type == StorageType.FLOAT && tensor.isContiguous()) {
      bytes.asFloatBuffer().get(values);
      return values;
    }
    int[] positions = tensor.positions();
    for (int i = 0; i < values.length; i++) {
      values[i] = type.read(bytes, positions[i]);
    }
    return values;
  }
}
