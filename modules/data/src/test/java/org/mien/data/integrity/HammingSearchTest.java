package org.mien.data.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class HammingSearchTest {

  @Property(tries = 150)
  void findsWhatComparingAllWithAllFinds(
      @ForAll long seed, @ForAll @IntRange(min = 0, max = 16) int distance) {
    Random random = new Random(seed);
    long[] hashes = clustered(random, 120);
    long[] queries = random.nextBoolean() ? hashes : clustered(random, 120);
    boolean[] wanted = new boolean[hashes.length];
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] = random.nextInt(5) > 0;
    }

    List<String> found = new ArrayList<>();
    assertTrue(
        new HammingSearch()
            .search(
                queries,
                hashes,
                wanted,
                distance,
                () -> false,
                (row, later, bits) -> found.add(row + " " + later + " " + bits)));

    List<String> expected = new ArrayList<>();
    for (int i = 0; i < hashes.length; i++) {
      for (int j = i + 1; j < hashes.length; j++) {
        int bits = Long.bitCount(queries[i] ^ hashes[j]);
        if (wanted[i] && wanted[j] && bits <= distance) {
          expected.add(i + " " + j + " " + bits);
        }
      }
    }
    Collections.sort(found);
    Collections.sort(expected);
    assertEquals(expected, found);
  }

  @Test
  void comparesFarFewerThanAllWithAll() {
    Random random = new Random(7);
    int size = 100_000;
    long[] hashes = random.longs(size).toArray();
    hashes[size - 1] = hashes[3] ^ 0x8001_0000_0100_0001L;
    boolean[] wanted = new boolean[size];
    Arrays.fill(wanted, true);
    List<String> found = new ArrayList<>();
    HammingSearch search = new HammingSearch();

    search.search(hashes, hashes, wanted, 4, () -> false, (a, b, bits) -> found.add(a + " " + b));

    assertEquals(List.of("3 99999"), found);
    long all = (long) size * (size - 1) / 2;
    assertTrue(search.comparisons() < all / 3000, search.comparisons() + " of " + all);
  }

  @Test
  void endsWhenToldTo() {
    long[] hashes = new long[50];
    boolean[] wanted = new boolean[50];
    Arrays.fill(wanted, true);
    int[] found = new int[1];

    assertFalse(
        new HammingSearch()
            .search(hashes, hashes, wanted, 0, () -> false, (a, b, bits) -> ++found[0] < 10));
    assertEquals(10, found[0]);
    assertFalse(
        new HammingSearch()
            .search(hashes, hashes, wanted, 0, () -> true, (a, b, bits) -> ++found[0] < 100));
    assertEquals(10, found[0]);
  }

  @Test
  void refusesDistancesThatAreNotNear() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new HammingSearch()
                .search(
                    new long[1],
                    new long[1],
                    new boolean[1],
                    17,
                    () -> false,
                    (a, b, bits) -> true));
  }

  /** Random hashes, half of them a few bits from another. */
  private static long[] clustered(Random random, int size) {
    long[] hashes = new long[size];
    for (int i = 0; i < size; i++) {
      hashes[i] = random.nextLong();
      if (i > 0 && random.nextBoolean()) {
        hashes[i] = hashes[random.nextInt(i)];
        for (int bit = random.nextInt(20); bit > 0; bit--) {
          hashes[i] ^= 1L << random.nextInt(64);
        }
      }
    }
    return hashes;
  }
}
