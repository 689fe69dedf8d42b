package org.mien.data.image;

/**
 * A point of an image, in pixels from its left and upper edge; the centre of the first pixel is (0,
 * 0), as in OpenCV and the field's landmark files. It may lie outside the image.
 *
 * @param x to the right
 * @param y downwards
 */
public record FacePoint(double x, double y) {
  public FacePoint {
    if (!Double.isFinite(x) || !Double.isFinite(y)) {
      throw new IllegalArgumentException("expected a finite point, was " + x + ", " + y);
    }
  }
}
