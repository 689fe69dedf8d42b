package org.mien.eval.search;

/**
 * What is kept of the similarities of a search. The search shows each collector only those that lie
 * above its bar, which most do not; so the collectors cost little, whatever they keep.
 *
 * <p>A collector belongs to one search. Its results are to be read after the search has ended.
 */
public abstract sealed class ScoreCollector
    permits TopMatches, CountsAbove, HighestScores, IdentityRanks {
  /** Below every key of a similarity of unit vectors, and a difference of keys still fits. */
  static final int EVERYTHING = -(1 << 30);

  /** Above every key of a similarity of unit vectors. */
  static final int NOTHING = (1 << 30) - 1;

  /** Where few of many similarities matter, they are looked for in strips of so many. */
  static final int STRIP = 64;

  ScoreCollector() {}

  /**
   * Returns a whole number in the order of the similarities: for unit vectors between {@link
   * #EVERYTHING} and {@link #NOTHING}. It is compared in place of the similarity, for whole numbers
   * are compared fastest.
   *
   * @param bits of a float, as {@link Float#floatToRawIntBits} gives them
   */
  static int key(int bits) {
    return bits ^ ((bits >> 31) & 0x7fffffff);
  }

  static int key(float similarity) {
    // -0.0 becomes 0.0, or it would lie below.
    return key(Float.floatToRawIntBits(similarity + 0.0f));
  }

  /**
   * Returns how many similarities exceed a bar: how often {@code bar - key} is negative. HotSpot
   * makes vector code of this sum of sign bits; of an "or" of the differences, which says as much
   * as is mostly needed, it made slower code (0.1 and 0.4 to 0.7 ns a similarity).
   */
  static int above(int[] bits, int from, int to, int bar) {
    int above = 0;
    for (int i = from; i < to; i++) {
      int b = bits[i];
      above += (bar - (b ^ ((b >> 31) & 0x7fffffff))) >>> 31;
    }
    return above;
  }

  /** Checks that the collector fits the search, before it begins. */
  abstract void begin(int probes, int galleryRows);

  /** Returns the key that similarities of a probe must exceed to be shown. */
  abstract int bar(int probe);

  /**
   * Shows similarities of one probe with neighbouring rows. No two threads show the same probe at a
   * time.
   *
   * @param bits of the similarities; those of {@code from} up to {@code to} are shown, though not
   *     all exceed the bar
   * @param firstRow the gallery's row at index 0
   */
  abstract void show(int probe, int[] bits, int from, int to, int firstRow);
}
