package org.mien.data.image;

/** Where the pixels of a sample come from: a file, or a renderer. */
public interface ImageSource {

  /**
   * Decodes or renders the image.
   *
   * @throws org.mien.core.error.DataException if it is missing, damaged or not an image
   */
  RawImage decode();

  /**
   * Returns a fingerprint of the content: equal fingerprints give equal pixels. For a file it is
   * the SHA-256 of its bytes; for a rendered image, of all parameters and the renderer's version.
   */
  String fingerprint();

  /**
   * Returns pixels and fingerprint together. A source that reads bytes for both reads them once, so
   * the two belong to the same bytes even if the file changes meanwhile.
   *
   * @throws org.mien.core.error.DataException as {@link #decode()}
   */
  default FingerprintedImage read() {
    return new FingerprintedImage(decode(), fingerprint());
  }
}
