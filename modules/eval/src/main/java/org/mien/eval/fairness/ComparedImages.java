package org.mien.eval.fairness;

import org.mien.eval.score.ScoredPair;

/**
 * A scored pair with the names of its two images.
 *
 * @param imageA name of the first image, or null where the protocol does not tell
 * @param imageB name of the second image, or null where the protocol does not tell
 * @param pair who they show and how alike they are
 */
public record ComparedImages(String imageA, String imageB, ScoredPair pair) {
  public ComparedImages {
    if (pair == null) {
      throw new IllegalArgumentException("expected a scored pair, was null");
    }
    if ((imageA == null) != (imageB == null)) {
      throw new IllegalArgumentException(
          "expected the names of both images or of none, were " + imageA + " and " + imageB);
    }
  }
}
