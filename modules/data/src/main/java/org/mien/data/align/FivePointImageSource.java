package org.mien.data.align;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.mien.core.error.DataException;
import org.mien.core.provenance.Fingerprint;
import org.mien.data.image.FacePoints;
import org.mien.data.image.FingerprintedImage;
import org.mien.data.image.ImageSource;
import org.mien.data.image.RawImage;

/**
 * An image warped so that five known points of it lie on a template.
 *
 * @param original the whole image
 * @param key of the sample, for errors
 * @param points of the face in the whole image
 * @param template where they shall lie
 */
record FivePointImageSource(
    ImageSource original, String key, FacePoints points, AlignmentTemplate template)
    implements AlignedImageSource {

  @Override
  public AlignedImage align() {
    FingerprintedImage read = original.read();
    return align(read, key, points, template, OptionalDouble.empty());
  }

  @Override
  public RawImage decode() {
    return warp(original.decode(), key, fit(key, points, template), template);
  }

  @Override
  public String fingerprintOf(String originalFingerprint) {
    Fingerprint fingerprint = new Fingerprint().add("aligned-by-points-1").add(originalFingerprint);
    for (double value : points.toArray()) {
      fingerprint.add(Double.doubleToLongBits(value));
    }
    return add(fingerprint, template).hex();
  }

  static AlignedImage align(
      FingerprintedImage read,
      String key,
      FacePoints points,
      AlignmentTemplate template,
      OptionalDouble score) {
    SimilarityTransform transform = fit(key, points, template);
    return new AlignedImage(
        warp(read.image(), key, transform, template),
        read.fingerprint(),
        transform,
        Optional.of(transform.apply(points)),
        OptionalDouble.of(transform.residualPixels(points, template.points())),
        score);
  }

  static RawImage warp(
      RawImage image, String key, SimilarityTransform transform, AlignmentTemplate template) {
    if (Math.max(image.width(), image.height()) > FaceWarper.LARGEST_SOURCE_SIDE) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%s: is %dx%d; images to be aligned may have sides of at most %d pixels",
              key,
              image.width(),
              image.height(),
              FaceWarper.LARGEST_SOURCE_SIDE));
    }
    return FaceWarper.ofThread()
        .warp(image, transform, template.widthPixels(), template.heightPixels());
  }

  static SimilarityTransform fit(String key, FacePoints points, AlignmentTemplate template) {
    try {
      return SimilarityTransform.fit(points, template.points());
    } catch (IllegalArgumentException e) {
      throw new DataException(key + ": its five points make no face: " + e.getMessage(), e);
    }
  }

  static Fingerprint add(Fingerprint fingerprint, AlignmentTemplate template) {
    fingerprint.add(template.widthPixels()).add(template.heightPixels());
    for (double value : template.points().toArray()) {
      fingerprint.add(Double.doubleToLongBits(value));
    }
    return fingerprint;
  }
}
