package org.mien.data.align;

import org.mien.data.image.FacePoints;

/**
 * Where the five points of a face lie in an aligned picture.
 *
 * <p>The points are those of InsightFace's {@code face_align.py}, with which ArcFace networks are
 * trained. They are multiplied with the size as they stand, without a shift by half a pixel, as
 * there.
 *
 * @param widthPixels of the picture
 * @param heightPixels of the picture
 * @param points in the picture
 */
public record AlignmentTemplate(int widthPixels, int heightPixels, FacePoints points) {
  /** Larger pictures than networks take are refused before memory is taken for them. */
  static final int LARGEST_SIDE = 4096;

  static final int SMALLEST_SIDE = 8;

  private static final double[] ARC_FACE = {
    38.2946, 51.6963, 73.5318, 51.5014, 56.0252, 71.7366, 41.5493, 92.3655, 70.7299, 92.2041
  };

  public AlignmentTemplate {
    if (Math.min(widthPixels, heightPixels) < SMALLEST_SIDE
        || Math.max(widthPixels, heightPixels) > LARGEST_SIDE) {
      throw new IllegalArgumentException(
          String.format(
              "expected sides of %d to %d pixels, was %dx%d",
              SMALLEST_SIDE, LARGEST_SIDE, widthPixels, heightPixels));
    }
  }

  /** The template for 112x112 pixels. */
  public static AlignmentTemplate arcFace() {
    return arcFace(112, 112, TemplateRule.INSIGHTFACE);
  }

  /**
   * The template for another size.
   *
   * @throws IllegalArgumentException if the rule has none for this size
   */
  public static AlignmentTemplate arcFace(int widthPixels, int heightPixels, TemplateRule rule) {
    return switch (rule) {
      case INSIGHTFACE -> insightFace(widthPixels, heightPixels);
      case SCALED -> {
        double ratio = heightPixels / 112.0;
        yield scaled(widthPixels, heightPixels, ratio, (widthPixels - 112 * ratio) / 2);
      }
    };
  }

  private static AlignmentTemplate insightFace(int width, int height) {
    if (width == 96 && height == 112) {
      return scaled(width, height, 1, -8);
    }
    if (width == height && width % 112 == 0) {
      return scaled(width, height, width / 112.0, 0);
    }
    if (width == height && width % 128 == 0) {
      double ratio = width / 128.0;
      return scaled(width, height, ratio, 8 * ratio);
    }
    throw new IllegalArgumentException(
        String.format(
            "InsightFace's rule knows 96x112 and squares whose side is a multiple of 112 or 128, not"
                + " %dx%d; use template: scaled",
            width, height));
  }

  private static AlignmentTemplate scaled(int width, int height, double ratio, double shiftX) {
    double[] xy = ARC_FACE.clone();
    for (int i = 0; i < xy.length; i += 2) {
      xy[i] = xy[i] * ratio + shiftX;
      xy[i + 1] *= ratio;
    }
    return new AlignmentTemplate(width, height, FacePoints.of(xy));
  }
}
