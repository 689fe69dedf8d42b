package org.mien.eval.search;

import java.util.Arrays;
import org.mien.core.error.DataException;

/**
 * For each probe and each of its thresholds, how many rows are more similar than the threshold: the
 * histogram of the similarities above the lowest. With the similarities of a probe's mates as
 * thresholds these are the mates' ranks, from 0.
 *
 * <p>Counts above a limit may be left out, which makes the search faster where mates are unlike:
 * then every count is the smaller of itself and the limit.
 *
 * <p>Memory: 12 bytes a threshold.
 */
public final class CountsAbove extends ScoreCollector {
  private final int limit;
  private final int[] first;

  /** The thresholds of each probe as keys, ascending, and at which place each was given. */
  private final int[] keys;

  private final int[] given;

  /** Where {@code b = first[probe] + probe}: counts between the thresholds of a probe. */
  private final int[] between;

  /** By probe, how many of its lowest thresholds have reached the limit. */
  private final int[] decided;

  /** By probe, how many rows were above the lowest threshold that is not decided. */
  private final int[] above;

  private int gallery;

  /**
   * @param thresholds of each probe, in any order, each in [-1, 1] but for rounding; a probe may
   *     have none
   * @param limit counts above it need not be exact, at least 1; {@link Integer#MAX_VALUE} for none
   * @throws DataException if a threshold is not finite, naming its probe
   */
  public CountsAbove(float[][] thresholds, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("expected a limit of at least 1, was " + limit);
    }
    this.limit = limit;
    first = new int[thresholds.length + 1];
    for (int probe = 0; probe < thresholds.length; probe++) {
      first[probe + 1] = Math.addExact(first[probe], thresholds[probe].length);
    }
    keys = new int[first[thresholds.length]];
    given = new int[keys.length];
    between = new int[keys.length + thresholds.length];
    decided = new int[thresholds.length];
    above = new int[thresholds.length];
    for (int probe = 0; probe < thresholds.length; probe++) {
      sort(probe, thresholds[probe]);
    }
  }

  private void sort(int probe, float[] thresholds) {
    long[] order = new long[thresholds.length];
    for (int i = 0; i < order.length; i++) {
      if (!(Math.abs(thresholds[i]) < 2)) {
        throw new DataException(
            "threshold "
                + i
                + " of probe "
                + probe
                + ": expected a cosine similarity, was "
                + thresholds[i]);
      }
      order[i] = (long) key(thresholds[i]) << 32 | i;
    }
    Arrays.sort(order);
    for (int i = 0; i < order.length; i++) {
      keys[first[probe] + i] = (int) (order[i] >> 32);
      given[first[probe] + i] = (int) order[i];
    }
  }

  @Override
  void begin(int probes, int galleryRows) {
    if (probes != above.length) {
      throw new IllegalArgumentException(
          "thresholds for " + above.length + " probes, but there are " + probes);
    }
    if (gallery > 0) {
      throw new IllegalStateException("these counts belong to an earlier search");
    }
    gallery = galleryRows;
  }

  @Override
  int bar(int probe) {
    int lowest = first[probe] + decided[probe];
    return lowest == first[probe + 1] ? NOTHING : keys[lowest];
  }

  @Override
  void show(int probe, int[] bits, int from, int to, int firstRow) {
    int lowest = first[probe] + decided[probe];
    if (lowest == first[probe + 1]) {
      return;
    }
    int bar = keys[lowest];
    int next = lowest + 1 < first[probe + 1] ? keys[lowest + 1] : NOTHING;
    // A mate that is no mate, for its label is wrong, lies below half of all rows, and the others
    // lie above nearly all: there only a few strips need a search.
    int strip = above(bits, from, to, next) == 0 ? to - from : STRIP;
    for (int start = from; start < to; start += strip) {
      int end = Math.min(start + strip, to);
      int aboveBar = above(bits, start, end, bar);
      above[probe] += aboveBar;
      if (strip > STRIP || above(bits, start, end, next) == 0) {
        between[first[probe] + probe + decided[probe] + 1] += aboveBar;
      } else {
        search(probe, bits, start, end);
      }
    }
    if (above[probe] >= limit) {
      decide(probe);
    }
  }

  private void search(int probe, int[] bits, int from, int to) {
    int base = first[probe];
    int size = first[probe + 1] - base;
    int bar = keys[base + decided[probe]];
    for (int i = from; i < to; i++) {
      int key = key(bits[i]);
      if (key > bar) {
        int low = decided[probe] + 1;
        int high = size;
        while (low < high) {
          int middle = (low + high) >>> 1;
          if (keys[base + middle] < key) {
            low = middle + 1;
          } else {
            high = middle;
          }
        }
        // This many thresholds lie below the similarity.
        between[base + probe + low]++;
      }
    }
  }

  private void decide(int probe) {
    int size = first[probe + 1] - first[probe];
    while (decided[probe] < size && above[probe] >= limit) {
      decided[probe]++;
      above[probe] -= between[first[probe] + probe + decided[probe]];
    }
  }

  /**
   * Returns how many rows are more similar to a probe than each of its thresholds, in the order in
   * which they were given; at most the limit.
   */
  public int[] counts(int probe) {
    int base = first[probe];
    int size = first[probe + 1] - base;
    int[] counts = new int[size];
    int sum = 0;
    for (int i = size - 1; i >= 0; i--) {
      sum += between[base + probe + i + 1];
      counts[given[base + i]] = i < decided[probe] ? limit : Math.min(sum, limit);
    }
    return counts;
  }
}
