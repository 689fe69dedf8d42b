package org.mien.eval.report;

import java.util.Arrays;

/**
 * Drops points of a curve that nobody could see.
 *
 * <p>A point is kept where it is at least a tolerance away from the last one kept; the point before
 * a jump of that size is kept too, so that steps keep their corners, and so are both ends. No part
 * of the curve moves by more than the tolerance, which grows from a fortieth of a pixel until the
 * points are few enough.
 */
final class CurveThinning {
  private static final double FIRST_TOLERANCE_PIXELS = 0.025;

  private CurveThinning() {}

  /**
   * Returns the indices of the points to keep, rising.
   *
   * @param x pixels
   * @param y pixels, as many
   * @param most how many points may stay, at least 3
   */
  static int[] keep(double[] x, double[] y, int most) {
    if (x.length != y.length) {
      throw new IllegalArgumentException(
          "expected as many x as y, were " + x.length + " and " + y.length);
    }
    if (most < 3) {
      throw new IllegalArgumentException("most: expected 3 or more, was " + most);
    }
    if (x.length <= 2) {
      return x.length == 2 ? new int[] {0, 1} : new int[x.length];
    }
    double tolerance = FIRST_TOLERANCE_PIXELS;
    int[] kept = keepAtLeast(x, y, tolerance);
    while (kept.length > most) {
      tolerance *= 1.5;
      kept = keepAtLeast(x, y, tolerance);
    }
    return kept;
  }

  private static int[] keepAtLeast(double[] x, double[] y, double tolerance) {
    int[] kept = new int[x.length];
    int count = 1;
    int last = 0;
    for (int i = 1; i < x.length; i++) {
      boolean end = i == x.length - 1;
      if (!end && distance(x, y, last, i) < tolerance) {
        continue;
      }
      if (last != i - 1 && distance(x, y, i - 1, i) >= tolerance) {
        kept[count++] = i - 1;
      }
      kept[count++] = i;
      last = i;
    }
    return Arrays.copyOf(kept, count);
  }

  private static double distance(double[] x, double[] y, int a, int b) {
    return Math.max(Math.abs(x[a] - x[b]), Math.abs(y[a] - y[b]));
  }
}
