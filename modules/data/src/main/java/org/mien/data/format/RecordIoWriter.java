package org.mien.data.format;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.mien.core.error.DataException;

/**
 * Writes a RecordIO file and its index: {@code NAME.rec} and {@code NAME.idx}. Both appear under
 * their names when {@link #finish} is called; {@link #close} without it leaves nothing.
 *
 * <p>See {@link RecordIoFile} for the format.
 */
public final class RecordIoWriter implements AutoCloseable {
  private final Path records;
  private final Path index;
  private final Path partialRecords;
  private final Path partialIndex;
  private final OutputStream out;
  private final Writer indexOut;
  private long offset;
  private boolean open = true;

  private RecordIoWriter(Path records, Path index, OutputStream out, Writer indexOut) {
    this.records = records;
    this.index = index;
    this.partialRecords = partial(records);
    this.partialIndex = partial(index);
    this.out = out;
    this.indexOut = indexOut;
  }

  /**
   * Begins a file.
   *
   * @param records {@code NAME.rec}; the index is written beside it
   */
  @SuppressWarnings("resource") // closed by close()
  public static RecordIoWriter create(Path records) {
    String name = records.getFileName().toString();
    if (!name.endsWith(".rec")) {
      throw new IllegalArgumentException("expected a name that ends in .rec, was " + name);
    }
    Path index = records.resolveSibling(name.substring(0, name.length() - 4) + ".idx");
    try {
      if (records.toAbsolutePath().getParent() != null) {
        Files.createDirectories(records.toAbsolutePath().getParent());
      }
      return new RecordIoWriter(
          records,
          index,
          new BufferedOutputStream(Files.newOutputStream(partial(records)), 1 << 20),
          Files.newBufferedWriter(partial(index), StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw failed(records, e);
    }
  }

  /**
   * Appends a record.
   *
   * @param number its number in the index
   * @throws IllegalArgumentException if the payload is longer than 2^29 - 1 bytes
   */
  public void write(int number, ImageRecord record) {
    byte[] payload = record.toPayload();
    if (payload.length > RecordIoFile.MAXIMUM_LENGTH) {
      throw new IllegalArgumentException(
          "a record of " + payload.length + " bytes exceeds the format's 2^29 - 1");
    }
    try {
      indexOut.write(number + "\t" + offset + "\n");
      writeParts(payload);
    } catch (IOException e) {
      throw failed(records, e);
    }
  }

  /** Gives both files their names. */
  public void finish() {
    try {
      out.close();
      indexOut.close();
      open = false;
      force(partialRecords);
      force(partialIndex);
      move(partialRecords, records);
      move(partialIndex, index);
    } catch (IOException e) {
      throw failed(records, e);
    }
  }

  /** Removes what was written, unless it was finished. */
  @Override
  public void close() {
    if (!open) {
      return;
    }
    open = false;
    try {
      // Closing writes what is buffered, which fails where the disk is full.
      closeQuietly(out);
      closeQuietly(indexOut);
      Files.deleteIfExists(partialRecords);
      Files.deleteIfExists(partialIndex);
    } catch (IOException e) {
      throw failed(records, e);
    }
  }

  private static void closeQuietly(Closeable stream) {
    try {
      stream.close();
    } catch (IOException e) {
      // What it holds is deleted anyway.
    }
  }

  private void writeParts(byte[] payload) throws IOException {
    ByteBuffer words = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
    int begin = 0;
    boolean split = false;
    for (int at = 0; at + 4 <= payload.length; at += 4) {
      if (words.getInt(at) == RecordIoFile.MAGIC) {
        writePart(split ? 2 : 1, payload, begin, at - begin);
        begin = at + 4;
        split = true;
      }
    }
    writePart(split ? 3 : 0, payload, begin, payload.length - begin);
  }

  private void writePart(int flag, byte[] payload, int from, int length) throws IOException {
    byte[] prefix =
        ByteBuffer.allocate(RecordIoFile.PREFIX_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(RecordIoFile.MAGIC)
            .putInt(flag << 29 | length)
            .array();
    int padding = -length & 3;
    out.write(prefix);
    out.write(payload, from, length);
    out.write(new byte[padding]);
    offset += prefix.length + length + padding;
  }

  private static Path partial(Path file) {
    return file.resolveSibling(file.getFileName() + ".partial");
  }

  /** Puts a file's content on the disk before its name appears. */
  private static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static DataException failed(Path file, IOException e) {
    return DataException.in(file, "cannot be written (" + e + ")", e);
  }
}
