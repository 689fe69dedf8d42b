package org.mien.eval.search;

import java.util.List;
import org.mien.core.error.DataException;

/** Rows of several sources, one after the other. */
final class JoinedRows implements EmbeddingRows {
  private final List<EmbeddingRows> parts;
  private final int[] firstRow;

  JoinedRows(List<EmbeddingRows> parts) {
    this.parts = List.copyOf(parts);
    this.firstRow = new int[parts.size() + 1];
    for (int part = 0; part < parts.size(); part++) {
      if (parts.get(part).dimension() != parts.get(0).dimension()) {
        throw new DataException(
            "embeddings of dimension "
                + parts.get(0).dimension()
                + " cannot be joined with others of dimension "
                + parts.get(part).dimension());
      }
      firstRow[part + 1] = Math.addExact(firstRow[part], parts.get(part).rows());
    }
  }

  @Override
  public int rows() {
    return firstRow[parts.size()];
  }

  @Override
  public int dimension() {
    return parts.get(0).dimension();
  }

  private int partOf(int row) {
    int part = 0;
    while (row >= firstRow[part + 1]) {
      part++;
    }
    return part;
  }

  @Override
  public String name(int row) {
    int part = partOf(row);
    return parts.get(part).name(row - firstRow[part]);
  }

  @Override
  public void read(int first, int count, float[] into) {
    int done = 0;
    while (done < count) {
      int part = partOf(first + done);
      int length = Math.min(count - done, firstRow[part + 1] - first - done);
      if (done == 0 && length == count) {
        parts.get(part).read(first - firstRow[part], count, into);
        return;
      }
      float[] rows = new float[length * dimension()];
      parts.get(part).read(first + done - firstRow[part], length, rows);
      System.arraycopy(rows, 0, into, done * dimension(), rows.length);
      done += length;
    }
  }
}
