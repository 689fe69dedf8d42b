package org.mien.data.sampling;

import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.random.SeedStreams;

/**
 * At most some images of each identity an epoch, in turn: the images of an identity that has more
 * are put in a random circle once (stream {@code training/under-sampling} with the identity), and
 * each epoch takes the next ones, so that none is left out for ever. Then everything is shuffled.
 *
 * @param maximumPerIdentity images of an identity in an epoch, at most
 */
@TypeName("under-sampling")
public record UnderSamplingConfig(
    @Setting(value = "Images of each identity in an epoch, at most.", min = 1, max = 1_000_000)
        int maximumPerIdentity)
    implements SamplingConfig {
  public UnderSamplingConfig {
    if (maximumPerIdentity < 1) {
      throw new IllegalArgumentException(
          "expected maximumPerIdentity of at least 1, was " + maximumPerIdentity);
    }
  }

  @Override
  public int[] order(int[] labels, int epoch, SeedStreams seeds) {
    RowsByIdentity rows = new RowsByIdentity(labels);
    int length = 0;
    for (int i = 0; i < rows.identities(); i++) {
      length += Math.min(maximumPerIdentity, rows.count(i));
    }
    int[] order = new int[length];
    int at = 0;
    for (int i = 0; i < rows.identities(); i++) {
      int[] circle = rows.rows(i);
      int count = Math.min(maximumPerIdentity, circle.length);
      if (count < circle.length) {
        SeedStreams.shuffle(circle, seeds.stream("training/under-sampling", rows.label(i)));
      }
      long first = (long) (epoch - 1) * count;
      for (int k = 0; k < count; k++) {
        order[at++] = circle[(int) ((first + k) % circle.length)];
      }
    }
    return ShuffledConfig.shuffled(order, epoch, seeds);
  }
}
