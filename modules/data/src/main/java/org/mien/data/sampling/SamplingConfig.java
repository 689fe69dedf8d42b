package org.mien.data.sampling;

import org.mien.core.random.SeedStreams;

/** Which training rows an epoch visits, and in what order, chosen by {@code type:}. */
public sealed interface SamplingConfig
    permits ShuffledConfig, IdentityBalancedConfig, OverSamplingConfig, UnderSamplingConfig {

  /**
   * Returns the rows of one epoch in the order they are trained on. It is a pure function, so that
   * a training can go on in the middle of an epoch; how many rows it returns depends on the labels
   * alone and is the same in every epoch.
   *
   * @param labels the identity's number of each row, 0 or more
   * @param epoch from 1
   * @param seeds of the experiment
   * @return row numbers; a row may come several times or not at all
   * @throws org.mien.core.error.ConfigException if these rows cannot be sampled so
   */
  int[] order(int[] labels, int epoch, SeedStreams seeds);

  /**
   * Checks that batches of this size hold what they promise.
   *
   * @throws IllegalArgumentException if they cannot
   */
  default void requireBatchSize(int batchSize) {}
}
