package org.mien.model.file;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.mien.core.error.DataException;

/**
 * A zip from anywhere, read within bounds: few entries, none twice, and no more bytes than a file
 * of this size can honestly hold. Checksums of entries are verified, which {@link ZipFile} leaves
 * out.
 */
public final class BoundedZip implements AutoCloseable {
  private static final int MOST_ENTRIES = 32;
  private static final int BUFFER_BYTES = 1 << 16;

  /** Weights hardly compress, optimiser states of zeros do; a bomb is beyond 1,000. */
  private static final long LARGEST_RATIO = 64;

  private static final long ALWAYS_ALLOWED_BYTES = 1 << 20;

  /** What fits into one array of Java's; longer entries can be read as streams. */
  private static final long LARGEST_ARRAY_BYTES = Integer.MAX_VALUE - 8L;

  private final Path file;
  private final long largestArrayBytes;
  private final ZipFile zip;
  private final Map<String, ZipEntry> entries = new LinkedHashMap<>();

  private BoundedZip(Path file, ZipFile zip, long fileBytes, long largestArrayBytes) {
    this.largestArrayBytes = largestArrayBytes;
    this.file = file;
    this.zip = zip;
    if (zip.size() > MOST_ENTRIES) {
      throw DataException.in(
          file, "holds " + zip.size() + " entries; expected at most " + MOST_ENTRIES);
    }
    long total = 0;
    Enumeration<? extends ZipEntry> all = zip.entries();
    while (all.hasMoreElements()) {
      ZipEntry entry = all.nextElement();
      if (entries.put(entry.getName(), entry) != null) {
        throw DataException.in(file, "holds the entry " + entry.getName() + " twice");
      }
      if (entry.getSize() < 0 || entry.getSize() > Long.MAX_VALUE / (2 * MOST_ENTRIES)) {
        throw DataException.in(
            file, "the entry " + entry.getName() + " claims " + entry.getSize() + " bytes");
      }
      total += entry.getSize();
    }
    long most = ALWAYS_ALLOWED_BYTES + LARGEST_RATIO * fileBytes;
    if (total > most) {
      throw DataException.in(
          file,
          "claims to hold "
              + total
              + " bytes in a file of "
              + fileBytes
              + "; expected at most "
              + most);
    }
  }

  /**
   * Opens a zip.
   *
   * @throws DataException if it is missing, no zip, truncated, or out of bounds
   */
  public static BoundedZip open(Path file) {
    return open(file, LARGEST_ARRAY_BYTES);
  }

  /**
   * As the other, for tests of entries that no array holds.
   *
   * @param largestArrayBytes what {@link #bytes} gives at most
   */
  static BoundedZip open(Path file, long largestArrayBytes) {
    ZipFile zip;
    long size;
    try {
      size = Files.size(file);
      zip = new ZipFile(file.toFile());
    } catch (NoSuchFileException e) {
      throw DataException.in(file, "no such file; a zip was expected", e);
    } catch (IOException e) {
      throw DataException.in(file, "not a zip, or a truncated one (" + e.getMessage() + ")", e);
    }
    try {
      return new BoundedZip(file, zip, size, largestArrayBytes);
    } catch (RuntimeException e) {
      close(zip, file);
      throw e;
    }
  }

  public Path file() {
    return file;
  }

  /** Names of the entries in the order of the file. */
  public Set<String> names() {
    return entries.keySet();
  }

  public boolean has(String name) {
    return entries.containsKey(name);
  }

  /**
   * Reads an entry into memory at once.
   *
   * @param mostBytes refused if it is longer
   * @throws DataException if there is no such entry, or it is damaged or longer than allowed
   */
  public byte[] bytes(String name, long mostBytes) {
    ZipEntry entry = entry(name);
    long most = Math.min(mostBytes, largestArrayBytes);
    if (entry.getSize() > most) {
      throw DataException.in(
          file,
          "the entry " + name + " has " + entry.getSize() + " bytes; expected at most " + most);
    }
    int length = (int) entry.getSize();
    byte[] bytes;
    try (InputStream in = zip.getInputStream(entry)) {
      bytes = in.readNBytes(length);
      if (bytes.length != length || in.read() >= 0) {
        throw DataException.in(
            file,
            "the entry " + name + " is damaged: it has not the " + length + " bytes it claims");
      }
    } catch (IOException e) {
      throw DataException.in(file, "the entry " + name + " is damaged (" + e.getMessage() + ")", e);
    }
    CRC32 sum = new CRC32();
    sum.update(bytes);
    if (sum.getValue() != entry.getCrc()) {
      throw DataException.in(file, "the entry " + name + " is damaged: its checksum is wrong");
    }
    return bytes;
  }

  private ZipEntry entry(String name) {
    return Optional.ofNullable(entries.get(name))
        .orElseThrow(
            () ->
                DataException.in(
                    file, "has no entry " + name + "; its entries are " + entries.keySet()));
  }

  /** How many bytes an entry says it has. */
  public long size(String name) {
    return entry(name).getSize();
  }

  /**
   * Reads an entry of any length piece by piece, and verifies its checksum at the end.
   *
   * @param reader has to read exactly {@link #size} bytes; gets no more than those
   * @throws DataException if there is no such entry, or it is damaged, whatever the reader made of
   *     it
   */
  public <T> T stream(String name, EntryReader<T> reader) {
    ZipEntry entry = entry(name);
    CRC32 sum = new CRC32();
    try (InputStream in = zip.getInputStream(entry);
        CheckedInputStream checked =
            new CheckedInputStream(new BufferedInputStream(in, BUFFER_BYTES), sum)) {
      T result = reader.read(checked);
      // What the reader left would be missing from the checksum.
      if (checked.read() >= 0) {
        throw DataException.in(
            file, "the entry " + name + " is damaged: it goes on after its last number");
      }
      if (sum.getValue() != entry.getCrc()) {
        throw DataException.in(file, "the entry " + name + " is damaged: its checksum is wrong");
      }
      return result;
    } catch (IOException e) {
      throw DataException.in(file, "the entry " + name + " is damaged (" + e + ")", e);
    }
  }

  /** Makes something of an entry's bytes. */
  @FunctionalInterface
  public interface EntryReader<T> {
    T read(InputStream in) throws IOException;
  }

  @Override
  public void close() {
    close(zip, file);
  }

  private static void close(ZipFile zip, Path file) {
    try {
      zip.close();
    } catch (IOException e) {
      throw DataException.in(file, "cannot be closed (" + e + ")", e);
    }
  }
}
