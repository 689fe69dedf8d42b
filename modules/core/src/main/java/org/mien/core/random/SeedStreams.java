package org.mien.core.random;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * Named, independent random streams from the one seed of an experiment.
 *
 * <p>A stream is a pure function of seed, name and indices: it has no state to save. Work that must
 * resume exactly asks for {@code stream("shuffle", epoch)} rather than drawing on from an earlier
 * epoch. Adding a new stream changes no other.
 *
 * @param seed the experiment's seed
 */
public record SeedStreams(long seed) {

  /**
   * Returns the stream of this name and these indices; the same arguments always give the same
   * numbers, on every machine and Java version.
   */
  public SplittableRandom stream(String name, long... indices) {
    return new SplittableRandom(seedOf(name, indices));
  }

  /** Returns a seed for a library that wants one, under the same rules. */
  public long seedOf(String name, long... indices) {
    long hash = mix(seed ^ 0x9E3779B97F4A7C15L);
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = mix(hash ^ (b & 0xFF));
    }
    // Separates ("a", 1) from a name that ends in the same bits.
    hash = mix(hash + 0xD1B54A32D192ED03L);
    for (long index : indices) {
      hash = mix(hash ^ index);
    }
    return hash;
  }

  /** Fisher-Yates over {@code values} in place, drawn from {@code random}. */
  public static void shuffle(int[] values, SplittableRandom random) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = values[i];
      values[i] = values[j];
      values[j] = swap;
    }
  }

  /** Stafford's variant 13 of the 64-bit finaliser, as in SplitMix64. */
  private static long mix(long z) {
    z = (z + 0x9E3779B97F4A7C15L);
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
