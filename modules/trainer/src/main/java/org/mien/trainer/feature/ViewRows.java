package org.mien.trainer.feature;

import java.util.List;
import org.mien.core.random.SeedStreams;
import org.mien.trainer.loop.TrainingRows;

/**
 * Training rows that are features in memory, of several views of each image: every read picks one
 * of them by chance. The pick follows from the seed, the epoch and the place in the epoch, so that
 * a training that was stopped goes on with the same views.
 */
public final class ViewRows implements TrainingRows {
  private static final String STREAM = "augmentation/view";

  private final List<FeatureTable> views;
  private final int[] labels;
  private final SeedStreams seeds;

  /**
   * @param views one table a view, of the same samples in the same order; the first is of the plain
   *     images
   * @param identities the order of the classifier's outputs; holds every identity of the tables
   * @param seeds of the picks
   */
  public ViewRows(List<FeatureTable> views, List<String> identities, SeedStreams seeds) {
    this.views = List.copyOf(views);
    List<String> keys = keys(views.get(0));
    for (FeatureTable view : views) {
      if (!keys(view).equals(keys)) {
        throw new IllegalArgumentException("expected the same samples in every view");
      }
    }
    this.labels = Labels.of(views.get(0).samples(), identities);
    this.seeds = seeds;
  }

  private static List<String> keys(FeatureTable table) {
    return table.samples().stream().map(sample -> sample.key()).toList();
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public long[] shape() {
    return new long[] {views.get(0).dimension()};
  }

  @Override
  public String name(int row) {
    return views.get(0).samples().get(row).key();
  }

  @Override
  public int label(int row) {
    return labels[row];
  }

  @Override
  public float[] read(int epoch, int[] rows, int from, int count) {
    int dimension = views.get(0).dimension();
    float[] batch = new float[count * dimension];
    for (int i = 0; i < count; i++) {
      int view = view(epoch, from + i);
      System.arraycopy(
          views.get(view).values(), rows[from + i] * dimension, batch, i * dimension, dimension);
    }
    return batch;
  }

  private int view(int epoch, int place) {
    return seeds.stream(STREAM, epoch, place).nextInt(views.size());
  }
}
