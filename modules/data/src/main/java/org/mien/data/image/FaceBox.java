package org.mien.data.image;

/**
 * A face's bounding box in pixels; it may reach beyond the image.
 *
 * @param left of the first column
 * @param top of the first row
 * @param width positive
 * @param height positive
 */
public record FaceBox(double left, double top, double width, double height) {
  public FaceBox {
    boolean finite =
        Double.isFinite(left)
            && Double.isFinite(top)
            && Double.isFinite(width)
            && Double.isFinite(height);
    if (!finite || !(width > 0) || !(height > 0)) {
      throw new IllegalArgumentException(
          "expected a finite box of positive size, was left "
              + left
              + ", top "
              + top
              + ", "
              + width
              + " x "
              + height);
    }
  }
}
