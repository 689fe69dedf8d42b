package org.mien.data.image;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Supplier;

/**
 * An encoded image inside a container: a record of a RecordIO file, an entry of a verification set.
 *
 * @param where what it is, for messages
 * @param bytes reads the encoded image; throws {@link org.mien.core.error.DataException} if the
 *     container is damaged
 */
public record ContainedImageSource(String where, Supplier<byte[]> bytes) implements ImageSource {
  @Override
  public RawImage decode() {
    return ImageBytes.decode(where, bytes.get());
  }

  /** The SHA-256 of the encoded image, as for a file of the same bytes. */
  @Override
  public String fingerprint() {
    return sha256(bytes.get());
  }

  @Override
  public FingerprintedImage read() {
    byte[] encoded = bytes.get();
    return new FingerprintedImage(ImageBytes.decode(where, encoded), sha256(encoded));
  }

  private static String sha256(byte[] encoded) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(encoded));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
