package org.mien.eval.search;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import org.mien.core.error.DataException;
import org.mien.data.format.FeatureMatrix;
import org.mien.data.format.FeatureMatrixFile;

/**
 * Embeddings in one matrix file of the MegaFace kit ({@link FeatureMatrix} says what it looks like;
 * {@link FeatureMatrixFile#write} makes one), of 32-bit floats: a million rows of 512 are 2 GB.
 *
 * <p>Blocks are copied out of the system's page cache, so the process holds no more than the blocks
 * it works on. A mapping of the file would count all of it as resident, and a file that becomes
 * shorter while native code reads the mapping would end the process; here it is an error.
 */
public final class MatrixFileRows implements EmbeddingRows, AutoCloseable {
  private static final int HEADER_BYTES = 16;
  private static final int TYPE_AT = 12;
  private static final int READ_BYTES = 1 << 20;

  private final Path path;
  private final FileChannel channel;
  private final int rows;
  private final int dimension;
  private final int strideBytes;
  private final List<String> keys;
  private final ThreadLocal<ByteBuffer> buffers;

  private MatrixFileRows(
      Path path, FileChannel channel, int rows, int dimension, int strideBytes, List<String> keys) {
    this.path = path;
    this.channel = channel;
    this.rows = rows;
    this.dimension = dimension;
    this.strideBytes = strideBytes;
    this.keys = keys;
    int bytes = Math.max(READ_BYTES / strideBytes, 1) * strideBytes;
    this.buffers =
        ThreadLocal.withInitial(
            () -> ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN));
  }

  /**
   * Opens a file whose rows are known by their numbers only.
   *
   * @throws DataException if it is missing, damaged, empty or not of 32-bit floats
   */
  public static MatrixFileRows open(Path path) {
    return open(path, List.of());
  }

  /**
   * Opens a file.
   *
   * @param keys what each row is called, or none
   * @throws DataException also if there are not as many keys as rows
   */
  @SuppressWarnings("resource") // closed by close()
  public static MatrixFileRows open(Path path, List<String> keys) {
    int rows;
    int columns;
    try (FeatureMatrixFile checked = FeatureMatrixFile.open(path)) {
      rows = checked.rows();
      columns = checked.columns();
    }
    if (rows == 0 || columns == 0) {
      throw DataException.in(path, "holds " + rows + " rows of " + columns + " numbers");
    }
    if (!keys.isEmpty() && keys.size() != rows) {
      throw DataException.in(path, "holds " + rows + " rows; the list names " + keys.size());
    }
    try {
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
      try {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        readFully(path, channel, header, 0);
        int type = header.getInt(TYPE_AT);
        if (type != FeatureMatrix.FLOAT) {
          throw DataException.in(
              path, "its type is " + type + " at byte 12; expected 5, 32-bit floats");
        }
        int stride = header.getInt(TYPE_AT - Integer.BYTES);
        return new MatrixFileRows(path, channel, rows, columns, stride, List.copyOf(keys));
      } catch (RuntimeException | IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw DataException.in(path, "cannot be read (" + e + ")", e);
    }
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public String name(int row) {
    String number = path + ", row " + row;
    return keys.isEmpty() ? number : number + ", " + keys.get(row);
  }

  @Override
  public void read(int first, int count, float[] into) {
    if (first < 0 || count < 0 || count > rows - first) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%d rows from %d are not among the %d", count, first, rows));
    }
    ByteBuffer buffer = buffers.get();
    int atOnce = buffer.capacity() / strideBytes;
    try {
      for (int done = 0; done < count; ) {
        int now = Math.min(atOnce, count - done);
        buffer.clear().limit(now * strideBytes);
        readFully(path, channel, buffer, HEADER_BYTES + (long) (first + done) * strideBytes);
        if (strideBytes == Float.BYTES * dimension) {
          buffer.flip().asFloatBuffer().get(into, done * dimension, now * dimension);
        } else {
          for (int row = 0; row < now; row++) {
            buffer.position(row * strideBytes);
            buffer.asFloatBuffer().get(into, (done + row) * dimension, dimension);
          }
        }
        done += now;
      }
    } catch (IOException e) {
      throw DataException.in(path, "cannot be read (" + e + ")", e);
    }
  }

  private static void readFully(Path path, FileChannel channel, ByteBuffer into, long at)
      throws IOException {
    long position = at;
    while (into.hasRemaining()) {
      int read = channel.read(into, position);
      if (read < 0) {
        throw DataException.in(path, "has become shorter while it was read");
      }
      position += read;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw DataException.in(path, "cannot be closed (" + e + ")", e);
    }
  }
}
