package org.mien.core.embedding;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mien.core.error.DataException;
import org.mien.core.run.AtomicFiles;

/**
 * Embeddings on disk: {@code NAME.npy}, which NumPy opens as an array {@code (rows, dimension)} of
 * 32-bit floats, and beside it {@code NAME.csv} with the columns {@code key} and {@code identity},
 * a line a row.
 *
 * <p>Read is what was written here: version 1.0 of NumPy's format, little-endian float32 in C order
 * (<a
 * href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">numpy.lib.format</a>).
 */
public final class EmbeddingFile {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final int ALIGNMENT = 64;
  private static final int MOST_HEADER_BYTES = 65_535;
  private static final Pattern HEADER =
      Pattern.compile(
          "\\{'descr': '<f4', 'fortran_order': False, 'shape': \\((\\d{1,10}), (\\d{1,10})\\),? *\\} *\\n?");

  private EmbeddingFile() {}

  /** The list of keys beside an array. */
  public static Path keysOf(Path npy) {
    String name = npy.getFileName().toString();
    return npy.resolveSibling(name.replaceFirst("\\.npy$", "") + ".csv");
  }

  /**
   * Writes both files, each under a temporary name first.
   *
   * @param npy a name that ends in {@code .npy}
   * @throws DataException if the disk is full or the folder cannot be written
   */
  public static void write(Path npy, EmbeddingMatrix embeddings) {
    AtomicFiles.write(
        keysOf(npy),
        out -> {
          CsvWriter csv =
              CsvWriter.builder().build(new OutputStreamWriter(out, StandardCharsets.UTF_8));
          csv.writeRecord("key", "identity");
          for (int row = 0; row < embeddings.rows(); row++) {
            csv.writeRecord(embeddings.keys().get(row), embeddings.identities().get(row));
          }
          csv.close();
        });
    AtomicFiles.write(
        npy,
        out -> {
          out.write(header(embeddings.rows(), embeddings.dimension()));
          ByteBuffer row =
              ByteBuffer.allocate(embeddings.dimension() * Float.BYTES)
                  .order(ByteOrder.LITTLE_ENDIAN);
          for (int i = 0; i < embeddings.rows(); i++) {
            row.asFloatBuffer()
                .put(embeddings.values(), i * embeddings.dimension(), embeddings.dimension());
            out.write(row.array());
          }
        });
  }

  private static byte[] header(int rows, int dimension) {
    String text =
        String.format(
            Locale.ROOT,
            "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }",
            rows,
            dimension);
    int unpadded = MAGIC.length + Short.BYTES + text.length() + 1;
    int padding = (ALIGNMENT - unpadded % ALIGNMENT) % ALIGNMENT;
    ByteBuffer header = ByteBuffer.allocate(unpadded + padding).order(ByteOrder.LITTLE_ENDIAN);
    header.put(MAGIC).putShort((short) (text.length() + padding + 1));
    header.put((text + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII));
    return header.array();
  }

  /**
   * Reads both files.
   *
   * @throws DataException if one is missing, damaged or does not fit the other, or there is more
   *     than an array can hold
   */
  public static EmbeddingMatrix read(Path npy) {
    List<String> keys = new ArrayList<>();
    List<String> identities = new ArrayList<>();
    readKeys(keysOf(npy), keys, identities);
    try (FileChannel in = FileChannel.open(npy)) {
      ByteBuffer prefix = ByteBuffer.allocate(MAGIC.length + Short.BYTES);
      readFully(in, prefix, npy);
      prefix.order(ByteOrder.LITTLE_ENDIAN).flip();
      byte[] magic = new byte[MAGIC.length];
      prefix.get(magic);
      int length = prefix.getShort() & MOST_HEADER_BYTES;
      ByteBuffer header = ByteBuffer.allocate(length);
      readFully(in, header, npy);
      Matcher shape = HEADER.matcher(new String(header.array(), StandardCharsets.US_ASCII));
      if (!Arrays.equals(magic, MAGIC) || !shape.matches()) {
        throw DataException.in(
            npy, "expected a NumPy array of little-endian float32 of two axes in C order");
      }
      long rows = Long.parseLong(shape.group(1));
      long dimension = Long.parseLong(shape.group(2));
      long bytes = in.size() - in.position();
      if (dimension < 1
          || rows != keys.size()
          || bytes % Float.BYTES != 0
          || bytes / Float.BYTES != Math.multiplyExact(rows, dimension)
          || bytes / Float.BYTES > Integer.MAX_VALUE - 8) {
        throw DataException.in(
            npy,
            String.format(
                "says it has %d rows of %d numbers; there are %d bytes of numbers and %d keys in %s",
                rows, dimension, bytes, keys.size(), keysOf(npy)));
      }
      float[] values = new float[(int) (bytes / Float.BYTES)];
      ByteBuffer block = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
      for (int read = 0; read < values.length; ) {
        int floats = Math.min(values.length - read, block.capacity() / Float.BYTES);
        block.clear().limit(floats * Float.BYTES);
        readFully(in, block, npy);
        block.flip().asFloatBuffer().get(values, read, floats);
        read += floats;
      }
      return new EmbeddingMatrix(keys, identities, (int) dimension, values);
    } catch (NoSuchFileException e) {
      throw DataException.in(npy, "no such file; embeddings in an .npy file were expected", e);
    } catch (IOException | IllegalArgumentException e) {
      throw DataException.in(npy, "cannot be read (" + e.getMessage() + ")", e);
    }
  }

  private static void readKeys(Path csv, List<String> keys, List<String> identities) {
    if (!Files.isRegularFile(csv)) {
      throw DataException.in(
          csv, "no such file; the keys and identities of the embeddings were expected");
    }
    try (CsvReader<NamedCsvRecord> records = CsvReader.builder().ofNamedCsvRecord(csv)) {
      for (NamedCsvRecord record : records) {
        keys.add(record.getField("key"));
        identities.add(record.getField("identity"));
      }
    } catch (IOException | UncheckedIOException | CsvParseException e) {
      throw DataException.in(csv, "cannot be read (" + e.getMessage() + ")", e);
    } catch (NoSuchElementException e) {
      throw DataException.in(csv, "expected the columns key and identity", e);
    }
  }

  private static void readFully(FileChannel in, ByteBuffer target, Path file) throws IOException {
    while (target.hasRemaining()) {
      if (in.read(target) < 0) {
        throw DataException.in(
            file, "ends after " + in.size() + " bytes, in the middle of an array");
      }
    }
  }
}
