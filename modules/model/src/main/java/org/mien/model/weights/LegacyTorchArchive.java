package org.mien.model.weights;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.razorvine.pickle.PickleException;

/**
 * The format before PyTorch 1.6: five pickles (a magic number, the protocol, the writer's machine,
 * the object, the storages' keys), then for each key the number of elements in 8 bytes and the
 * elements.
 */
final class LegacyTorchArchive implements TorchArchive {
  /** {@code 0x1950a86a20f9469cfc6c}. */
  private static final String MAGIC = "119547037146038801333356";

  private static final int PROTOCOL = 1001;

  private record Extent(long position, long bytes) {}

  private final ByteOrder order;
  private final Map<String, Extent> extents = new HashMap<>();
  private final Object content;

  LegacyTorchArchive(Path file) throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(MAX_PICKLE_BYTES);
    }
    ByteArrayInputStream in = new ByteArrayInputStream(head);
    TorchUnpickler unpickler = new TorchUnpickler();
    if (!MAGIC.equals(String.valueOf(unpickler.read(in)))) {
      throw new PickleException("no magic number of PyTorch");
    }
    if (!(unpickler.read(in) instanceof Number protocol) || protocol.intValue() != PROTOCOL) {
      throw new PickleException("a protocol other than " + PROTOCOL);
    }
    Map<?, ?> machine = (Map<?, ?>) unpickler.read(in);
    order =
        Boolean.FALSE.equals(machine.get("little_endian"))
            ? ByteOrder.BIG_ENDIAN
            : ByteOrder.LITTLE_ENDIAN;
    content = unpickler.read(in);
    Map<String, StorageType> types = unpickler.storageTypes();
    List<?> keys = (List<?>) unpickler.read(in);
    long position = (long) head.length - in.available();
    try (FileChannel channel = FileChannel.open(file)) {
      for (Object key : keys) {
        StorageType type = types.get(String.valueOf(key));
        if (type == null) {
          throw new PickleException("a storage " + key + " that no tensor uses");
        }
        long elements = readFully(channel, position, Long.BYTES).getLong(0);
        position += Long.BYTES;
        if (elements < 0 || elements > (channel.size() - position) / type.bytes) {
          throw new PickleException(
              "a storage " + key + " of " + elements + " elements, more than the file holds");
        }
        extents.put(String.valueOf(key), new Extent(position, elements * type.bytes));
        position += elements * type.bytes;
      }
    }
  }

  private ByteBuffer readFully(FileChannel channel, long position, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(order);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new EOFException("the file ends early");
      }
    }
    return buffer.flip();
  }

  @Override
  public Object content() {
    return content;
  }

  @Override
  public long storedBytes(String key) {
    Extent extent = extents.get(key);
    return extent == null ? -1 : extent.bytes();
  }

  @Override
  public ByteBuffer read(Path file, String key, long start, int length) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      return readFully(channel, extents.get(key).position() + start, length);
    }
  }
}
