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

  /**
   * Writes the network's input of this image. A source that decodes may skip the image in between,
   * and decodes at a reduced size if the preprocessor says so; else this equals {@code
   * faces.apply(decode(), target, offset)}.
   *
   * @param target receives {@code (3, height, width)} floats
   * @param offset where in {@code target} they begin
   * @throws org.mien.core.error.DataException as {@link #decode()}
   */
  default void writeInput(FacePreprocessor faces, float[] target, int offset) {
    faces.apply(decode(), target, offset);
  }

  /**
   * As {@link #writeInput}, and returns the fingerprint of the same bytes, as {@link #read()} does.
   *
   * @throws org.mien.core.error.DataException as {@link #decode()}
   */
  default String writeInputAndFingerprint(FacePreprocessor faces, float[] target, int offset) {
    FingerprintedImage read = read();
    faces.apply(read.image(), target, offset);
    return read.fingerprint();
  }

  /**
   * Returns what the network is shown, before colour order and normalisation: {@code
   * faces.view(decode())}, at a reduced size if the preprocessor says so and the source can.
   *
   * @throws org.mien.core.error.DataException as {@link #decode()}
   */
  default RawImage view(FacePreprocessor faces) {
    return faces.view(decode());
  }
}
