package org.mien.data.format;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.mien.core.error.DataException;

/**
 * A RecordIO file ({@code .rec}) of dmlc-core, as MXNet and InsightFace write it, read at random.
 *
 * <p>A record is, in little endian: the word {@code 0xced7230a}; a word whose upper 3 bits say
 * which part of a record follows (0 a whole one, 1 the first part, 2 a middle part, 3 the last) and
 * whose lower 29 bits say how many bytes; these bytes; zeros up to a multiple of 4. Where the
 * payload holds the magic word at a multiple of 4, the writer leaves it out and begins a new part;
 * the reader puts it back (dmlc-core, {@code include/dmlc/recordio.h} and {@code src/recordio.cc}).
 *
 * <p>Several threads may read at once. Nothing is kept in memory.
 */
public final class RecordIoFile implements AutoCloseable {
  static final int MAGIC = 0xced7230a;
  static final int MAXIMUM_LENGTH = (1 << 29) - 1;
  static final int PREFIX_BYTES = 8;

  private final PositionalFile file;

  private RecordIoFile(PositionalFile file) {
    this.file = file;
  }

  /**
   * Opens a file; its records are looked at when they are read.
   *
   * @throws DataException if it is missing or cannot be read
   */
  public static RecordIoFile open(Path file) {
    return new RecordIoFile(PositionalFile.open(file, "a RecordIO file"));
  }

  /** Returns the file's path, for messages. */
  public Path path() {
    return file.path();
  }

  /** Returns the file's length in bytes: the offset at which no record begins any more. */
  public long size() {
    return file.size();
  }

  /**
   * Returns the payload of the record that begins at an offset, its parts joined.
   *
   * @throws DataException if no whole record begins there
   */
  public byte[] read(long offset) {
    Part first = part(offset);
    if (first.flag == 0) {
      return bytes(first, first.length);
    }
    requireBeginning(first);
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    Part part = first;
    while (true) {
      joined.writeBytes(bytes(part, part.length));
      if (part.flag == 3) {
        return joined.toByteArray();
      }
      part = nextPart(part);
      if (joined.size() + 4L + part.length > MAXIMUM_LENGTH) {
        throw damaged(first.offset, "its parts together exceed 2^29 bytes");
      }
      joined.writeBytes(new byte[] {0x0a, 0x23, (byte) 0xd7, (byte) 0xce});
    }
  }

  /**
   * Returns the first bytes of a record's payload without the rest.
   *
   * @param count at most so many
   */
  public byte[] readBeginning(long offset, int count) {
    Part first = part(offset);
    if (first.flag != 0 && first.length < count) {
      byte[] whole = read(offset);
      return Arrays.copyOf(whole, Math.min(count, whole.length));
    }
    if (first.flag != 0) {
      requireBeginning(first);
    }
    return bytes(first, Math.min(count, first.length));
  }

  /**
   * Returns where the record after the one at {@code offset} begins; {@link #size()} at the end.
   */
  public long next(long offset) {
    Part part = part(offset);
    if (part.flag != 0) {
      requireBeginning(part);
      while (part.flag != 3) {
        part = nextPart(part);
      }
    }
    return Math.min(size(), part.end());
  }

  @Override
  public void close() {
    file.close();
  }

  /** One part of a record: where its prefix begins, which part it is, how long its bytes are. */
  private record Part(long offset, int flag, int length) {
    long end() {
      return offset + PREFIX_BYTES + (length + 3L) / 4 * 4;
    }
  }

  private void requireBeginning(Part part) {
    if (part.flag != 1) {
      throw damaged(part.offset, "a record cannot begin with a middle or last part");
    }
  }

  private Part nextPart(Part before) {
    Part part = part(before.end());
    if (part.flag != 2 && part.flag != 3) {
      throw damaged(part.offset, "expected a middle or last part of the record before");
    }
    return part;
  }

  private Part part(long offset) {
    if (offset < 0 || offset % 4 != 0) {
      throw damaged(offset, "records begin at multiples of 4");
    }
    long size = size();
    if (offset > size - PREFIX_BYTES) {
      throw damaged(offset, "the file ends there, at " + size + " bytes; expected a record");
    }
    ByteBuffer prefix = file.read(offset, PREFIX_BYTES);
    int magic = prefix.getInt();
    if (magic != MAGIC) {
      throw damaged(
          offset, String.format(Locale.ROOT, "expected the word ced7230a, found %08x", magic));
    }
    int word = prefix.getInt();
    Part part = new Part(offset, word >>> 29, word & MAXIMUM_LENGTH);
    if (part.flag > 3) {
      throw damaged(offset, "unknown part number " + part.flag);
    }
    if (part.length > size - offset - PREFIX_BYTES) {
      throw damaged(
          offset,
          String.format(
              Locale.ROOT,
              "it says it has %d bytes, the file has %d more",
              part.length,
              size - offset - PREFIX_BYTES));
    }
    return part;
  }

  private byte[] bytes(Part part, int count) {
    return file.read(part.offset + PREFIX_BYTES, count).array();
  }

  private DataException damaged(long offset, String problem) {
    return DataException.in(file.path(), "no record at byte " + offset + ": " + problem);
  }
}
