package org.mien.data.align;

import java.util.OptionalDouble;
import org.mien.core.provenance.Fingerprint;
import org.mien.data.image.FaceBox;
import org.mien.data.image.FaceLocation;
import org.mien.data.image.FingerprintedImage;
import org.mien.data.image.ImageSource;
import org.mien.data.image.RawImage;

/**
 * The part of an image around a box, at the image's own resolution.
 *
 * @param original the whole image
 * @param key of the sample, for errors
 * @param location of the face in the whole image
 * @param crop what is cut out
 * @param border what is seen beyond the image
 */
record BoxImageSource(
    ImageSource original, String key, FaceLocation location, BoxCrop crop, BoxBorder border)
    implements AlignedImageSource {

  @Override
  public AlignedImage align() {
    FingerprintedImage read = original.read();
    return new AlignedImage(
        crop.cut(read.image(), border, key),
        read.fingerprint(),
        crop.transform(),
        location.points().map(crop.transform()::apply),
        OptionalDouble.empty(),
        OptionalDouble.empty());
  }

  @Override
  public RawImage decode() {
    return crop.cut(original.decode(), border, key);
  }

  @Override
  public String fingerprintOf(String originalFingerprint) {
    return new Fingerprint()
        .add("aligned-by-box-1")
        .add(originalFingerprint)
        .add(crop.x())
        .add(crop.y())
        .add(crop.width())
        .add(crop.height())
        .add(border.name())
        .hex();
  }

  /** Returns where the face is in the crop. */
  FaceLocation croppedLocation() {
    return new FaceLocation(
        location.box().map(this::shifted), location.points().map(crop.transform()::apply));
  }

  private FaceBox shifted(FaceBox box) {
    return new FaceBox(box.left() - crop.x(), box.top() - crop.y(), box.width(), box.height());
  }
}
