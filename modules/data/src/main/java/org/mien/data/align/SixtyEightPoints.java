package org.mien.data.align;

import java.util.Locale;
import org.mien.data.image.FacePoint;
import org.mien.data.image.FacePoints;

/**
 * The 68 points of the iBUG 300-W scheme, as dlib and others give them: 0 to 16 the jaw, 17 to 26
 * the brows, 27 to 35 the nose (30 its tip), 36 to 41 the eye on the image's left and 42 to 47 the
 * one on its right (each from its left corner along the upper lid and back along the lower), 48 to
 * 67 the mouth (48 and 54 its outer corners). Numbers count from 0.
 */
public final class SixtyEightPoints {
  /** Number of points. */
  public static final int COUNT = 68;

  /** Which points make the centre of an eye. */
  public enum EyeCentre {
    /** The middle between the two corners: 36 and 39, 42 and 45. InsightFace's choice. */
    CORNERS,
    /** The mean of all six points of the lids: 36 to 41, 42 to 47. */
    LIDS
  }

  private final double[] xy;

  private SixtyEightPoints(double[] xy) {
    this.xy = xy;
  }

  /**
   * Takes {@code x1 y1 ... x68 y68}.
   *
   * @throws IllegalArgumentException unless there are 136 finite numbers
   */
  public static SixtyEightPoints of(double... xy) {
    if (xy.length != 2 * COUNT) {
      throw new IllegalArgumentException("expected 136 numbers for 68 points, was " + xy.length);
    }
    for (int i = 0; i < xy.length; i++) {
      if (!Double.isFinite(xy[i])) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT, "expected finite points, was %s for point %d", xy[i], i / 2));
      }
    }
    return new SixtyEightPoints(xy.clone());
  }

  /** Returns the five points by which faces are aligned. */
  public FacePoints toFive(EyeCentre eyeCentre) {
    return switch (eyeCentre) {
      case CORNERS -> new FacePoints(mean(36, 39), mean(42, 45), mean(30), mean(48), mean(54));
      case LIDS ->
          new FacePoints(
              mean(36, 37, 38, 39, 40, 41),
              mean(42, 43, 44, 45, 46, 47),
              mean(30),
              mean(48),
              mean(54));
    };
  }

  private FacePoint mean(int... points) {
    double x = 0;
    double y = 0;
    for (int point : points) {
      x += xy[2 * point];
      y += xy[2 * point + 1];
    }
    return new FacePoint(x / points.length, y / points.length);
  }
}
