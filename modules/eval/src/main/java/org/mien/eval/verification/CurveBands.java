package org.mien.eval.verification;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.Similarity;
import org.mien.eval.uncertainty.ClopperPearson;
import org.mien.eval.uncertainty.IdentityBootstrap;
import org.mien.eval.uncertainty.Interval;

/**
 * Confidence bands of the ROC and the DET curve: an interval of FNMR at each rate of a fixed grid.
 *
 * <p>The bands are pointwise: at each rate alone the true curve is covered with the confidence
 * given; that it lies within the band everywhere at once is less certain. At each rate of the grid
 * the curve is read as {@link TarAtFar} does, and in each replicate of the bootstrap over
 * identities the threshold is found anew, so the band holds the doubt about the threshold as well.
 * Where no resampling changes the figure, or the identities are not known, the interval is
 * Clopper-Pearson's at the threshold found, which takes the pairs as independent.
 *
 * @param confidence of each interval
 * @param points from the lowest rate to the highest
 * @param leftOut rates of the grid that are not shown, since fewer than one false match is to be
 *     expected of the impostors there are
 */
public record CurveBands(double confidence, List<Point> points, List<FarTarget> leftOut) {
  public CurveBands {
    points = List.copyOf(points);
    leftOut = List.copyOf(leftOut);
  }

  /**
   * The curve at one rate of the grid.
   *
   * @param fmr the rate, of which the curve has at most so much here
   * @param threshold the lowest that keeps the rate
   * @param fnmr the false non-match rate at the threshold; TAR is {@code 1 - fnmr}
   * @param interval of {@code fnmr}
   * @param bootstrapped whether the interval is of the bootstrap over identities, not
   *     Clopper-Pearson's
   */
  public record Point(
      FarTarget fmr, Similarity threshold, double fnmr, Interval interval, boolean bootstrapped) {
    /** Returns the interval of TAR. */
    public Interval tarInterval() {
      return new Interval(1 - interval.high(), 1 - interval.low(), interval.confidence());
    }
  }

  /**
   * Returns rates spaced evenly on a logarithmic axis, {@code 10^(-j / pointsPerDecade)} for j from
   * {@code decades * pointsPerDecade} down to 1, rounded to 3 digits.
   *
   * @param decades how far down: 6 begins at 1e-6
   * @param pointsPerDecade at least 1
   */
  public static List<FarTarget> logGrid(int decades, int pointsPerDecade) {
    if (decades < 1 || pointsPerDecade < 1 || decades > 12 || pointsPerDecade > 100) {
      throw new IllegalArgumentException(
          "expected 1 to 12 decades and 1 to 100 points a decade, were "
              + decades
              + " and "
              + pointsPerDecade);
    }
    return IntStream.rangeClosed(1, decades * pointsPerDecade)
        .map(j -> decades * pointsPerDecade + 1 - j)
        .mapToDouble(
            j ->
                BigDecimal.valueOf(Math.pow(10, -j / (double) pointsPerDecade))
                    .round(new MathContext(3))
                    .doubleValue())
        .mapToObj(FarTarget::new)
        .toList();
  }

  /** As {@link #of(ScoreSet, List, int, double, SplittableRandom)}, 95 %, 10 a decade from 1e-6. */
  public static CurveBands of(ScoreSet scores, int replicates, SplittableRandom random) {
    return of(scores, logGrid(6, 10), replicates, 0.95, random);
  }

  /**
   * Computes the bands.
   *
   * @param grid in any order
   * @param replicates of the bootstrap, at least 2; not used where the identities are not known
   */
  public static CurveBands of(
      ScoreSet scores,
      List<FarTarget> grid,
      int replicates,
      double confidence,
      SplittableRandom random) {
    List<FarTarget> shown = new ArrayList<>();
    List<FarTarget> leftOut = new ArrayList<>();
    for (FarTarget rate : grid) {
      (rate.allowedFalseAccepts(scores.impostorCount()) > 0 ? shown : leftOut).add(rate);
    }
    shown.sort((a, b) -> Double.compare(a.rate(), b.rate()));
    Map<FarTarget, Interval> tar =
        scores.hasIdentities()
            ? IdentityBootstrap.of(scores).run(shown, replicates, confidence, random).tar()
            : Map.of();
    List<Point> points = new ArrayList<>();
    for (FarTarget rate : shown) {
      TarAtFar point = TarAtFar.at(scores, rate);
      Interval found = tar.get(rate);
      boolean bootstrapped = found != null && !found.isPoint();
      int missed = point.genuine() - point.trueAccepts();
      Interval interval =
          bootstrapped
              ? new Interval(1 - found.high(), 1 - found.low(), confidence)
              : ClopperPearson.interval(missed, point.genuine(), confidence);
      points.add(
          new Point(
              rate, point.threshold(), missed / (double) point.genuine(), interval, bootstrapped));
    }
    return new CurveBands(confidence, points, leftOut);
  }
}
