package org.mien.trainer.loop;

import java.util.Optional;

/**
 * What the network is trained on, row by row: features from a cache, features made on the spot, or
 * images.
 */
public interface TrainingRows {

  /** Number of rows. */
  int size();

  /** Shape of one row without the batch: {@code (features)} or {@code (3, height, width)}. */
  long[] shape();

  /** Index of a row's identity among those trained on. */
  int label(int row);

  /** Names a row for people: the key of the image it is of. */
  String name(int row);

  /** How many tasks besides identity the rows have labels for. */
  default int tasks() {
    return 0;
  }

  /** Returns the label of a row for a task, -1 where it is not known. */
  default int taskLabel(int task, int row) {
    throw new IndexOutOfBoundsException("expected a task below " + tasks() + ", was " + task);
  }

  /**
   * Reads some rows.
   *
   * @param epoch from 1; 0 where nothing is trained. Rows that are augmented give another view for
   *     each epoch and each place in {@code rows}, the same one whenever they are asked again
   * @param rows row numbers; in training, those of the whole epoch
   * @param from the first of them to read
   * @param count how many
   * @return {@code (count, shape)}, newly made or reused: valid until the next call
   */
  float[] read(int epoch, int[] rows, int from, int count);

  /**
   * Returns all rows as they lie in memory, one after the other, where {@link #read} gives nothing
   * else in any epoch: then nobody need copy them.
   */
  default Optional<float[]> inPlace() {
    return Optional.empty();
  }
}
