package org.mien.data.image;

/** Encoded images in memory: JPEG, PNG, BMP and PGM, as {@link FileImageSource} reads them. */
public final class ImageBytes {
  private ImageBytes() {}

  /**
   * Decodes an image after checking its structure.
   *
   * @param where what it is, for messages: a file, or a place in one
   * @param bytes the encoded image
   * @throws org.mien.core.error.DataException if it is damaged, too large or not an image
   */
  public static RawImage decode(String where, byte[] bytes) {
    EncodedImage encoded = EncodedImage.check(where, bytes);
    return encoded.format() == EncodedImage.Format.PGM
        ? PgmImage.readHeader(where, bytes).decode(where, bytes)
        : OpenCvDecoder.ofThread().decode(where, bytes);
  }
}
