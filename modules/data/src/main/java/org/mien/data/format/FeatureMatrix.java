package org.mien.data.format;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mien.core.error.DataException;
import org.mien.core.run.AtomicFiles;

/**
 * A matrix of the MegaFace development kit ({@code scripts/matio.py}): four little-endian 32-bit
 * numbers (rows, columns, bytes from one row to the next, OpenCV's element type), then the rows. A
 * feature file holds one matrix, a vector; the kit's scoring models hold several one after the
 * other.
 *
 * @param rows how many rows
 * @param columns how many numbers a row
 * @param strideBytes bytes from the beginning of one row to that of the next
 * @param type 5 for 32-bit floats, 6 for 64-bit floats (CV_32F, CV_64F); any where there is no row
 * @param data {@code rows * strideBytes} bytes
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier between file and caller, never compared
public record FeatureMatrix(int rows, int columns, int strideBytes, int type, byte[] data) {
  /** OpenCV's type of 32-bit floats. */
  public static final int FLOAT = 5;

  /** OpenCV's type of 64-bit floats. */
  public static final int DOUBLE = 6;

  static final long MAXIMUM_BYTES = 1L << 30;

  public FeatureMatrix {
    if (rows < 0 || columns < 0 || (long) rows * strideBytes != data.length) {
      throw new IllegalArgumentException(
          rows + " rows of " + strideBytes + " bytes are not " + data.length);
    }
  }

  /** Returns a feature as InsightFace writes it: one number a row. */
  public static FeatureMatrix column(float[] values) {
    return floats(values.length, 1, values);
  }

  /**
   * Returns a matrix of floats.
   *
   * @param values row after row
   */
  public static FeatureMatrix floats(int rows, int columns, float[] values) {
    if ((long) rows * columns != values.length) {
      throw new IllegalArgumentException(rows + " x " + columns + " is not " + values.length);
    }
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return new FeatureMatrix(rows, columns, 4 * columns, FLOAT, bytes.array());
  }

  /** Returns all numbers, row after row; those of 64 bits are rounded. */
  public float[] toFloats() {
    ByteBuffer bytes = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[Math.multiplyExact(rows, columns)];
    // Rows of no columns take no bytes, so a header may promise two billion of them.
    for (int row = 0; row < rows && columns > 0; row++) {
      header().floats(bytes, row * strideBytes, values, row * columns);
    }
    return values;
  }

  /**
   * Reads a file of one matrix.
   *
   * @throws DataException if it holds none, several, or is damaged
   */
  public static FeatureMatrix read(Path file) {
    List<FeatureMatrix> all = readAll(file);
    if (all.size() != 1) {
      throw DataException.in(file, "holds " + all.size() + " matrices; expected one");
    }
    return all.get(0);
  }

  /**
   * Reads all matrices of a file, which may be none.
   *
   * @throws DataException naming the byte where the file is damaged
   */
  public static List<FeatureMatrix> readAll(Path file) {
    List<FeatureMatrix> matrices = new ArrayList<>();
    try (PositionalFile bytes = PositionalFile.open(file, "a matrix file of the MegaFace kit")) {
      if (bytes.size() > MAXIMUM_BYTES) {
        throw DataException.in(file, "has " + bytes.size() + " bytes; expected at most 1 GiB");
      }
      long at = 0;
      while (at < bytes.size()) {
        FeatureMatrix matrix = read(bytes, at);
        matrices.add(matrix);
        at += Header.BYTES + matrix.data.length;
      }
    }
    return matrices;
  }

  private static FeatureMatrix read(PositionalFile file, long at) {
    Header header = Header.read(file, at);
    return new FeatureMatrix(
        header.rows,
        header.columns,
        header.strideBytes,
        header.type,
        file.read(at + Header.BYTES, (int) header.dataBytes()).array());
  }

  static DataException damaged(PositionalFile file, long at, String problem) {
    return DataException.in(file.path(), "no matrix at byte " + at + ": " + problem);
  }

  /** Writes matrices, one after the other. */
  public static void write(Path file, List<FeatureMatrix> matrices) {
    AtomicFiles.write(
        file,
        out -> {
          for (FeatureMatrix matrix : matrices) {
            matrix.header().write(out);
            out.write(matrix.data);
          }
        });
  }

  private Header header() {
    return new Header(rows, columns, strideBytes, type);
  }

  /** What stands before a matrix. */
  record Header(int rows, int columns, int strideBytes, int type) {
    static final int BYTES = 16;

    /** Reads a header and checks that the file holds all it promises. */
    static Header read(PositionalFile file, long at) {
      long left = file.size() - at - BYTES;
      if (left < 0) {
        throw damaged(file, at, "the file ends inside its header");
      }
      ByteBuffer bytes = file.read(at, BYTES);
      Header header = new Header(bytes.getInt(), bytes.getInt(), bytes.getInt(), bytes.getInt());
      if (header.rows < 0
          || header.columns < 0
          || header.strideBytes < 0
          || header.dataBytes() > left) {
        throw damaged(
            file,
            at,
            String.format(
                Locale.ROOT,
                "it says %d rows of %d numbers in %d bytes each; %d bytes are left",
                header.rows,
                header.columns,
                header.strideBytes,
                left));
      }
      if (header.rows > 0 && header.columns > 0) {
        header.checkRows(file, at);
      }
      return header;
    }

    private void checkRows(PositionalFile file, long at) {
      if (type != FLOAT && type != DOUBLE) {
        throw damaged(file, at, "its type is " + type + "; expected 5 (floats) or 6 (doubles)");
      }
      if ((long) columns * numberBytes() > strideBytes) {
        throw damaged(
            file, at, columns + " numbers do not fit into rows of " + strideBytes + " bytes");
      }
    }

    long dataBytes() {
      return (long) rows * strideBytes;
    }

    private int numberBytes() {
      return type == DOUBLE ? 8 : 4;
    }

    /** Converts one row. */
    void floats(ByteBuffer bytes, int at, float[] into, int first) {
      for (int column = 0; column < columns; column++) {
        into[first + column] =
            type == DOUBLE
                ? (float) bytes.getDouble(at + 8 * column)
                : bytes.getFloat(at + 4 * column);
      }
    }

    void write(OutputStream out) throws IOException {
      out.write(
          ByteBuffer.allocate(BYTES)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putInt(rows)
              .putInt(columns)
              .putInt(strideBytes)
              .putInt(type)
              .array());
    }
  }
}
