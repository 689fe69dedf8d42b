package org.mien.eval.identification;

/** How several images of one identity in the gallery become one similarity. */
public enum GalleryFusion {
  /** The embeddings, each of unit length, are averaged, and the probe is compared with the mean. */
  MEAN_EMBEDDING,

  /** The probe is compared with each image, and the highest similarity counts. */
  MAXIMUM_SIMILARITY
}
