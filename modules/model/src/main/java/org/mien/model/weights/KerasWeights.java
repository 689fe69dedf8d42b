package org.mien.model.weights;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.exceptions.HdfException;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import io.jhdf.object.datatype.OrderedDataType;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mien.core.error.DataException;
import org.mien.model.weights.StoredTensors.Extent;
import org.mien.model.weights.StoredTensors.Place;

/**
 * An HDF5 file of weights as Keras 2 saves it: a whole model, with its weights in the group {@code
 * model_weights}, or weights alone.
 *
 * <p>Keras keeps the variable {@code conv1/kernel:0} of the layer {@code conv1} as {@code
 * conv1/conv1/kernel:0}; here it is called {@code conv1/kernel}, as TensorFlow.js calls it. A model
 * inside a model is a layer too: {@code resnet/conv1/kernel:0} is {@code conv1/kernel}. Where two
 * layers have a variable of one name, all names keep the layer in front: {@code
 * conv1/conv1/kernel}. Any other HDF5 file gives its numbers by their paths. The state of an
 * optimiser ({@code optimizer_weights}) is not read.
 *
 * <p>Numbers of 16 and 64 bits and whole ones become 32-bit floats. They have to lie in one piece
 * each, little-endian, as Keras writes them: not compressed, in chunks or in other files; links are
 * an error. Files may have 2 GiB. Axes are TensorFlow's: {@link TensorNaming.Layout#TENSORFLOW}.
 */
public final class KerasWeights {
  private static final String WHOLE_MODEL = "model_weights";
  private static final String OPTIMISER = "optimizer_weights";
  private static final String VARIABLE = ":0";
  private static final int MAX_DEPTH = 32;
  private static final int MAX_NODES = 100_000;
  private static final int HALF_EXPONENT_BITS = 5;

  private final Path file;
  private final long fileBytes;
  private final long userBlockBytes;

  /** By their paths, each a list of names. */
  private final Map<List<String>, Place> places = new LinkedHashMap<>();

  private int nodes;

  private KerasWeights(Path file, long fileBytes, long userBlockBytes) {
    this.file = file;
    this.fileBytes = fileBytes;
    this.userBlockBytes = userBlockBytes;
  }

  /**
   * Reads names and shapes.
   *
   * @throws DataException if the file is missing, truncated or no HDF5 file, holds links, or a
   *     tensor is stored in a way that Keras does not use
   */
  public static StateDictionary read(Path file) {
    try (FileChannel channel = FileChannel.open(file)) {
      long size = channel.size();
      if (size > TensorShape.MAX_ELEMENTS) {
        throw DataException.in(file, "has " + size + " bytes; an HDF5 file may have 2 GiB");
      }
      // Out of a mapped file the library cuts views; from a path it would allocate what lengths
      // say.
      MappedByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
      try (HdfFile hdf = HdfFile.fromByteBuffer(bytes)) {
        KerasWeights reader = new KerasWeights(file, size, hdf.getUserBlockSize());
        Node whole = hdf.getChildren().get(WHOLE_MODEL);
        reader.collect(whole instanceof Group group ? group : hdf, List.of());
        return new StoredTensors(file, List.of(new Extent(file, 0, size)), reader.named());
      }
    } catch (NoSuchFileException e) {
      throw DataException.in(file, "no such file; an HDF5 file of Keras was expected", e);
    } catch (IOException e) {
      throw DataException.in(file, "cannot be read (" + e + ")", e);
    } catch (DataException e) {
      throw e;
    } catch (HdfException e) {
      throw damaged(file, e.getMessage(), e);
    } catch (RuntimeException | StackOverflowError e) {
      // Whatever the library makes of bytes that are none of its format.
      throw damaged(file, e.getClass().getSimpleName(), e);
    }
  }

  private static DataException damaged(Path file, String how, Throwable cause) {
    return DataException.in(
        file, "not an HDF5 file, or a damaged or truncated one (" + how + ")", cause);
  }

  private void collect(Group group, List<String> path) {
    if (path.size() > MAX_DEPTH) {
      throw DataException.in(
          file, "its groups are nested deeper than " + MAX_DEPTH + ": " + group.getPath());
    }
    for (Map.Entry<String, Node> child : group.getChildren().entrySet()) {
      if (++nodes > MAX_NODES) {
        throw DataException.in(file, "has more than " + MAX_NODES + " groups and data sets");
      }
      List<String> inside = new ArrayList<>(path);
      inside.add(child.getKey());
      Node node = child.getValue();
      if (node.isLink()) {
        throw DataException.in(
            file, "'" + String.join("/", inside) + "' is a link; expected the weights themselves");
      }
      if (node instanceof Group inner) {
        if (!(path.isEmpty() && child.getKey().equals(OPTIMISER))) {
          collect(inner, inside);
        }
      } else if (node instanceof Dataset dataset) {
        places.put(inside, place("'" + String.join("/", inside) + "'", dataset));
      }
    }
  }

  private Place place(String named, Dataset dataset) {
    StorageType type = type(named, dataset.getDataType());
    List<Long> shape = new ArrayList<>();
    for (int size : dataset.getDimensions()) {
      shape.add((long) size);
    }
    int elements = TensorShape.elements(file + ": " + named, shape);
    if (elements != dataset.getSize()) {
      throw DataException.in(
          file, named + ": its shape " + shape + " has not " + dataset.getSize() + " numbers");
    }
    if (!(dataset instanceof ContiguousDataset contiguous)) {
      throw DataException.in(
          file,
          named
              + ": is stored as "
              + dataset.getDataLayout()
              + "; expected CONTIGUOUS, as Keras writes weights. Save it again without compression");
    }
    long bytes = (long) elements * type.bytes;
    long offset = contiguous.getDataAddress() + userBlockBytes;
    if (elements > 0 && (offset < 0 || contiguous.isEmpty() || offset > fileBytes - bytes)) {
      throw DataException.in(
          file,
          String.format(
              "%s: its shape %s takes %d bytes from byte %s on, the file has %d",
              named,
              shape,
              bytes,
              contiguous.isEmpty() ? "(never written)" : Long.toUnsignedString(offset),
              fileBytes));
    }
    return new Place(type, shape, Math.max(0, offset), Optional.empty());
  }

  private StorageType type(String named, DataType type) {
    StorageType known = null;
    if (type instanceof FloatingPoint number) {
      known =
          switch (number.getSize()) {
            case Double.BYTES -> StorageType.DOUBLE;
            case Float.BYTES -> StorageType.FLOAT;
            case Short.BYTES ->
                number.getExponentSize() == HALF_EXPONENT_BITS
                    ? StorageType.HALF
                    : StorageType.BFLOAT16;
            default -> null;
          };
    } else if (type instanceof FixedPoint number) {
      known =
          switch (number.getSize()) {
            case Long.BYTES -> number.isSigned() ? StorageType.LONG : null;
            case Integer.BYTES -> number.isSigned() ? StorageType.INT : null;
            case Short.BYTES -> number.isSigned() ? StorageType.SHORT : StorageType.UNSIGNED_SHORT;
            case Byte.BYTES -> number.isSigned() ? StorageType.BYTE : StorageType.UNSIGNED_BYTE;
            default -> null;
          };
    }
    if (known == null
        || (known.bytes > 1
            && ((OrderedDataType) type).getByteOrder() != ByteOrder.LITTLE_ENDIAN)) {
      throw DataException.in(
          file,
          named
              + ": is of HDF5's type "
              + type.getClass().getSimpleName()
              + " with "
              + type.getSize()
              + " bytes; expected little-endian numbers of 1 to 8 bytes");
    }
    return known;
  }

  private Map<String, Place> named() {
    boolean keras =
        !places.isEmpty()
            && places.keySet().stream()
                .allMatch(path -> path.size() >= 3 && path.get(path.size() - 1).endsWith(VARIABLE));
    Map<String, Place> named = new LinkedHashMap<>();
    if (keras) {
      places.forEach((path, place) -> named.put(variable(path.subList(1, path.size())), place));
    }
    if (named.size() < places.size()) {
      named.clear();
      places.forEach((path, place) -> named.put(variable(path), place));
    }
    // Names may hold slashes, and then two paths can read alike.
    if (named.size() < places.size()) {
      Set<String> seen = new HashSet<>();
      places.keySet().stream()
          .map(KerasWeights::variable)
          .filter(name -> !seen.add(name))
          .findFirst()
          .ifPresent(
              name -> {
                throw DataException.in(file, "'" + name + "' comes twice");
              });
    }
    return named;
  }

  private static String variable(List<String> path) {
    String name = String.join("/", path);
    return name.endsWith(VARIABLE) ? name.substring(0, name.length() - VARIABLE.length()) : name;
  }
}
