package org.mien.data.format;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.function.IntFunction;
import org.mien.core.run.AtomicFiles;

/**
 * A matrix of the MegaFace development kit that need not fit into memory, such as the scores of
 * 3,530 probes against a million distractors (14 GB): its rows are read one by one, by several
 * threads if need be. {@link FeatureMatrix} says what the file looks like.
 */
public final class FeatureMatrixFile implements AutoCloseable {
  private final PositionalFile file;
  private final FeatureMatrix.Header header;

  private FeatureMatrixFile(PositionalFile file, FeatureMatrix.Header header) {
    this.file = file;
    this.header = header;
  }

  /**
   * Opens a file of one matrix.
   *
   * @throws org.mien.core.error.DataException if it holds none or several, or ends before its last
   *     row
   */
  public static FeatureMatrixFile open(Path path) {
    PositionalFile file = PositionalFile.open(path, "a matrix file of the MegaFace kit");
    try {
      FeatureMatrix.Header header = FeatureMatrix.Header.read(file, 0);
      long end = FeatureMatrix.Header.BYTES + header.dataBytes();
      if (end != file.size()) {
        throw FeatureMatrix.damaged(
            file, end, "the first matrix ends here and the file at " + file.size());
      }
      if (header.strideBytes() > FeatureMatrix.MAXIMUM_BYTES) {
        throw FeatureMatrix.damaged(
            file, 0, "rows of " + header.strideBytes() + " bytes; expected at most 1 GiB");
      }
      return new FeatureMatrixFile(file, header);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  public int rows() {
    return header.rows();
  }

  public int columns() {
    return header.columns();
  }

  /**
   * Reads one row; numbers of 64 bits are rounded.
   *
   * @param row 0 to {@code rows() - 1}
   */
  public float[] row(int row) {
    if (row < 0 || row >= header.rows()) {
      throw new IllegalArgumentException("expected a row below " + header.rows() + ", was " + row);
    }
    long at = FeatureMatrix.Header.BYTES + (long) row * header.strideBytes();
    float[] values = new float[header.columns()];
    header.floats(file.read(at, header.strideBytes()), 0, values, 0);
    return values;
  }

  /**
   * Writes a matrix of 32-bit floats row by row.
   *
   * @param rowOf gives each row once, in order; {@code columns} numbers
   */
  public static void write(Path path, int rows, int columns, IntFunction<float[]> rowOf) {
    int stride = Math.multiplyExact(4, columns);
    AtomicFiles.write(
        path,
        out -> {
          new FeatureMatrix.Header(rows, columns, stride, FeatureMatrix.FLOAT).write(out);
          byte[] bytes = new byte[stride];
          for (int row = 0; row < rows; row++) {
            writeRow(out, bytes, rowOf.apply(row));
          }
        });
  }

  private static void writeRow(OutputStream out, byte[] bytes, float[] values) throws IOException {
    if (values.length * 4L != bytes.length) {
      throw new IllegalArgumentException(
          "expected a row of " + bytes.length / 4 + " numbers, was " + values.length);
    }
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    out.write(bytes);
  }

  @Override
  public void close() {
    file.close();
  }
}
