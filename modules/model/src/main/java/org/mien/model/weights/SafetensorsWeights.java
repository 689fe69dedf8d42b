package org.mien.model.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mien.core.error.DataException;
import org.mien.core.json.Json;
import org.mien.model.head.HeadGraph;
import org.mien.model.weights.StoredTensors.Extent;
import org.mien.model.weights.StoredTensors.Place;

/**
 * A {@code .safetensors} file: 8 bytes with the length of a header, the header in JSON, and the
 * numbers, little-endian in C order, without gaps or overlaps.
 *
 * <p>{@code F64}, {@code F16}, {@code BF16}, whole numbers of 8 to 64 bits and {@code BOOL} become
 * 32-bit floats. A header has at most 4 MiB here (the format allows 100 MB), a tensor at most 8
 * axes.
 */
public final class SafetensorsWeights implements StateDictionary {
  private static final String METADATA = "__metadata__";
  private static final String PRODUCER = "producer";
  private static final String MIEN = "Mien";
  private static final int LENGTH_BYTES = Long.BYTES;
  private static final int ALIGNMENT = 8;
  private static final int PIECE = 1 << 16;

  private final StoredTensors tensors;
  private final Map<String, String> metadata;

  private SafetensorsWeights(StoredTensors tensors, Map<String, String> metadata) {
    this.tensors = tensors;
    this.metadata = metadata;
  }

  /**
   * Reads names, shapes and metadata.
   *
   * @throws DataException if the file is missing, truncated or no such file, a shape does not fit
   *     its bytes, or bytes belong to two tensors or to none
   */
  public static SafetensorsWeights read(Path file) {
    try {
      long size = Files.size(file);
      byte[] header = header(file, size);
      JsonNode root = BoundedJson.read(header);
      if (!root.isObject()) {
        throw DataException.in(
            file, "its header is " + BoundedJson.excerpt(root) + "; expected an object");
      }
      long begin = LENGTH_BYTES + (long) header.length;
      return new Reader(file, size - begin).read(root, begin);
    } catch (NoSuchFileException e) {
      throw DataException.in(file, "no such file; a .safetensors file was expected", e);
    } catch (JsonProcessingException e) {
      long at = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
      throw DataException.in(
          file,
          "byte "
              + (LENGTH_BYTES + at)
              + ": its header is not JSON ("
              + e.getOriginalMessage()
              + ")",
          e);
    } catch (IOException e) {
      throw DataException.in(file, "cannot be read (" + e + ")", e);
    }
  }

  private static byte[] header(Path file, long size) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] prefix = in.readNBytes(LENGTH_BYTES);
      if (prefix.length < LENGTH_BYTES) {
        throw DataException.in(
            file, "has " + size + " bytes; expected 8 with the length of a header, and the header");
      }
      long length = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
      if (length < 0 || length > size - LENGTH_BYTES || length > BoundedJson.MAX_BYTES) {
        throw DataException.in(
            file,
            String.format(
                "its first 8 bytes announce a header of %s bytes in a file of %d; expected at most"
                    + " what is left, and at most %d",
                Long.toUnsignedString(length), size, BoundedJson.MAX_BYTES));
      }
      byte[] header = in.readNBytes((int) length);
      if (header.length < length) {
        throw new EOFException("the file became shorter");
      }
      return header;
    }
  }

  /** Builds the table of tensors out of a header. */
  private static final class Reader {
    private final Path file;
    private final long dataBytes;
    private final Map<String, Place> places = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    Reader(Path file, long dataBytes) {
      this.file = file;
      this.dataBytes = dataBytes;
    }

    SafetensorsWeights read(JsonNode root, long begin) {
      root.properties()
          .forEach(
              field -> {
                if (field.getKey().equals(METADATA)) {
                  metadata(field.getValue());
                } else {
                  tensor(field.getKey(), field.getValue());
                }
              });
      requireNoGaps();
      return new SafetensorsWeights(
          new StoredTensors(file, List.of(new Extent(file, begin, dataBytes)), places),
          Collections.unmodifiableMap(metadata));
    }

    private void metadata(JsonNode node) {
      if (!node.isObject()) {
        throw wrong(METADATA, node, "an object of texts");
      }
      node.properties()
          .forEach(
              field -> {
                if (!field.getValue().isTextual()) {
                  throw wrong(METADATA + ", " + shown(field.getKey()), field.getValue(), "a text");
                }
                metadata.put(field.getKey(), field.getValue().textValue());
              });
    }

    private void tensor(String name, JsonNode node) {
      String named = "tensor " + shown(name);
      StorageType type = type(named, node.path("dtype"));
      List<Long> shape = longs(named + ", shape", node.path("shape"), TensorShape.MAX_RANK);
      List<Long> offsets = longs(named + ", data_offsets", node.path("data_offsets"), 2);
      int elements = TensorShape.elements(file + ": " + named, shape);
      if (offsets.size() != 2
          || offsets.get(0) < 0
          || offsets.get(1) < offsets.get(0)
          || offsets.get(1) > dataBytes) {
        throw DataException.in(
            file,
            String.format(
                "%s: its data_offsets %s do not lie in the %d bytes of numbers",
                named, offsets, dataBytes));
      }
      long bytes = offsets.get(1) - offsets.get(0);
      if (bytes != (long) elements * type.bytes) {
        throw DataException.in(
            file,
            String.format(
                "%s: its shape %s of %s takes %d bytes, its data_offsets %s are %d",
                named,
                shape,
                node.path("dtype").textValue(),
                (long) elements * type.bytes,
                offsets,
                bytes));
      }
      places.put(name, new Place(type, shape, offsets.get(0), Optional.empty()));
    }

    private StorageType type(String named, JsonNode node) {
      return switch (node.isTextual() ? node.textValue() : "") {
        case "F32" -> StorageType.FLOAT;
        case "F64" -> StorageType.DOUBLE;
        case "F16" -> StorageType.HALF;
        case "BF16" -> StorageType.BFLOAT16;
        case "I64" -> StorageType.LONG;
        case "I32" -> StorageType.INT;
        case "I16" -> StorageType.SHORT;
        case "U16" -> StorageType.UNSIGNED_SHORT;
        case "I8" -> StorageType.BYTE;
        case "U8" -> StorageType.UNSIGNED_BYTE;
        case "BOOL" -> StorageType.BOOL;
        default ->
            throw wrong(
                named + ", dtype",
                node,
                "one of F32, F64, F16, BF16, I64, I32, I16, U16, I8, U8 and BOOL");
      };
    }

    private List<Long> longs(String what, JsonNode node, int most) {
      String expected = "a list of at most " + most + " whole numbers";
      if (!node.isArray() || node.size() > most) {
        throw wrong(what, node, expected);
      }
      List<Long> longs = new ArrayList<>();
      for (JsonNode value : node) {
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
          throw wrong(what, value, expected);
        }
        longs.add(value.longValue());
      }
      return longs;
    }

    /**
     * Bytes that two tensors share, or none owns, hide what a checksum of tensors would not see.
     */
    private void requireNoGaps() {
      List<Map.Entry<String, Place>> inOrder = new ArrayList<>(places.entrySet());
      inOrder.sort(
          Comparator.comparingLong((Map.Entry<String, Place> entry) -> entry.getValue().offset())
              .thenComparingLong(entry -> bytes(entry.getValue())));
      long end = 0;
      for (Map.Entry<String, Place> entry : inOrder) {
        long offset = entry.getValue().offset();
        if (offset != end) {
          throw DataException.in(
              file,
              String.format(
                  "tensor %s begins at byte %d of the numbers, the one before it ends at %d;"
                      + " expected neither gaps nor overlaps",
                  shown(entry.getKey()), offset, end));
        }
        end = offset + bytes(entry.getValue());
      }
      if (end != dataBytes) {
        throw DataException.in(
            file, "its tensors take " + end + " bytes, but " + dataBytes + " follow the header");
      }
    }

    private static long bytes(Place place) {
      return place.shape().stream().reduce((long) place.type().bytes, (a, b) -> a * b);
    }

    private static String shown(String name) {
      return "'" + BoundedJson.excerpt(name) + "'";
    }

    private DataException wrong(String what, JsonNode found, String expected) {
      return DataException.in(
          file,
          what
              + ": is "
              + (found.isMissingNode() ? "missing" : BoundedJson.excerpt(found))
              + "; expected "
              + expected);
    }
  }

  /**
   * Writes every tensor as 32-bit floats.
   *
   * @param metadata texts that go into the header, in this order
   * @throws IllegalArgumentException if the header would be longer than can be read back
   */
  public static void write(OutputStream out, StateDictionary weights, Map<String, String> metadata)
      throws IOException {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put(METADATA, metadata);
    long offset = 0;
    for (Map.Entry<String, List<Long>> tensor : weights.shapes().entrySet()) {
      long bytes = tensor.getValue().stream().reduce((long) Float.BYTES, Math::multiplyExact);
      header.put(
          tensor.getKey(),
          Map.of(
              "dtype", "F32",
              "shape", tensor.getValue(),
              "data_offsets", List.of(offset, offset + bytes)));
      offset += bytes;
    }
    byte[] text = Json.toString(header).getBytes(StandardCharsets.UTF_8);
    int padded = (text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (padded > BoundedJson.MAX_BYTES) {
      throw new IllegalArgumentException(
          "a header of " + padded + " bytes; expected at most " + BoundedJson.MAX_BYTES);
    }
    out.write(
        ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(padded).array());
    out.write(text);
    // The format pads with spaces, so that the numbers are aligned.
    out.write(" ".repeat(padded - text.length).getBytes(StandardCharsets.US_ASCII));
    byte[] piece = new byte[PIECE * Float.BYTES];
    for (String name : weights.shapes().keySet()) {
      float[] values = weights.values(name);
      for (int done = 0; done < values.length; done += PIECE) {
        int count = Math.min(PIECE, values.length - done);
        ByteBuffer.wrap(piece)
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer()
            .put(values, done, count);
        out.write(piece, 0, count * Float.BYTES);
      }
    }
  }

  /** What a file says of itself, {@code format} for example; empty if nothing. */
  public Map<String, String> metadata() {
    return metadata;
  }

  @Override
  public String origin() {
    return tensors.origin();
  }

  @Override
  public Map<String, List<Long>> shapes() {
    return tensors.shapes();
  }

  @Override
  public float[] values(String name) {
    return tensors.values(name);
  }

  /** PyTorch's, without the head, for a file that Mien wrote. */
  @Override
  public Optional<TensorNaming> naming() {
    return metadata.getOrDefault(PRODUCER, "").startsWith(MIEN)
        ? Optional.of(
            TensorNaming.torch(
                tensor ->
                    tensor.startsWith(HeadGraph.EMBEDDING + ".")
                        || tensor.startsWith(HeadGraph.CLASSIFIER + ".")))
        : Optional.empty();
  }
}
