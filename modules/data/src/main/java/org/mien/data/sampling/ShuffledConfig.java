package org.mien.data.sampling;

import java.util.Arrays;
import org.mien.core.config.TypeName;
import org.mien.core.random.SeedStreams;

/** Every row once, shuffled anew each epoch (stream {@code training/order}). */
@TypeName("shuffled")
public record ShuffledConfig() implements SamplingConfig {
  private static final String STREAM = "training/order";

  @Override
  public int[] order(int[] labels, int epoch, SeedStreams seeds) {
    int[] order = new int[labels.length];
    Arrays.setAll(order, row -> row);
    return shuffled(order, epoch, seeds);
  }

  /** Shuffles the rows of an epoch in place, as every way of sampling but P x K does at its end. */
  static int[] shuffled(int[] rows, int epoch, SeedStreams seeds) {
    SeedStreams.shuffle(rows, seeds.stream(STREAM, epoch));
    return rows;
  }
}
