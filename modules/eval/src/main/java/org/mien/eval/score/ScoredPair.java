package org.mien.eval.score;

/**
 * One compared pair of faces.
 *
 * @param identityA who is on the first image, or null where the protocol does not tell
 * @param identityB who is on the second image, or null where the protocol does not tell
 * @param genuine whether both images show the same identity
 * @param fold the pair's fold, from 0, or {@link #NO_FOLD}
 * @param similarity how alike the two faces are
 */
public record ScoredPair(
    String identityA, String identityB, boolean genuine, int fold, Similarity similarity) {

  /** The fold of a pair in a protocol without folds. */
  public static final int NO_FOLD = -1;

  public ScoredPair {
    if (similarity == null) {
      throw new IllegalArgumentException("a scored pair needs a similarity");
    }
    if (fold < NO_FOLD) {
      throw new IllegalArgumentException("expected a fold of at least 0, or -1, was " + fold);
    }
    if ((identityA == null) != (identityB == null)) {
      throw new IllegalArgumentException(
          "expected both identities or none, were " + identityA + " and " + identityB);
    }
    if (identityA != null && identityA.equals(identityB) != genuine) {
      throw new IllegalArgumentException(
          "a pair of "
              + identityA
              + " and "
              + identityB
              + " cannot be "
              + (genuine ? "genuine" : "an impostor pair"));
    }
  }

  /** A pair of which the protocol tells no identities, as in verification {@code .bin} files. */
  public static ScoredPair anonymous(boolean genuine, int fold, Similarity similarity) {
    return new ScoredPair(null, null, genuine, fold, similarity);
  }

  /** Returns whether the identities are known. */
  public boolean hasIdentities() {
    return identityA != null;
  }
}
