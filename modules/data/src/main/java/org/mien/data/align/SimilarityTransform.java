package org.mien.data.align;

import java.util.List;
import java.util.Locale;
import org.mien.data.image.FacePoint;
import org.mien.data.image.FacePoints;

/**
 * Turns, scales and shifts the plane, without reflection: {@code x' = a x - b y + tx, y' = b x + a
 * y + ty}.
 *
 * @param a scale times the cosine of the angle
 * @param b scale times the sine of the angle
 * @param tx shift to the right in pixels
 * @param ty shift downwards in pixels
 */
public record SimilarityTransform(double a, double b, double tx, double ty) {
  /** Leaves every point where it is. */
  public static final SimilarityTransform IDENTITY = new SimilarityTransform(1, 0, 0, 0);

  /** Points closer together than this part of their coordinates are taken for one point. */
  private static final double SMALLEST_SPREAD = 1e-9;

  public SimilarityTransform {
    boolean finite =
        Double.isFinite(a) && Double.isFinite(b) && Double.isFinite(tx) && Double.isFinite(ty);
    if (!finite || (a == 0 && b == 0)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected a finite transform of positive scale, was a %s, b %s, tx %s, ty %s",
              a,
              b,
              tx,
              ty));
    }
  }

  /** Shifts only. */
  public static SimilarityTransform translation(double tx, double ty) {
    return new SimilarityTransform(1, 0, tx, ty);
  }

  /**
   * Returns the transform that takes {@code from} to {@code to} with the least sum of squared
   * distances: S. Umeyama, Least-squares estimation of transformation parameters between two point
   * patterns, IEEE TPAMI 13(4), 1991, equations 40 to 42 with scale, as scikit-image's {@code
   * SimilarityTransform} estimates it.
   *
   * <p>In the plane it needs no singular values. With centred points as complex numbers {@code z}
   * and {@code w}, the sum of {@code |c z - w|^2} is least for {@code c = sum(conj(z) w) /
   * sum(|z|^2)}: its length is the scale, its angle the rotation, and a reflection cannot come out.
   *
   * @param from two points or more
   * @param to as many
   * @throws IllegalArgumentException if the points of either side coincide, or no rotation fits
   *     better than any other, so that there is no such transform
   */
  public static SimilarityTransform fit(List<FacePoint> from, List<FacePoint> to) {
    if (from.size() != to.size() || from.size() < 2) {
      throw new IllegalArgumentException(
          "expected two points or more and as many targets, was "
              + from.size()
              + " and "
              + to.size());
    }
    FacePoint fromMean = mean(from);
    FacePoint toMean = mean(to);
    double spread = 0;
    double targetSpread = 0;
    double real = 0;
    double imaginary = 0;
    for (int i = 0; i < from.size(); i++) {
      double zx = from.get(i).x() - fromMean.x();
      double zy = from.get(i).y() - fromMean.y();
      double wx = to.get(i).x() - toMean.x();
      double wy = to.get(i).y() - toMean.y();
      spread += zx * zx + zy * zy;
      targetSpread += wx * wx + wy * wy;
      real += zx * wx + zy * wy;
      imaginary += zx * wy - zy * wx;
    }
    if (coincide(spread, from) || coincide(targetSpread, to)) {
      throw new IllegalArgumentException(
          "the points coincide: " + describe(from) + " cannot be fitted to " + describe(to));
    }
    if (Math.hypot(real, imaginary) <= SMALLEST_SPREAD * Math.sqrt(spread * targetSpread)) {
      throw new IllegalArgumentException(
          "no rotation fits " + describe(from) + " to " + describe(to));
    }
    double a = real / spread;
    double b = imaginary / spread;
    return new SimilarityTransform(
        a,
        b,
        toMean.x() - (a * fromMean.x() - b * fromMean.y()),
        toMean.y() - (b * fromMean.x() + a * fromMean.y()));
  }

  /** As {@link #fit(List, List)}, for the five points of a face. */
  public static SimilarityTransform fit(FacePoints from, FacePoints to) {
    return fit(listOf(from), listOf(to));
  }

  /** Returns by how much lengths grow. */
  public double scale() {
    return Math.hypot(a, b);
  }

  /** Returns the angle from the x axis towards the y axis, in (-pi, pi]. */
  public double rotationRadians() {
    return Math.atan2(b, a);
  }

  /** Returns where a point goes. */
  public FacePoint apply(FacePoint point) {
    return new FacePoint(a * point.x() - b * point.y() + tx, b * point.x() + a * point.y() + ty);
  }

  /** Returns where the five points of a face go. */
  public FacePoints apply(FacePoints points) {
    return new FacePoints(
        apply(points.leftEye()),
        apply(points.rightEye()),
        apply(points.nose()),
        apply(points.leftMouth()),
        apply(points.rightMouth()));
  }

  /** Returns the transform that undoes this one. */
  public SimilarityTransform inverse() {
    double squared = a * a + b * b;
    double inverseA = a / squared;
    double inverseB = -b / squared;
    return new SimilarityTransform(
        inverseA, inverseB, -(inverseA * tx - inverseB * ty), -(inverseB * tx + inverseA * ty));
  }

  /**
   * Returns how far the transformed points lie from their targets: the root of the mean squared
   * distance, in pixels of the target.
   */
  public double residualPixels(FacePoints from, FacePoints to) {
    List<FacePoint> moved = listOf(apply(from));
    List<FacePoint> wanted = listOf(to);
    double sum = 0;
    for (int i = 0; i < moved.size(); i++) {
      double dx = moved.get(i).x() - wanted.get(i).x();
      double dy = moved.get(i).y() - wanted.get(i).y();
      sum += dx * dx + dy * dy;
    }
    return Math.sqrt(sum / moved.size());
  }

  private static boolean coincide(double spread, List<FacePoint> points) {
    double largest = 1;
    for (FacePoint point : points) {
      largest = Math.max(largest, Math.max(Math.abs(point.x()), Math.abs(point.y())));
    }
    return Math.sqrt(spread) <= SMALLEST_SPREAD * largest;
  }

  private static FacePoint mean(List<FacePoint> points) {
    double x = 0;
    double y = 0;
    for (FacePoint point : points) {
      x += point.x();
      y += point.y();
    }
    return new FacePoint(x / points.size(), y / points.size());
  }

  private static List<FacePoint> listOf(FacePoints points) {
    return List.of(
        points.leftEye(),
        points.rightEye(),
        points.nose(),
        points.leftMouth(),
        points.rightMouth());
  }

  private static String describe(List<FacePoint> points) {
    StringBuilder text = new StringBuilder();
    for (FacePoint point : points) {
      text.append(String.format(Locale.ROOT, "(%.2f, %.2f)", point.x(), point.y()));
    }
    return text.toString();
  }
}
