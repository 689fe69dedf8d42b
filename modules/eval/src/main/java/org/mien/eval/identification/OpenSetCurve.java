package org.mien.eval.identification;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mien.eval.score.OperatingPoint;
import org.mien.eval.score.Similarity;

/**
 * FNIR against FPIR: at most some hundred points, each exact, closest where FPIR is low. FPIR is in
 * {@link OperatingPoint#fmr} and FNIR in {@link OperatingPoint#fnmr}, as a DET curve has them.
 *
 * @param points from the strictest threshold to the loosest
 */
public record OpenSetCurve(List<OperatingPoint> points) {
  private static final double STEP = 1.05;

  public OpenSetCurve {
    points = List.copyOf(points);
  }

  /**
   * Counts the curve.
   *
   * @param nonMatedTop the highest similarity of each non-mated probe
   * @param foundSimilarities of the mated probes whose mate's rank is good enough
   * @param mated all mated probes
   */
  static OpenSetCurve of(float[] nonMatedTop, float[] foundSimilarities, int mated) {
    float[] negatives = nonMatedTop.clone();
    float[] found = foundSimilarities.clone();
    Arrays.sort(negatives);
    Arrays.sort(found);
    List<OperatingPoint> points = new ArrayList<>();
    int n = negatives.length;
    for (long k = 0; k <= n; k = Math.max(k + 1, (long) Math.ceil(k * STEP))) {
      // The loosest threshold with at most k false positives.
      double threshold =
          k == n ? Double.NEGATIVE_INFINITY : Math.nextUp(negatives[n - 1 - (int) k]);
      add(points, new Similarity(threshold), negatives, found, mated);
    }
    if (points.get(points.size() - 1).fmr() < 1) {
      add(points, new Similarity(Double.NEGATIVE_INFINITY), negatives, found, mated);
    }
    return new OpenSetCurve(points);
  }

  private static void add(
      List<OperatingPoint> points,
      Similarity threshold,
      float[] negatives,
      float[] found,
      int mated) {
    double fpir = atLeast(negatives, threshold.value()) / (double) negatives.length;
    double fnir = (mated - atLeast(found, threshold.value())) / (double) mated;
    OperatingPoint point = new OperatingPoint(threshold, fpir, fnir);
    if (points.isEmpty() || !points.get(points.size() - 1).equals(point)) {
      points.add(point);
    }
  }

  private static int atLeast(float[] ascending, double bound) {
    int low = 0;
    int high = ascending.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ascending[middle] >= bound) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return ascending.length - low;
  }
}
