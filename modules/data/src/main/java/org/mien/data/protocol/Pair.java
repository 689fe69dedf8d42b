package org.mien.data.protocol;

/**
 * Two images to compare.
 *
 * @param keyA key of the one image, as in its manifest
 * @param identityA who it shows
 * @param keyB key of the other
 * @param identityB who that shows
 * @param genuine whether both show one person
 * @param fold which fold of the list it belongs to, counted from 0
 * @param line where it ends in the text file it was read from, counted from 1; 0 where there is
 *     none
 */
public record Pair(
    String keyA,
    String identityA,
    String keyB,
    String identityB,
    boolean genuine,
    int fold,
    long line) {
  public Pair {
    if (genuine != identityA.equals(identityB)) {
      throw new IllegalArgumentException(
          (genuine ? "a genuine pair of " : "an impostor pair of ")
              + identityA
              + " and "
              + identityB);
    }
    if (keyA.equals(keyB)) {
      throw new IllegalArgumentException("the image " + keyA + " is paired with itself");
    }
    if (fold < 0) {
      throw new IllegalArgumentException("expected a fold of at least 0, was " + fold);
    }
  }

  /** A pair that stands in no text file. */
  public Pair(
      String keyA, String identityA, String keyB, String identityB, boolean genuine, int fold) {
    this(keyA, identityA, keyB, identityB, genuine, fold, 0);
  }

  /** Returns this pair without its line, for lists that come from several files. */
  Pair withoutLine() {
    return new Pair(keyA, identityA, keyB, identityB, genuine, fold);
  }
}
