package org.mien.eval.template;

/** How the images of a template become one embedding; its length is 1 in the end. */
public enum MediaPooling {
  /**
   * The embeddings of a medium, such as the frames of one video, are averaged; the means of the
   * media are added. A long video counts no more than a photograph.
   */
  MEAN_WITHIN_MEDIUM_THEN_SUM,

  /** The embeddings of all images are added, each counting the same. */
  SUM_OF_IMAGES
}
