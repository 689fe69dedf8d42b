package org.mien.eval.search;

import java.util.Arrays;

/**
 * The k most similar rows of each probe. Of equally similar rows the earlier come first, and are
 * the ones kept: the result does not depend on the threads.
 *
 * <p>Memory: 8 bytes for each probe and each of the k.
 */
public final class TopMatches extends ScoreCollector implements Matches {
  private final int k;
  private int[] counts;

  /** By probe, a heap of k whose first is the worst: similarity above, row negated below. */
  private long[] heap;

  /** Written after the heap has changed; a thread that sees an older one is shown a little more. */
  private int[] bars;

  private boolean sorted;

  /**
   * @param k how many, at least 1; the gallery may have fewer
   */
  public TopMatches(int k) {
    if (k < 1) {
      throw new IllegalArgumentException("expected at least 1 match, were " + k);
    }
    this.k = k;
  }

  @Override
  void begin(int probes, int galleryRows) {
    if (counts != null) {
      throw new IllegalStateException("these matches belong to an earlier search");
    }
    counts = new int[probes];
    heap = new long[Math.multiplyExact(probes, k)];
    bars = new int[probes];
    Arrays.fill(bars, EVERYTHING);
  }

  private static long entry(int key, int row) {
    return (long) key << 32 | (Integer.MAX_VALUE - row);
  }

  @Override
  int bar(int probe) {
    return bars[probe];
  }

  @Override
  void show(int probe, int[] bits, int from, int to, int firstRow) {
    int base = probe * k;
    for (int i = from; i < to; i++) {
      long entry = entry(key(bits[i]), firstRow + i);
      if (counts[probe] < k) {
        rise(base, counts[probe]++, entry);
      } else if (entry > heap[base]) {
        sink(base, k, entry);
      }
    }
    if (counts[probe] == k) {
      // Not the key itself: an equally similar row that comes earlier may still arrive later.
      bars[probe] = (int) (heap[base] >> 32) - 1;
    }
  }

  private void rise(int base, int hole, long entry) {
    int at = hole;
    while (at > 0 && heap[base + (at - 1) / 2] > entry) {
      heap[base + at] = heap[base + (at - 1) / 2];
      at = (at - 1) / 2;
    }
    heap[base + at] = entry;
  }

  private void sink(int base, int size, long entry) {
    int at = 0;
    while (2 * at + 1 < size) {
      int child = 2 * at + 1;
      if (child + 1 < size && heap[base + child + 1] < heap[base + child]) {
        child++;
      }
      if (heap[base + child] >= entry) {
        break;
      }
      heap[base + at] = heap[base + child];
      at = child;
    }
    heap[base + at] = entry;
  }

  private synchronized void sort() {
    if (!sorted) {
      for (int probe = 0; probe < counts.length; probe++) {
        Arrays.sort(heap, probe * k, probe * k + counts[probe]);
      }
      sorted = true;
    }
  }

  private long entryAt(int probe, int place) {
    if (place < 0 || place >= counts[probe]) {
      throw new IllegalArgumentException(
          "expected a place below " + counts[probe] + ", was " + place);
    }
    sort();
    return heap[probe * k + counts[probe] - 1 - place];
  }

  /** Returns how many matches a probe has: k, or the size of a smaller gallery. */
  @Override
  public int count(int probe) {
    return counts[probe];
  }

  @Override
  public int row(int probe, int place) {
    return Integer.MAX_VALUE - (int) entryAt(probe, place);
  }

  @Override
  public float similarity(int probe, int place) {
    int key = (int) (entryAt(probe, place) >> 32);
    return Float.intBitsToFloat(key(key));
  }
}
