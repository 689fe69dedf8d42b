package org.mien.data.align;

import java.util.Optional;
import java.util.OptionalDouble;
import org.mien.data.image.FacePoints;
import org.mien.data.image.FingerprintedImage;
import org.mien.data.image.RawImage;
import org.mien.data.manifest.FaceSample;

/**
 * An aligned picture and how it was made.
 *
 * @param image its pixels
 * @param originalFingerprint of the image it was made from
 * @param transform takes a point of the original to where it is seen now
 * @param points where the face's five points are seen now, if they are known: the points given or
 *     found, transformed, not those of the template
 * @param residualPixels how far they lie from the template's, see {@link
 *     SimilarityTransform#residualPixels}; empty where there is no template
 * @param detectorScore of the face found, in [0, 1]; empty where none was looked for
 */
public record AlignedImage(
    RawImage image,
    String originalFingerprint,
    SimilarityTransform transform,
    Optional<FacePoints> points,
    OptionalDouble residualPixels,
    OptionalDouble detectorScore) {

  /**
   * Reads a sample's image and tells what its alignment did. An image that is not aligned gives its
   * pixels as they are, with the points that the data set gives.
   *
   * @throws org.mien.core.error.DataException as {@link org.mien.data.image.ImageSource#decode()}
   */
  public static AlignedImage of(FaceSample sample) {
    if (sample.image() instanceof AlignedImageSource aligned) {
      return aligned.align();
    }
    FingerprintedImage read = sample.image().read();
    return new AlignedImage(
        read.image(),
        read.fingerprint(),
        SimilarityTransform.IDENTITY,
        sample.location().points(),
        OptionalDouble.empty(),
        OptionalDouble.empty());
  }
}
