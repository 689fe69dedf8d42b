package org.mien.data.prepare;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.zip.CRC32;
import org.mien.core.error.DataException;
import org.mien.core.run.AtomicFiles;

/**
 * What is known of each sample so far, a line appended for each as soon as its picture is in place:
 * the sample's index, its cells, and a checksum, with tabs between them. A process may die at any
 * moment: a line cut short, and whatever follows it, is dropped when the journal is opened again.
 *
 * <p>Memory: 8 bytes a sample. Used by several threads at once.
 */
final class Journal implements AutoCloseable {
  /** Longer lines are not ours. */
  private static final int MAXIMUM_LINE = 64 << 10;

  private static final long NONE = -1;

  private final Path file;
  private final RandomAccessFile lines;

  /** Where each sample's latest line begins. */
  private final long[] offsets;

  private long end;

  private Journal(Path file, RandomAccessFile lines, int samples) {
    this.file = file;
    this.lines = lines;
    this.offsets = new long[samples];
    Arrays.fill(offsets, NONE);
  }

  /**
   * Opens the journal of so many samples, or begins it.
   *
   * @throws DataException if it cannot be read or written
   */
  static Journal open(Path file, int samples) {
    try {
      RandomAccessFile lines = new RandomAccessFile(file.toFile(), "rw");
      Journal journal = new Journal(file, lines, samples);
      try {
        journal.readLines();
        lines.setLength(journal.end);
      } catch (IOException | RuntimeException e) {
        lines.close();
        throw e;
      }
      return journal;
    } catch (IOException e) {
      throw DataException.in(file, "cannot be opened (" + e + ")", e);
    }
  }

  /** Notes a sample's cells, none of which may hold a tab or line break. */
  synchronized void append(int index, List<String> cells) {
    byte[] line = line(index, cells);
    try {
      lines.seek(end);
      lines.write(line);
    } catch (IOException e) {
      throw DataException.in(file, "cannot be written (" + e.getMessage() + ")", e);
    }
    offsets[index] = end;
    end += line.length;
  }

  /** Returns the cells noted last, if any. */
  synchronized Optional<List<String>> cells(int index) {
    if (offsets[index] == NONE) {
      return Optional.empty();
    }
    try {
      lines.seek(offsets[index]);
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      byte[] chunk = new byte[512];
      while (true) {
        int read = lines.read(chunk);
        if (read < 0) {
          throw DataException.in(file, "was cut short by someone else");
        }
        for (int i = 0; i < read; i++) {
          if (chunk[i] == '\n') {
            line.write(chunk, 0, i);
            return Optional.of(parse(line.toByteArray()).orElseThrow().cells());
          }
        }
        line.write(chunk, 0, read);
      }
    } catch (IOException e) {
      throw DataException.in(file, "cannot be read (" + e + ")", e);
    }
  }

  /** Forgets a sample whose picture is no longer there. */
  synchronized void forget(int index) {
    offsets[index] = NONE;
  }

  /**
   * Replaces the file by one that holds the lines wanted in the order of the samples, so that it
   * does not show in which order threads happened to write. Ends the use of this journal.
   *
   * @param wanted says of a sample's cells whether the line stays
   */
  synchronized void settle(Predicate<List<String>> wanted) {
    AtomicFiles.write(
        file,
        out -> {
          for (int i = 0; i < offsets.length; i++) {
            List<String> cells = cells(i).orElse(List.of());
            if (!cells.isEmpty() && wanted.test(cells)) {
              out.write(line(i, cells));
            }
          }
        });
    close();
  }

  @Override
  public synchronized void close() {
    try {
      lines.close();
    } catch (IOException e) {
      throw DataException.in(file, "cannot be closed (" + e + ")", e);
    }
  }

  private void readLines() throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int b = in.read(); b >= 0; b = in.read()) {
        if (b != '\n') {
          line.write(b);
          if (line.size() > MAXIMUM_LINE) {
            return;
          }
          continue;
        }
        Optional<Entry> entry = parse(line.toByteArray());
        if (entry.isEmpty() || entry.get().index() >= offsets.length) {
          return;
        }
        offsets[entry.get().index()] = end;
        end += line.size() + 1;
        line.reset();
      }
    }
  }

  private record Entry(int index, List<String> cells) {}

  private static byte[] line(int index, List<String> cells) {
    String content = index + "\t" + String.join("\t", cells);
    return (content + "\t" + checksum(content) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static Optional<Entry> parse(byte[] line) {
    String text = new String(line, StandardCharsets.UTF_8);
    int split = text.lastIndexOf('\t');
    if (split < 0 || !text.substring(split + 1).equals(checksum(text.substring(0, split)))) {
      return Optional.empty();
    }
    List<String> parts = List.of(text.substring(0, split).split("\t", -1));
    try {
      int index = Integer.parseInt(parts.get(0));
      return index < 0
          ? Optional.empty()
          : Optional.of(new Entry(index, parts.subList(1, parts.size())));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static String checksum(String content) {
    CRC32 crc = new CRC32();
    crc.update(content.getBytes(StandardCharsets.UTF_8));
    return String.format("%08x", crc.getValue());
  }
}
