package org.mien.data.image;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * An encoded image: a file, or a record of a container. Its fingerprint is the SHA-256 of its
 * bytes, the same wherever they lie.
 */
public interface EncodedImageSource extends ImageSource {

  /** Returns what it is, for messages: the container and the place in it. */
  String where();

  /**
   * Returns the encoded image.
   *
   * @throws org.mien.core.error.DataException if it cannot be read
   */
  byte[] bytes();

  @Override
  default RawImage decode() {
    return ImageBytes.decode(where(), bytes());
  }

  @Override
  default String fingerprint() {
    return fingerprint(bytes());
  }

  @Override
  default FingerprintedImage read() {
    byte[] bytes = bytes();
    return new FingerprintedImage(ImageBytes.decode(where(), bytes), fingerprint(bytes));
  }

  @Override
  default void writeInput(FacePreprocessor faces, float[] target, int offset) {
    ImageBytes.writeInput(where(), bytes(), faces, target, offset);
  }

  @Override
  default String writeInputAndFingerprint(FacePreprocessor faces, float[] target, int offset) {
    byte[] bytes = bytes();
    ImageBytes.writeInput(where(), bytes, faces, target, offset);
    return fingerprint(bytes);
  }

  @Override
  default RawImage view(FacePreprocessor faces) {
    return ImageBytes.view(where(), bytes(), faces);
  }

  private static String fingerprint(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
