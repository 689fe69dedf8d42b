package org.mien.data.image;

import java.util.function.Function;

/** Encoded images in memory, of the formats that {@link FileImageSource} reads. */
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
    return decode(where, bytes, EncodedImage.check(where, bytes));
  }

  /**
   * Decodes an image and writes a network's input: what {@link FacePreprocessor#apply} makes of
   * {@link #decode}, without the image between them, and at a reduced size if the preprocessor says
   * so.
   *
   * @param where what it is, for messages
   * @param bytes the encoded image
   * @param target receives {@code (3, height, width)} floats
   * @param offset where in {@code target} they begin
   * @throws org.mien.core.error.DataException if it is damaged, too large or not an image
   */
  public static void writeInput(
      String where, byte[] bytes, FacePreprocessor faces, float[] target, int offset) {
    use(
        where,
        bytes,
        faces,
        pixels -> {
          faces.write(pixels, target, offset);
          return target;
        });
  }

  /**
   * Decodes an image and returns what a network is shown of it: {@link FacePreprocessor#view} of
   * {@link #decode}, at a reduced size if the preprocessor says so.
   *
   * @throws org.mien.core.error.DataException if it is damaged, too large or not an image
   */
  public static RawImage view(String where, byte[] bytes, FacePreprocessor faces) {
    return use(where, bytes, faces, faces::view);
  }

  private static <T> T use(
      String where, byte[] bytes, FacePreprocessor faces, Function<Pixels, T> use) {
    EncodedImage encoded = EncodedImage.check(where, bytes);
    boolean straight =
        switch (encoded.format()) {
          case JPEG, PNG, BMP -> true;
          case WEBP -> encoded.orientation() == 1;
          case NETPBM, GIF -> false;
        };
    if (!straight) {
      return use.apply(Pixels.of(decode(where, bytes, encoded)));
    }
    int reduction =
        encoded.format() == EncodedImage.Format.JPEG
            ? faces.reduction(encoded.widthPixels(), encoded.heightPixels())
            : 1;
    return OpenCvDecoder.ofThread().use(where, bytes, reduction, use);
  }

  private static RawImage decode(String where, byte[] bytes, EncodedImage encoded) {
    RawImage stored =
        switch (encoded.format()) {
          case NETPBM -> NetpbmImage.readHeader(where, bytes).decode(where, bytes);
          case GIF -> GifImage.readHeader(where, bytes).decode(where, bytes);
          case JPEG, PNG, BMP, WEBP -> OpenCvDecoder.ofThread().decode(where, bytes);
        };
    return ExifOrientation.apply(stored, encoded.orientation());
  }
}
