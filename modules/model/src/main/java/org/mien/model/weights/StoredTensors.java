package org.mien.model.weights;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mien.core.error.DataException;

/**
 * Tensors whose numbers lie in C order and little-endian in files put end to end. Values are read
 * when they are asked for, a piece at a time.
 */
final class StoredTensors implements StateDictionary {
  private static final int PIECE_BYTES = 1 << 20;

  /** A stored number {@code q} stands for {@code q * scale + minimum}, computed in 64 bits. */
  record Quantisation(double scale, double minimum) {}

  /**
   * Where a tensor lies.
   *
   * @param offset of its first byte in the files put end to end
   */
  record Place(
      StorageType type, List<Long> shape, long offset, Optional<Quantisation> quantisation) {
    Place {
      shape = List.copyOf(shape);
    }
  }

  /**
   * A part of a file.
   *
   * @param start of the first byte in the file
   */
  record Extent(Path file, long start, long bytes) {}

  private final Path origin;
  private final List<Extent> extents;
  private final Map<String, Place> places;

  /**
   * @param extents what, put end to end, holds every tensor; whoever makes this has checked that
   */
  StoredTensors(Path origin, List<Extent> extents, Map<String, Place> places) {
    this.origin = origin;
    this.extents = List.copyOf(extents);
    this.places = new LinkedHashMap<>(places);
  }

  @Override
  public String origin() {
    return origin.toString();
  }

  @Override
  public Map<String, List<Long>> shapes() {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    places.forEach((name, place) -> shapes.put(name, place.shape()));
    return Collections.unmodifiableMap(shapes);
  }

  @Override
  public float[] values(String name) {
    Place place = places.get(name);
    if (place == null) {
      throw new IllegalArgumentException(origin + " has no tensor " + name);
    }
    float[] values = new float[TensorShape.elements(origin + ": '" + name + "'", place.shape())];
    int width = place.type().bytes;
    int most = PIECE_BYTES / width;
    try {
      for (int done = 0; done < values.length; ) {
        int count = Math.min(most, values.length - done);
        ByteBuffer piece = read(place.offset() + (long) done * width, count * width);
        decode(piece, place, values, done, count);
        done += count;
      }
    } catch (IOException e) {
      throw DataException.in(origin, "'" + name + "' cannot be read (" + e + ")", e);
    }
    return values;
  }

  private static void decode(ByteBuffer piece, Place place, float[] values, int from, int count) {
    if (place.quantisation().isPresent()) {
      Quantisation quantisation = place.quantisation().get();
      for (int i = 0; i < count; i++) {
        double stored = place.type().read(piece, i);
        values[from + i] = (float) (stored * quantisation.scale() + quantisation.minimum());
      }
    } else if (place.type() == StorageType.FLOAT) {
      piece.asFloatBuffer().get(values, from, count);
    } else {
      for (int i = 0; i < count; i++) {
        values[from + i] = place.type().read(piece, i);
      }
    }
  }

  /** Reads across the ends of files. */
  private ByteBuffer read(long offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    long begin = 0;
    for (Extent extent : extents) {
      long position = offset + buffer.position() - begin;
      if (buffer.hasRemaining() && position < extent.bytes()) {
        int wanted = (int) Math.min(buffer.remaining(), extent.bytes() - position);
        try (FileChannel channel = FileChannel.open(extent.file())) {
          fill(buffer, wanted, channel, extent.start() + position);
        }
      }
      begin += extent.bytes();
    }
    if (buffer.hasRemaining()) {
      throw new EOFException("the file became shorter");
    }
    return buffer.flip();
  }

  private static void fill(ByteBuffer buffer, int wanted, FileChannel channel, long position)
      throws IOException {
    int end = buffer.limit();
    int start = buffer.position();
    buffer.limit(start + wanted);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position() - start) < 0) {
        throw new EOFException("the file became shorter");
      }
    }
    buffer.limit(end);
  }
}
