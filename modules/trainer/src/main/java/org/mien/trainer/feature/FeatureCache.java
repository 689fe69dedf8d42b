package org.mien.trainer.feature;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.CRC32;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.provenance.Fingerprint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Features on disk, found by the fingerprint of the image; one file for each pair of backbone and
 * preprocessing.
 *
 * <p>The file is a header and records of one size that are only ever appended: image fingerprint
 * (32 bytes), feature (dimension x float32), CRC-32 of both. All numbers are little-endian. After a
 * crash or a full disk the file ends in a part of a record, or in a record whose checksum is wrong:
 * {@link #open} cuts that off and keeps the rest. One process at a time holds the file.
 */
public final class FeatureCache implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FeatureCache.class);
  private static final byte[] MAGIC = "MIENFEA1".getBytes(StandardCharsets.US_ASCII);
  private static final int KEY_BYTES = 32;
  private static final int HEADER_BYTES = 8 + Integer.BYTES + KEY_BYTES;
  private static final int MAX_DIMENSION = 1 << 20;

  private final Path file;
  private final FileChannel channel;
  private final int dimension;
  private final Map<Key, Long> offsets = new HashMap<>();
  private final ByteBuffer record;
  private long end;

  private FeatureCache(Path file, FileChannel channel, int dimension) {
    this.file = file;
    this.channel = channel;
    this.dimension = dimension;
    this.record = buffer(recordBytes(dimension));
  }

  /**
   * Opens the cache of one backbone, or begins it.
   *
   * @param folder where cache files lie; made if missing
   * @param backbone fingerprint of the backbone's weights and architecture
   * @param preprocessing every setting that changes the pixels the backbone sees
   * @param dimension length of a feature
   * @throws ConfigException if another process holds the file
   * @throws DataException if it cannot be read or written
   */
  public static FeatureCache open(
      Path folder, String backbone, String preprocessing, int dimension) {
    String key = new Fingerprint().add(backbone).add(preprocessing).add(dimension).hex();
    Path file = folder.resolve("features-" + key.substring(0, 16) + ".bin");
    FileChannel channel = null;
    try {
      Files.createDirectories(folder);
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      lock(channel, file);
      FeatureCache cache = new FeatureCache(file, channel, dimension);
      cache.readHeader(HexFormat.of().parseHex(key));
      cache.readRecords();
      return cache;
    } catch (IOException e) {
      close(channel);
      throw unusable(file, e);
    } catch (RuntimeException e) {
      close(channel);
      throw e;
    }
  }

  /** Returns how many features the cache holds. */
  public int size() {
    return offsets.size();
  }

  /** Returns the file, for messages. */
  public Path file() {
    return file;
  }

  /**
   * Reads one feature.
   *
   * @param image fingerprint of the image, 64 hexadecimal digits
   * @param target receives {@code dimension} floats from {@code offset} on, if there is one
   * @return whether there is one
   */
  public boolean read(String image, float[] target, int offset) {
    Long position = offsets.get(Key.of(image));
    if (position == null) {
      return false;
    }
    ByteBuffer values = buffer(dimension * Float.BYTES);
    try {
      readFully(values, position + KEY_BYTES);
    } catch (IOException e) {
      throw unusable(file, e);
    }
    values.flip();
    values.asFloatBuffer().get(target, offset, dimension);
    return true;
  }

  /**
   * Appends one feature; an image that is already there is left as it is.
   *
   * @throws DataException if the disk is full or fails; what was there before is not harmed
   */
  public void write(String image, float[] source, int offset) {
    Key key = Key.of(image);
    if (offsets.containsKey(key)) {
      return;
    }
    record.clear();
    record.put(key.bytes());
    record.asFloatBuffer().put(source, offset, dimension);
    record.position(KEY_BYTES + dimension * Float.BYTES);
    record.putInt(checksum(record, KEY_BYTES + dimension * Float.BYTES));
    record.flip();
    try {
      long position = end;
      while (record.hasRemaining()) {
        position += channel.write(record, position);
      }
    } catch (IOException e) {
      throw unusable(file, e);
    }
    offsets.put(key, end);
    end += record.capacity();
  }

  @Override
  public void close() {
    close(channel);
  }

  private void readHeader(byte[] key) throws IOException {
    ByteBuffer header = buffer(HEADER_BYTES);
    if (channel.size() < HEADER_BYTES) {
      channel.truncate(0);
      header.put(MAGIC).putInt(dimension).put(key).flip();
      while (header.hasRemaining()) {
        channel.write(header, header.position());
      }
    } else {
      readFully(header, 0);
      header.flip();
      byte[] magic = new byte[MAGIC.length];
      header.get(magic);
      int storedDimension = header.getInt();
      byte[] storedKey = new byte[KEY_BYTES];
      header.get(storedKey);
      if (!Arrays.equals(magic, MAGIC)
          || storedDimension != dimension
          || !Arrays.equals(storedKey, key)) {
        throw DataException.in(
            file, "is not the feature cache of this backbone and preprocessing; delete it");
      }
    }
    end = HEADER_BYTES;
  }

  private void readRecords() throws IOException {
    int size = record.capacity();
    long complete = HEADER_BYTES + (channel.size() - HEADER_BYTES) / size * size;
    for (long position = HEADER_BYTES; position < complete; position += size) {
      record.clear();
      readFully(record, position);
      int stored = record.getInt(size - Integer.BYTES);
      if (stored != checksum(record, size - Integer.BYTES)) {
        break;
      }
      byte[] key = new byte[KEY_BYTES];
      record.flip().get(key);
      offsets.put(new Key(key), position);
      end = position + size;
    }
    if (channel.size() > end) {
      LOG.warn(
          "{}: the last {} bytes are not complete features (a crash or a full disk); cut off",
          file,
          channel.size() - end);
      channel.truncate(end);
    }
  }

  private void readFully(ByteBuffer target, long position) throws IOException {
    while (target.hasRemaining()) {
      int n = channel.read(target, position);
      if (n < 0) {
        throw new IOException("unexpected end of file at byte " + position);
      }
      position += n;
    }
  }

  private static int checksum(ByteBuffer record, int length) {
    CRC32 crc = new CRC32();
    crc.update(record.duplicate().clear().limit(length));
    return (int) crc.getValue();
  }

  private static int recordBytes(int dimension) {
    if (dimension < 1 || dimension > MAX_DIMENSION) {
      throw new IllegalArgumentException(
          "expected a dimension from 1 to " + MAX_DIMENSION + ", was " + dimension);
    }
    return KEY_BYTES + dimension * Float.BYTES + Integer.BYTES;
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The lock ends with the channel. */
  private static void lock(FileChannel channel, Path file) throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw new ConfigException(
          file
              + ": another run is using this feature cache; wait for it, or choose another"
              + " training.cacheFolder");
    }
  }

  private static DataException unusable(Path file, IOException e) {
    long free = -1;
    try {
      Path folder = file.toAbsolutePath().getParent();
      while (!Files.exists(folder) && folder.getParent() != null) {
        folder = folder.getParent();
      }
      free = Files.getFileStore(folder).getUsableSpace() >> 20;
    } catch (IOException ignored) {
      // The message is complete without it.
    }
    return DataException.in(
        file,
        String.format(
            "the feature cache cannot be read or written (%s; %s MiB free). Free some space, choose"
                + " another training.cacheFolder, or set training.cache: off",
            e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage(),
            free < 0 ? "unknown" : Long.toString(free)),
        e);
  }

  private static void close(FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        LOG.debug("closing the feature cache", e);
      }
    }
  }

  /** A fingerprint as a map key. */
  @SuppressWarnings("ArrayRecordComponent") // equality is by content, below
  private record Key(byte[] bytes) {
    static Key of(String hex) {
      byte[] bytes = HexFormat.of().parseHex(hex);
      if (bytes.length != KEY_BYTES) {
        throw new IllegalArgumentException("expected 64 hexadecimal digits, was " + hex);
      }
      return new Key(bytes);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }
  }
}
