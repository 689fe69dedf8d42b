package org.mien.data.align;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.mien.data.image.FaceBox;
import org.mien.data.image.FacePoints;

/**
 * Reads YuNet's output: W. Wu, H. Peng, S. Yu, YuNet: A Tiny Millisecond-level Face Detector,
 * Machine Intelligence Research 20, 2023; the rules are those of OpenCV's {@code FaceDetectorYN}.
 *
 * <p>At each of the strides 8, 16 and 32 the image is a grid of cells, row by row. A cell in column
 * {@code c} and row {@code r} at stride {@code s} says: score {@code sqrt(cls obj)}, each clamped
 * to [0, 1]; a box with its centre at {@code ((c + b0) s, (r + b1) s)}, width {@code e^b2 s},
 * height {@code e^b3 s}; five points at {@code ((k_2n + c) s, (k_2n+1 + r) s)}, the eye on the
 * image's left first.
 */
final class YuNetGrid {
  static final int[] STRIDES = {8, 16, 32};

  /** Sides of the input are multiples of this. */
  static final int LARGEST_STRIDE = 32;

  private YuNetGrid() {}

  /**
   * Adds the faces of one stride to {@code faces}.
   *
   * @param columns cells in a row
   * @param cls {@code (rows * columns)}
   * @param obj {@code (rows * columns)}
   * @param bbox {@code (rows * columns, 4)}
   * @param kps {@code (rows * columns, 10)}
   */
  static void decode(
      int stride,
      int columns,
      float[] cls,
      float[] obj,
      float[] bbox,
      float[] kps,
      double scoreThreshold,
      List<DetectedFace> faces) {
    for (int cell = 0; cell < cls.length; cell++) {
      double score = Math.sqrt(clamped(cls[cell]) * clamped(obj[cell]));
      if (!(score >= scoreThreshold)) {
        continue;
      }
      int column = cell % columns;
      int row = cell / columns;
      double width = Math.exp(bbox[4 * cell + 2]) * stride;
      double height = Math.exp(bbox[4 * cell + 3]) * stride;
      double left = (column + bbox[4 * cell]) * stride - width / 2;
      double top = (row + bbox[4 * cell + 1]) * stride - height / 2;
      double[] xy = new double[10];
      boolean finite = Double.isFinite(left + top + width + height) && width > 0 && height > 0;
      for (int n = 0; n < 5; n++) {
        xy[2 * n] = (kps[10 * cell + 2 * n] + column) * stride;
        xy[2 * n + 1] = (kps[10 * cell + 2 * n + 1] + row) * stride;
        finite &= Double.isFinite(xy[2 * n]) && Double.isFinite(xy[2 * n + 1]);
      }
      if (finite) {
        faces.add(
            new DetectedFace(new FaceBox(left, top, width, height), FacePoints.of(xy), score));
      }
    }
  }

  /**
   * Returns the faces that remain when of two that overlap the one of lower score is dropped, from
   * the highest score to the lowest. Boxes are compared with their corner and sides cut to whole
   * pixels, as OpenCV does.
   */
  static List<DetectedFace> suppressed(
      List<DetectedFace> faces, double overlapThreshold, int candidates) {
    List<DetectedFace> ordered = new ArrayList<>(faces);
    ordered.sort(Comparator.comparingDouble(DetectedFace::score).reversed());
    List<DetectedFace> kept = new ArrayList<>();
    for (DetectedFace face : ordered.subList(0, Math.min(candidates, ordered.size()))) {
      boolean free = true;
      for (DetectedFace better : kept) {
        if (intersectionOverUnion(better.box(), face.box()) > overlapThreshold) {
          free = false;
          break;
        }
      }
      if (free) {
        kept.add(face);
      }
    }
    return kept;
  }

  private static double intersectionOverUnion(FaceBox one, FaceBox other) {
    long left = Math.max((long) one.left(), (long) other.left());
    long top = Math.max((long) one.top(), (long) other.top());
    long right =
        Math.min(
            (long) one.left() + (long) one.width(), (long) other.left() + (long) other.width());
    long bottom =
        Math.min(
            (long) one.top() + (long) one.height(), (long) other.top() + (long) other.height());
    double shared = (double) Math.max(0, right - left) * Math.max(0, bottom - top);
    double both =
        (double) (long) one.width() * (long) one.height()
            + (double) (long) other.width() * (long) other.height();
    return both == 0 ? 1 : shared / (both - shared);
  }

  private static double clamped(float value) {
    return Math.max(0, Math.min(1, value));
  }
}
