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
import net.razorvine.pickle.PickleException;
import org.mien.core.error.DataException;
import org.mien.core.pickle.RestrictedUnpickler;

/**
 * A state dictionary in a {@code .pth} file that {@code torch.save} wrote, in the zip format or the
 * one before PyTorch 1.6. Nothing in the file is executed: a class other than tensors, storages and
 * ordered dictionaries is an error.
 *
 * <p>Shapes are read at once, values when they are asked for. A dictionary under the key {@code
 * state_dict} is unwrapped, and a prefix {@code module.} that all names share (PyTorch's {@code
 * DataParallel}) removed.
 */
public final class TorchWeights implements StateDictionary {
  private static final String PARALLEL_PREFIX = "module.";

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
      return new TorchWeights(file, archive, tensors(archive));
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

  private static Map<String, TorchTensor> tensors(TorchArchive archive) {
    Map<?, ?> content = dictionary(archive.content());
    if (content.get("state_dict") instanceof Map<?, ?> inner) {
      content = inner;
    }
    boolean parallel =
        !content.isEmpty()
            && content.keySet().stream()
                .allMatch(name -> String.valueOf(name).startsWith(PARALLEL_PREFIX));
    Map<String, TorchTensor> tensors = new LinkedHashMap<>();
    content.forEach(
        (key, value) -> {
          String name = String.valueOf(key);
          if (!(value instanceof TorchTensor tensor)) {
            throw new PickleException("under '" + name + "' something that is not a tensor");
          }
          requireStored(archive, name, tensor.storage());
          tensors.put(parallel ? name.substring(PARALLEL_PREFIX.length()) : name, tensor);
        });
    return tensors;
  }

  private static Map<?, ?> dictionary(Object content) {
    if (content instanceof Map<?, ?> map) {
      return map;
    }
    throw new PickleException("no dictionary of named tensors");
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
