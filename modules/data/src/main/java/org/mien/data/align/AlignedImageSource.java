package org.mien.data.align;

import org.mien.data.image.FingerprintedImage;
import org.mien.data.image.ImageSource;
import org.mien.data.image.RawImage;

/**
 * An image that is decoded and aligned when it is asked for. Its fingerprint is made of the
 * original's and of everything that decides what the alignment does.
 */
public sealed interface AlignedImageSource extends ImageSource
    permits BoxImageSource, FivePointImageSource, DetectedImageSource, UnlocatedImageSource {

  /** Returns the source of the image as it was. */
  ImageSource original();

  /**
   * Decodes and aligns.
   *
   * @throws org.mien.core.error.DataException if the image cannot be read or the face not aligned,
   *     naming the sample's key
   */
  AlignedImage align();

  /** Returns the fingerprint of this picture where the original's is known. */
  String fingerprintOf(String originalFingerprint);

  @Override
  default RawImage decode() {
    return align().image();
  }

  @Override
  default String fingerprint() {
    return fingerprintOf(original().fingerprint());
  }

  @Override
  default FingerprintedImage read() {
    AlignedImage aligned = align();
    return new FingerprintedImage(aligned.image(), fingerprintOf(aligned.originalFingerprint()));
  }
}
