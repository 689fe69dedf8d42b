package org.mien.eval.score;

/** The similarities of one kind of pair, sorted. None is -0.0 or not finite. */
interface AscendingScores {

  /** Returns how many there are. */
  long size();

  /** Returns the score at an index: 0 is the lowest. */
  float get(long index);

  /** Returns how many are lower than a bound. */
  long below(double bound);

  /** Returns a walk from the highest to the lowest. */
  Cursor descending();

  /** A walk from the highest to the lowest. */
  interface Cursor {
    /** Returns the highest that is not taken, or minus infinity where all are. */
    float value();

    /**
     * Takes all that are equal to a similarity, if that is the next value, and returns how many.
     *
     * @param similarity finite, not below {@link #value}
     */
    long take(float similarity);
  }
}
