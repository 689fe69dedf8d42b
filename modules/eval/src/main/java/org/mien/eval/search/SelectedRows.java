package org.mien.eval.search;

/** Some rows of others, such as one of the distractor lists of a file that holds all. */
final class SelectedRows implements EmbeddingRows {
  private final EmbeddingRows all;
  private final int[] chosen;

  SelectedRows(EmbeddingRows all, int[] chosen) {
    this.all = all;
    this.chosen = chosen.clone();
    for (int i = 0; i < chosen.length; i++) {
      if (chosen[i] < 0 || chosen[i] >= all.rows()) {
        throw new IllegalArgumentException(
            "selection " + i + ": expected a row below " + all.rows() + ", was " + chosen[i]);
      }
    }
  }

  @Override
  public int rows() {
    return chosen.length;
  }

  @Override
  public int dimension() {
    return all.dimension();
  }

  @Override
  public String name(int row) {
    return all.name(chosen[row]);
  }

  @Override
  public void read(int first, int count, float[] into) {
    // Neighbours in the file are read at once: lists are mostly long runs of it.
    int done = 0;
    float[] run = into;
    while (done < count) {
      int start = chosen[first + done];
      int length = 1;
      while (done + length < count && chosen[first + done + length] == start + length) {
        length++;
      }
      if (done == 0 && length == count) {
        all.read(start, length, into);
        return;
      }
      if (run == into || run.length < length * dimension()) {
        run = new float[Math.max(length, Math.min(16, count)) * dimension()];
      }
      all.read(start, length, run);
      System.arraycopy(run, 0, into, done * dimension(), length * dimension());
      done += length;
    }
  }
}
