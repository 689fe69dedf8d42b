package org.mien.data.align;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.mien.core.error.DataException;
import org.mien.core.provenance.Fingerprint;
import org.mien.data.image.FingerprintedImage;
import org.mien.data.image.ImageSource;
import org.mien.data.image.RawImage;

/**
 * An image in which a detector looks for the face, warped so that its points lie on a template.
 *
 * @param original the whole image
 * @param key of the sample, for errors
 * @param detector finds the faces
 * @param choice which of several is taken
 * @param template where its points shall lie
 */
record DetectedImageSource(
    ImageSource original,
    String key,
    FaceDetector detector,
    FaceChoice choice,
    AlignmentTemplate template)
    implements AlignedImageSource {

  @Override
  public AlignedImage align() {
    FingerprintedImage read = original.read();
    DetectedFace face = find(read.image());
    return FivePointImageSource.align(
        read, key, face.points(), template, OptionalDouble.of(face.score()));
  }

  @Override
  public RawImage decode() {
    RawImage image = original.decode();
    SimilarityTransform transform = FivePointImageSource.fit(key, find(image).points(), template);
    return FivePointImageSource.warp(image, key, transform, template);
  }

  @Override
  public String fingerprintOf(String originalFingerprint) {
    return FivePointImageSource.add(
            new Fingerprint()
                .add("aligned-by-detector-1")
                .add(originalFingerprint)
                .add(detector.describe())
                .add(choice.name()),
            template)
        .hex();
  }

  private DetectedFace find(RawImage image) {
    List<DetectedFace> faces = detector.detect(image);
    return choice
        .choose(faces, image.width(), image.height())
        .orElseThrow(
            () ->
                new DataException(
                    String.format(
                        Locale.ROOT,
                        "%s: no face of score %s or more was found in its %dx%d pixels",
                        key,
                        detector.settings().scoreThreshold(),
                        image.width(),
                        image.height())));
  }
}
