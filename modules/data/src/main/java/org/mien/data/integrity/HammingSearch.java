package org.mien.data.integrity;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Finds all pairs of 64-bit hashes that differ in few bits without comparing all with all.
 *
 * <p>Hashes are cut into four parts of 16 bits. If two differ in at most {@code 4a + b} bits, then
 * one of the first {@code b + 1} parts differs in at most {@code a} bits or one of the others in at
 * most {@code a - 1} (M. Norouzi, A. Punjani, D. Fleet: Fast Search in Hamming Space with
 * Multi-Index Hashing, CVPR 2012). Part by part, rows are sorted by the part's value and compared
 * only with rows whose value is that near.
 *
 * <p>Of 1,000,000 hashes mixed from those of aligned faces, whose bits are far from even, distance
 * 4 took 0.9 s, 6 took 4.6 s and 8 took 8.6 s on one core in a heap of 400 MB: 0.6, 4 and 6
 * thousand million comparisons instead of 500.
 *
 * <p>Besides the hashes this takes 12 bytes a row, 24 if queries are not the hashes themselves.
 */
final class HammingSearch {
  private static final int PARTS = 4;
  private static final int PART_BITS = 16;
  private static final int VALUES = 1 << PART_BITS;

  /** Distances above this are refused: pictures that far apart are not near. */
  static final int MAXIMUM_DISTANCE = 16;

  /** Takes what is found. */
  interface Pairs {
    /**
     * Takes a pair of rows.
     *
     * @return false to end the search
     */
    boolean found(int row, int laterRow, int distance);
  }

  /** How often two hashes were compared, to measure by. */
  private long comparisons;

  /**
   * Gives each pair {@code row < laterRow} whose hashes differ in at most {@code distance} bits
   * once; in an order that depends on nothing but the arguments.
   *
   * @param queries the hash a row looks for
   * @param hashes the hash a later row is found by; may be the same array
   * @param wanted whether a row takes part
   * @param stop once true, the search ends
   * @return whether the search went to its end
   */
  boolean search(
      long[] queries,
      long[] hashes,
      boolean[] wanted,
      int distance,
      BooleanSupplier stop,
      Pairs pairs) {
    if (distance < 0 || distance > MAXIMUM_DISTANCE) {
      throw new IllegalArgumentException(
          "expected a distance of 0 to " + MAXIMUM_DISTANCE + ", was " + distance);
    }
    for (int part = 0; part < PARTS; part++) {
      int radius = radius(part, distance);
      if (radius < 0) {
        continue;
      }
      Sorted later = new Sorted(hashes, wanted, part);
      Sorted earlier = queries == hashes ? later : new Sorted(queries, wanted, part);
      int[] masks = masks(radius);
      for (int value = 0; value < VALUES; value++) {
        if (earlier.begin[value] == earlier.begin[value + 1]) {
          continue;
        }
        if (stop.getAsBoolean()) {
          return false;
        }
        for (int mask : masks) {
          if (!join(earlier, value, later, value ^ mask, part, distance, pairs)) {
            return false;
          }
        }
      }
    }
    return true;
  }

  long comparisons() {
    return comparisons;
  }

  private boolean join(
      Sorted earlier,
      int value,
      Sorted later,
      int otherValue,
      int part,
      int distance,
      Pairs pairs) {
    int begin = later.begin[otherValue];
    int end = later.begin[otherValue + 1];
    if (begin == end) {
      return true;
    }
    for (int i = earlier.begin[value]; i < earlier.begin[value + 1]; i++) {
      int row = earlier.rows[i];
      long hash = earlier.hashes[i];
      for (int j = end - 1; j >= begin && later.rows[j] > row; j--) {
        comparisons++;
        long difference = hash ^ later.hashes[j];
        int bits = Long.bitCount(difference);
        if (bits <= distance
            && !foundBefore(difference, part, distance)
            && !pairs.found(row, later.rows[j], bits)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Whether an earlier part has given this pair already. */
  private static boolean foundBefore(long difference, int part, int distance) {
    for (int before = 0; before < part; before++) {
      if (Integer.bitCount(part(difference, before)) <= radius(before, distance)) {
        return true;
      }
    }
    return false;
  }

  /** In how many bits a part may differ; below 0 if it need not be looked at. */
  private static int radius(int part, int distance) {
    return part <= distance % PARTS ? distance / PARTS : distance / PARTS - 1;
  }

  private static int part(long hash, int part) {
    return (int) (hash >>> (PART_BITS * part)) & (VALUES - 1);
  }

  private static int[] masks(int radius) {
    List<Integer> masks = new ArrayList<>();
    for (int mask = 0; mask < VALUES; mask++) {
      if (Integer.bitCount(mask) <= radius) {
        masks.add(mask);
      }
    }
    return masks.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Rows by the value of one part, rising within a value. */
  private static final class Sorted {
    private final int[] begin = new int[VALUES + 1];
    private final int[] rows;
    private final long[] hashes;

    Sorted(long[] all, boolean[] wanted, int part) {
      for (int row = 0; row < all.length; row++) {
        if (wanted[row]) {
          begin[part(all[row], part) + 1]++;
        }
      }
      for (int value = 0; value < VALUES; value++) {
        begin[value + 1] += begin[value];
      }
      rows = new int[begin[VALUES]];
      hashes = new long[begin[VALUES]];
      int[] next = begin.clone();
      for (int row = 0; row < all.length; row++) {
        if (wanted[row]) {
          int at = next[part(all[row], part)]++;
          rows[at] = row;
          hashes[at] = all[row];
        }
      }
    }
  }
}
