package org.mien.data.align;

import java.util.Locale;
import org.mien.core.error.DataException;
import org.mien.data.image.FaceBox;
import org.mien.data.image.RawImage;

/**
 * The rectangle of whole pixels that is cut out around a box; it may reach beyond the image.
 *
 * @param x first column
 * @param y first row
 * @param width in pixels
 * @param height in pixels
 */
record BoxCrop(long x, long y, long width, long height) {
  /** As many as a decoded image may have. */
  private static final long MAXIMUM_PIXELS = 64_000_000;

  /** Applies the rule that {@link AlignmentConfig.Box} states. */
  static BoxCrop around(FaceBox box, double margin, BoxShape shape) {
    double larger = Math.max(box.width(), box.height());
    double wantedWidth = (shape == BoxShape.SQUARE ? larger : box.width()) + 2 * margin * larger;
    double wantedHeight = (shape == BoxShape.SQUARE ? larger : box.height()) + 2 * margin * larger;
    long width = Math.max(1, Math.round(wantedWidth));
    long height = Math.max(1, Math.round(wantedHeight));
    return new BoxCrop(
        Math.round(box.left() + box.width() / 2 - width / 2.0),
        Math.round(box.top() + box.height() / 2 - height / 2.0),
        width,
        height);
  }

  /** Where a point of the image lies in the crop. */
  SimilarityTransform transform() {
    return SimilarityTransform.translation((double) -x, (double) -y);
  }

  /**
   * Cuts.
   *
   * @param key what errors call the sample
   * @throws DataException if no pixel of the image is inside, or it is too large
   */
  RawImage cut(RawImage image, BoxBorder border, String key) {
    if (width > MAXIMUM_PIXELS || height > MAXIMUM_PIXELS || width * height > MAXIMUM_PIXELS) {
      throw refused(image, key, "is larger than 64 million pixels");
    }
    // Subtractions, for the sum of a far corner and a side could overflow.
    if (x >= image.width() || y >= image.height() || x <= -width || y <= -height) {
      throw refused(image, key, "lies outside the image");
    }
    int outWidth = (int) width;
    int outHeight = (int) height;
    byte[] rgb = new byte[3 * outWidth * outHeight];
    int left = (int) Math.max(0, -x); // columns of border before the image begins
    int right = (int) Math.min(width, image.width() - x); // where the border begins again
    for (int row = 0; row < outHeight; row++) {
      long sourceRow = y + row;
      if (sourceRow < 0 || sourceRow >= image.height()) {
        if (border == BoxBorder.BLACK) {
          continue;
        }
        sourceRow = Math.max(0, Math.min(image.height() - 1, sourceRow));
      }
      int rowStart = 3 * outWidth * row;
      int from = (int) (3 * (sourceRow * image.width() + x + left));
      System.arraycopy(image.rgb(), from, rgb, rowStart + 3 * left, 3 * (right - left));
      if (border == BoxBorder.REPEAT) {
        repeat(rgb, rowStart + 3 * left, rowStart, left);
        repeat(rgb, rowStart + 3 * (right - 1), rowStart + 3 * right, outWidth - right);
      }
    }
    return new RawImage(outWidth, outHeight, rgb);
  }

  private static void repeat(byte[] rgb, int pixel, int target, int count) {
    for (int i = 0; i < count; i++) {
      System.arraycopy(rgb, pixel, rgb, target + 3 * i, 3);
    }
  }

  private DataException refused(RawImage image, String key, String problem) {
    return new DataException(
        String.format(
            Locale.ROOT,
            "%s: the box with its margin (left %d, top %d, %dx%d) %s of %dx%d",
            key,
            x,
            y,
            width,
            height,
            problem,
            image.width(),
            image.height()));
  }
}
