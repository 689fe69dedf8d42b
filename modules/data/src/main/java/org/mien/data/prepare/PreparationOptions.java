package org.mien.data.prepare;

/**
 * How a copy is written.
 *
 * @param format of the pictures
 * @param jpegQuality 1 to 100; PNG takes no notice
 * @param threads how many images are worked on at once; the result does not depend on it
 */
public record PreparationOptions(ImageFormat format, int jpegQuality, int threads) {
  public PreparationOptions {
    if (jpegQuality < 1 || jpegQuality > 100 || threads < 1) {
      throw new IllegalArgumentException(
          "expected a JPEG quality of 1 to 100 and at least one thread, was "
              + jpegQuality
              + " and "
              + threads);
    }
  }

  /** JPEG of quality 95. */
  public static PreparationOptions jpeg(int threads) {
    return new PreparationOptions(ImageFormat.JPG, 95, threads);
  }

  public static PreparationOptions png(int threads) {
    return new PreparationOptions(ImageFormat.PNG, 95, threads);
  }
}
