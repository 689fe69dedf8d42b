package org.mien.eval.template;

/**
 * How a template is made of the embeddings of its images. (An embedding may itself be the sum of
 * those of an image and its mirror image: that is done when images are embedded.)
 *
 * <p>InsightFace's evaluators name the choices N (norm), D (detector score) and F (flip). Beware:
 * in {@code ijb_11.py} N1 keeps the norm, in {@code ijb_evals.py} N0 does.
 *
 * @param keepNorm whether embeddings keep the length that the network gives them, by which clear
 *     images count more; else each is scaled to length 1 first
 * @param weighByDetectorScore whether each embedding is multiplied by the detector's score of its
 *     face, which the protocol must have
 * @param media how images become one
 */
public record PoolingOptions(boolean keepNorm, boolean weighByDetectorScore, MediaPooling media) {

  /** Norm kept, detector score not used, mean within each medium: works for every protocol. */
  public static PoolingOptions defaults() {
    return new PoolingOptions(true, false, MediaPooling.MEAN_WITHIN_MEDIUM_THEN_SUM);
  }

  /** Returns the choices in words, for the report. */
  public String inWords() {
    return (keepNorm ? "norm kept" : "norm removed")
        + (weighByDetectorScore ? ", weighted by detector score, " : ", not weighted, ")
        + (media == MediaPooling.SUM_OF_IMAGES ? "sum of images" : "mean within medium, then sum");
  }
}
