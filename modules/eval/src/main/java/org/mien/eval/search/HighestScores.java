package org.mien.eval.search;

import java.util.Arrays;

/**
 * The n highest similarities of all probes with all rows, exactly: the tail of the impostors, from
 * which thresholds at low false match rates are read.
 *
 * <p>Memory: 8 bytes for each of the n.
 */
public final class HighestScores extends ScoreCollector {
  private static final int STRIPES = 64;

  /**
   * Where a share of the probes leaves its scores for a while: with one place for all, threads
   * would wait for each other a hundred thousand times a second.
   */
  private static final class Stripe {
    private final int[] keys = new int[256];
    private int size;
  }

  private final int capacity;
  private final Stripe[] stripes = new Stripe[STRIPES];
  private int[] keys;
  private int size;
  private volatile int bar = EVERYTHING;
  private long total;
  private float[] descending;

  /**
   * @param n how many to keep, at least 1 and at most 2^29
   */
  public HighestScores(int n) {
    if (n < 1 || n > 1 << 29) {
      throw new IllegalArgumentException("expected 1 to 2^29 scores to keep, was " + n);
    }
    this.capacity = n;
    Arrays.setAll(stripes, i -> new Stripe());
  }

  @Override
  void begin(int probes, int galleryRows) {
    if (keys != null) {
      throw new IllegalStateException("these scores belong to an earlier search");
    }
    total = (long) probes * galleryRows;
    keys = new int[(int) Math.min(total, 2L * capacity)];
  }

  @Override
  int bar(int probe) {
    return bar;
  }

  @Override
  void show(int probe, int[] bits, int from, int to, int firstRow) {
    Stripe stripe = stripes[probe % STRIPES];
    synchronized (stripe) {
      // Not the field in the loop: a volatile is read again for every similarity.
      int least = bar;
      for (int i = from; i < to; i++) {
        int key = key(bits[i]);
        if (key > least) {
          if (stripe.size == stripe.keys.length) {
            take(stripe);
            least = bar;
          }
          stripe.keys[stripe.size++] = key;
        }
      }
    }
  }

  private synchronized void take(Stripe stripe) {
    for (int i = 0; i < stripe.size; i++) {
      if (stripe.keys[i] > bar) {
        if (size == keys.length) {
          keepHighest();
        }
        keys[size++] = stripe.keys[i];
      }
    }
    stripe.size = 0;
  }

  /** Throws the lower half away; what is equal to the new bar is as good as what is kept. */
  private void keepHighest() {
    Selection.highestFirst(keys, size, capacity);
    size = capacity;
    int lowest = keys[0];
    for (int i = 1; i < size; i++) {
      lowest = Math.min(lowest, keys[i]);
    }
    bar = lowest;
  }

  /** Returns how many similarities there were in all. */
  public long total() {
    return total;
  }

  /** Returns the highest, descending: n, or all where there are fewer. */
  public synchronized float[] descending() {
    if (descending == null) {
      for (Stripe stripe : stripes) {
        take(stripe);
      }
      if (size > capacity) {
        keepHighest();
      }
      Arrays.sort(keys, 0, size);
      descending = new float[size];
      for (int i = 0; i < size; i++) {
        descending[i] = Float.intBitsToFloat(key(keys[size - 1 - i]));
      }
      keys = new int[0];
    }
    return descending.clone();
  }
}
