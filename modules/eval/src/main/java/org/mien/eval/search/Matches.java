package org.mien.eval.search;

/** The most similar rows of a gallery for each probe, the best first. */
public interface Matches {

  /** Returns how many matches a probe has. */
  int count(int probe);

  /** Returns the row of the gallery at a place, the best being at place 0. */
  int row(int probe, int place);

  /** Returns the cosine at a place, the best being at place 0. */
  float similarity(int probe, int place);
}
