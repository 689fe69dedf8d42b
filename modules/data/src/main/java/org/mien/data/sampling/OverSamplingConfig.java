package org.mien.data.sampling;

import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.error.ConfigException;
import org.mien.core.random.SeedStreams;

/**
 * Repeats the images of identities that have few, until each has {@code ceil(toFraction * m)} of
 * them, {@code m} being the count of the identity that has most; whoever has more keeps all.
 *
 * <p>Of {@code n} images that become {@code t}, each comes {@code floor(t / n)} times and {@code t
 * mod n} of them, others each epoch, once more (stream {@code training/over-sampling} with epoch
 * and identity); then everything is shuffled.
 *
 * @param toFraction target as a fraction of the largest count
 */
@TypeName("over-sampling")
public record OverSamplingConfig(
    @Setting(
            value =
                "Every identity gets at least this fraction of the images of the one that has"
                    + " most.",
            defaultValue = "1.0",
            min = 0,
            exclusiveMin = true,
            max = 1)
        double toFraction)
    implements SamplingConfig {
  public OverSamplingConfig {
    if (!(toFraction > 0 && toFraction <= 1)) {
      throw new IllegalArgumentException("expected toFraction in (0, 1], was " + toFraction);
    }
  }

  @Override
  public int[] order(int[] labels, int epoch, SeedStreams seeds) {
    RowsByIdentity rows = new RowsByIdentity(labels);
    int target = (int) Math.ceil(toFraction * rows.largestCount());
    long length = 0;
    for (int i = 0; i < rows.identities(); i++) {
      length += Math.max(target, rows.count(i));
    }
    if (length > Integer.MAX_VALUE - 8) {
      throw new ConfigException(
          String.format(
              "over-sampling makes %d rows of %d, more than an epoch can have; lower toFraction (%s)"
                  + " or limit the largest identities by under-sampling",
              length, labels.length, toFraction));
    }
    int[] order = new int[(int) length];
    int at = 0;
    for (int i = 0; i < rows.identities(); i++) {
      int count = Math.max(target, rows.count(i));
      new EvenDraws(rows.rows(i), seeds.stream("training/over-sampling", epoch, rows.label(i)))
          .draw(order, at, count);
      at += count;
    }
    return ShuffledConfig.shuffled(order, epoch, seeds);
  }
}
