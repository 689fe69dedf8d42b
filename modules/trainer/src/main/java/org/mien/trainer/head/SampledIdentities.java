package org.mien.trainer.head;

import java.util.SplittableRandom;
import org.mien.core.random.SeedStreams;

/**
 * The identities that take part in a step's softmax: those of the batch and a random sample of the
 * others (An et al. 2021, Partial FC, section 3.2).
 *
 * @param identities number of all identities
 * @param share of all identities that takes part, in (0, 1]; more where the batch alone has more
 * @param seeds where the sample comes from; a function of seed and step
 */
record SampledIdentities(int identities, double share, SeedStreams seeds) {

  /**
   * Returns the identities of one step, ascending.
   *
   * @param labels identities of the step's rows
   * @param step number of the step
   */
  int[] of(int[] labels, long step) {
    long[] taken = new long[(identities + 63) / 64];
    int count = 0;
    for (int label : labels) {
      count += take(taken, label);
    }
    int wanted = (int) Math.min(identities, Math.ceil(share * identities));
    SplittableRandom random = seeds.stream("training/sampled-identities", step);
    if (wanted > identities / 2) {
      // So many that drawing would mostly meet what it has: draw those to leave out.
      int left = identities - Math.max(wanted, count);
      long[] out = taken.clone();
      for (int i = 0; i < left; ) {
        i += take(out, random.nextInt(identities));
      }
      long[] all = new long[taken.length];
      for (int i = 0; i < all.length; i++) {
        // In: the batch's, and whatever was not drawn.
        all[i] = taken[i] | ~out[i];
      }
      return ascending(all);
    }
    while (count < wanted) {
      count += take(taken, random.nextInt(identities));
    }
    return ascending(taken);
  }

  private static int take(long[] taken, int identity) {
    long bit = 1L << identity;
    if ((taken[identity >> 6] & bit) != 0) {
      return 0;
    }
    taken[identity >> 6] |= bit;
    return 1;
  }

  private int[] ascending(long[] taken) {
    int spare = identities & 63;
    if (spare != 0) {
      taken[taken.length - 1] &= (1L << spare) - 1;
    }
    int count = 0;
    for (long word : taken) {
      count += Long.bitCount(word);
    }
    int[] result = new int[count];
    int at = 0;
    for (int i = 0; i < taken.length; i++) {
      for (long word = taken[i]; word != 0; word &= word - 1) {
        result[at++] = i * 64 + Long.numberOfTrailingZeros(word);
      }
    }
    return result;
  }
}
