package org.mien.model.weights;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import net.razorvine.pickle.PickleException;

/**
 * The format since PyTorch 1.6: a zip of stored, not compressed entries {@code NAME/data.pkl},
 * {@code NAME/data/KEY} and, since 2.0, {@code NAME/byteorder}.
 */
final class ZipTorchArchive implements TorchArchive {
  private final String prefix;
  private final ByteOrder order;
  private final Map<String, Long> sizes = new HashMap<>();
  private final Object content;

  ZipTorchArchive(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      requirePlausible(zip, Files.size(file));
      ZipEntry pickle =
          zip.stream()
              .filter(entry -> entry.getName().matches("[^/]+/data\\.pkl"))
              .findFirst()
              .orElseThrow(() -> new PickleException("no entry NAME/data.pkl in this zip"));
      if (pickle.getSize() > MAX_PICKLE_BYTES) {
        throw new PickleException("a data.pkl of " + pickle.getSize() + " bytes");
      }
      prefix = pickle.getName().substring(0, pickle.getName().indexOf('/') + 1);
      String data = prefix + "data/";
      zip.stream()
          .filter(entry -> entry.getName().startsWith(data))
          .forEach(entry -> sizes.put(entry.getName().substring(data.length()), entry.getSize()));
      order = byteOrder(zip);
      try (InputStream in = zip.getInputStream(pickle)) {
        content = new TorchUnpickler().read(new ByteArrayInputStream(in.readAllBytes()));
      }
    }
  }

  /**
   * PyTorch stores and never compresses. Insisting on that, and on entries that together are no
   * larger than the file, leaves no room for a small file that unpacks to a large one.
   */
  private static void requirePlausible(ZipFile zip, long fileBytes) {
    long left = fileBytes;
    for (ZipEntry entry : Collections.list(zip.entries())) {
      if (entry.getMethod() != ZipEntry.STORED || entry.getSize() != entry.getCompressedSize()) {
        throw new PickleException(
            "a compressed entry " + entry.getName() + "; PyTorch writes stored ones");
      }
      left -= entry.getSize();
      if (entry.getSize() < 0 || left < 0) {
        throw new PickleException("entries that are larger than the file of " + fileBytes);
      }
    }
  }

  private ByteOrder byteOrder(ZipFile zip) throws IOException {
    ZipEntry entry = zip.getEntry(prefix + "byteorder");
    if (entry == null) {
      return ByteOrder.LITTLE_ENDIAN;
    }
    try (InputStream in = zip.getInputStream(entry)) {
      String named = new String(in.readNBytes(16), StandardCharsets.US_ASCII).strip();
      return switch (named) {
        case "little" -> ByteOrder.LITTLE_ENDIAN;
        case "big" -> ByteOrder.BIG_ENDIAN;
        default -> throw new PickleException("a byte order '" + named + "'");
      };
    }
  }

  @Override
  public Object content() {
    return content;
  }

  @Override
  public long storedBytes(String key) {
    return sizes.getOrDefault(key, -1L);
  }

  @Override
  public ByteBuffer read(Path file, String key, long start, int length) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      ZipEntry entry = zip.getEntry(prefix + "data/" + key);
      if (entry == null || entry.getSize() != sizes.get(key)) {
        throw new IOException("the file changed while it was read");
      }
      try (InputStream in = zip.getInputStream(entry)) {
        in.skipNBytes(start);
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
          throw new EOFException("storage " + key + " ends early");
        }
        return ByteBuffer.wrap(bytes).order(order);
      }
    }
  }
}
