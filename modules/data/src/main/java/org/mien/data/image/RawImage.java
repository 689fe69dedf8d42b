package org.mien.data.image;

/**
 * A decoded 8-bit RGB image. The array is not copied.
 *
 * @param width in pixels
 * @param height in pixels
 * @param rgb {@code (height, width, 3)}, interleaved
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier inside one thread, never compared
public record RawImage(int width, int height, byte[] rgb) {
  public RawImage {
    if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
      throw new IllegalArgumentException(
          String.format("%d bytes do not make an RGB image of %dx%d", rgb.length, width, height));
    }
  }
}
