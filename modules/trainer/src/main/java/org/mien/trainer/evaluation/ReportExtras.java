package org.mien.trainer.evaluation;

/**
 * What a report holds only if it is asked for.
 *
 * @param thumbnails pictures of how many of the worst pairs of each kind it shows; 0 for none, for
 *     faces are personal data
 * @param map of embeddings
 * @param scores whether the scores of single pairs are kept beside it
 */
public record ReportExtras(int thumbnails, MapMethod map, ScoresKept scores) {
  /** More would make a page that nobody looks through. */
  public static final int MOST_THUMBNAILS = 50;

  public ReportExtras {
    if (thumbnails < 0 || thumbnails > MOST_THUMBNAILS) {
      throw new IllegalArgumentException(
          "expected 0 to " + MOST_THUMBNAILS + " thumbnails, was " + thumbnails);
    }
  }

  /** No pictures, no map, scores of protocols that are not huge. */
  public static ReportExtras none() {
    return new ReportExtras(0, MapMethod.NONE, ScoresKept.USUAL);
  }
}
