package org.mien.trainer.feature;

import java.util.List;
import java.util.Optional;
import org.mien.trainer.loop.TrainingRows;

/** Training rows that are features in memory. */
public final class FeatureRows implements TrainingRows {
  private final FeatureTable table;
  private final int[] labels;

  /**
   * @param identities the order of the classifier's outputs; holds every identity of the table
   */
  public FeatureRows(FeatureTable table, List<String> identities) {
    this.table = table;
    this.labels = Labels.of(table.samples(), identities);
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public long[] shape() {
    return new long[] {table.dimension()};
  }

  @Override
  public String name(int row) {
    return table.samples().get(row).key();
  }

  @Override
  public int label(int row) {
    return labels[row];
  }

  @Override
  public float[] read(int epoch, int[] rows, int from, int count) {
    int dimension = table.dimension();
    float[] batch = new float[count * dimension];
    for (int i = 0; i < count; i++) {
      System.arraycopy(table.values(), rows[from + i] * dimension, batch, i * dimension, dimension);
    }
    return batch;
  }

  @Override
  public Optional<float[]> inPlace() {
    return Optional.of(table.values());
  }
}
