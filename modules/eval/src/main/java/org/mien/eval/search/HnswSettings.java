package org.mien.eval.search;

/**
 * The parameters of a hierarchical navigable small world graph, by their names in Malkov and
 * Yashunin, "Efficient and robust approximate nearest neighbor search using Hierarchical Navigable
 * Small World graphs", IEEE TPAMI 42 (4), 2020.
 *
 * @param m links of a row on the upper layers, 2 to 128; twice as many on the lowest. More find
 *     better and take more time and memory
 * @param efConstruction candidates that are kept while a row's links are looked for, {@code m} to
 *     10,000
 * @param efSearch candidates that are kept while a probe is looked for, 1 to 10,000; a search for
 *     more matches keeps as many
 * @param seed of the rows' layers and of the rows that are held out
 */
public record HnswSettings(int m, int efConstruction, int efSearch, long seed) {
  static final int MOST_LINKS = 128;
  static final int MOST_CANDIDATES = 10_000;

  public HnswSettings {
    require("m", m, 2, MOST_LINKS);
    require("ef-construction", efConstruction, m, MOST_CANDIDATES);
    require("ef-search", efSearch, 1, MOST_CANDIDATES);
  }

  private static void require(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          String.format("%s: expected %d to %d, was %d", name, least, most, value));
    }
  }
}
