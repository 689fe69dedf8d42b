package org.mien.eval.regression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.mien.core.error.DataException;
import org.mien.eval.metrics.Metric;
import org.mien.eval.uncertainty.ClopperPearson;
import org.mien.eval.uncertainty.FoldMean;
import org.mien.eval.uncertainty.IdentityResampling;
import org.mien.eval.uncertainty.Interval;
import org.mien.eval.uncertainty.Replicates;

/**
 * All figures of estimated ages, with 95 % intervals. With the errors {@code e_i = estimated -
 * true} of n images:
 *
 * <ul>
 *   <li>{@code mae = sum |e_i| / n} in years;
 *   <li>{@code rmse = sqrt(sum e_i^2 / n)} in years;
 *   <li>{@code bias = sum e_i / n} in years: positive where faces are taken for older than they
 *       are;
 *   <li>{@code cs@5 = #{|e_i| <= 5} / n}: the cumulative score (Geng, Zhou and Smith-Miles,
 *       "Automatic age estimation based on facial aging patterns", PAMI 29, 2007).
 * </ul>
 *
 * <p>The same for each band of true ages. Ages towards the middle are easier: the mean over all
 * hides it. Intervals are bootstrapped over identities, where those are known, else over images.
 * Where that gives a point, the cumulative score has Clopper-Pearson's and the others none.
 */
public final class AgeEvaluation {
  private static final double CONFIDENCE = 0.95;

  private AgeEvaluation() {}

  /**
   * Computes all figures.
   *
   * @param trueYears age of each face, in [0, 150]
   * @param estimatedYears as many, finite
   * @param identities who each image shows, or null where that is not known
   * @param random only for the bootstrap
   * @throws DataException if an age is out of range or the lengths differ, naming the row from 0
   */
  public static AgeResult evaluate(
      double[] trueYears,
      double[] estimatedYears,
      List<String> identities,
      AgeOptions options,
      SplittableRandom random) {
    requireAges(trueYears, estimatedYears, identities);
    int images = trueYears.length;
    int bands = options.bandEdges().isEmpty() ? 0 : options.bandEdges().size() + 1;
    // Group 0 holds all images, group 1 + b those of band b.
    int[] band = new int[images];
    double[] error = new double[images];
    for (int row = 0; row < images; row++) {
      error[row] = estimatedYears[row] - trueYears[row];
      while (band[row] < options.bandEdges().size()
          && trueYears[row] >= options.bandEdges().get(band[row])) {
        band[row]++;
      }
    }
    List<Integer> years = options.scoreYears();
    int figures = 3 + years.size();
    int[] once = new int[images];
    Arrays.fill(once, 1);
    double[] found = figures(error, band, bands, years, once);
    IdentityResampling resampling =
        identities == null
            ? IdentityResampling.ofIndependent(images)
            : IdentityResampling.ofImages(identities);
    Replicates drawn =
        resampling.run(
            options.replicates(), random, weights -> figures(error, band, bands, years, weights));
    int[] inGroup = new int[1 + bands];
    inGroup[0] = images;
    for (int b : band) {
      if (bands > 0) {
        inGroup[1 + b]++;
      }
    }
    List<Map<String, Metric>> byGroup = new ArrayList<>();
    for (int group = 0; group <= bands; group++) {
      Map<String, Metric> metrics = new LinkedHashMap<>();
      double[] own = errors(error, band, group);
      for (int f = 0; f < figures && inGroup[group] > 0; f++) {
        metrics.put(
            name(f, years), metric(found[group * figures + f], own, drawn, group * figures + f, f));
      }
      byGroup.add(metrics);
    }
    Map<String, Metric> all = new LinkedHashMap<>(byGroup.get(0));
    List<AgeResult.Band> rows = new ArrayList<>();
    for (int b = 0; b < bands; b++) {
      String label = label(options.bandEdges(), b);
      rows.add(new AgeResult.Band(label, inGroup[1 + b], byGroup.get(1 + b)));
      byGroup.get(1 + b).forEach((name, metric) -> all.put(name + "@age=" + label, metric));
    }
    return new AgeResult(all, rows, images);
  }

  private static void requireAges(
      double[] trueYears, double[] estimatedYears, List<String> identities) {
    if (trueYears.length == 0
        || trueYears.length != estimatedYears.length
        || (identities != null && identities.size() != trueYears.length)) {
      throw new DataException(
          "expected a true and an estimated age for each image, found "
              + trueYears.length
              + " true and "
              + estimatedYears.length
              + " estimated ages"
              + (identities == null ? "" : " of " + identities.size() + " identities"));
    }
    for (int row = 0; row < trueYears.length; row++) {
      if (!(trueYears[row] >= 0 && trueYears[row] <= 150)) {
        throw new DataException(
            "row " + row + ": expected a true age in [0, 150] years, was " + trueYears[row]);
      }
      if (!Double.isFinite(estimatedYears[row])) {
        throw new DataException(
            "row " + row + ": expected a finite estimated age, was " + estimatedYears[row]);
      }
    }
  }

  private static String name(int figure, List<Integer> years) {
    return switch (figure) {
      case 0 -> "mae";
      case 1 -> "rmse";
      case 2 -> "bias";
      default -> "cs@" + years.get(figure - 3);
    };
  }

  /** The figures of all images, then of each band; NaN where a band has no weight. */
  private static double[] figures(
      double[] error, int[] band, int bands, List<Integer> years, int[] weights) {
    int figures = 3 + years.size();
    double[] sums = new double[(1 + bands) * figures];
    double[] total = new double[1 + bands];
    for (int row = 0; row < error.length; row++) {
      if (weights[row] > 0) {
        add(sums, total, 0, figures, error[row], years, weights[row]);
        if (bands > 0) {
          add(sums, total, 1 + band[row], figures, error[row], years, weights[row]);
        }
      }
    }
    for (int group = 0; group <= bands; group++) {
      for (int f = 0; f < figures; f++) {
        sums[group * figures + f] /= total[group];
      }
      sums[group * figures + 1] = Math.sqrt(sums[group * figures + 1]);
    }
    return sums;
  }

  private static void add(
      double[] sums,
      double[] total,
      int group,
      int figures,
      double error,
      List<Integer> years,
      int weight) {
    int at = group * figures;
    total[group] += weight;
    sums[at] += weight * Math.abs(error);
    sums[at + 1] += weight * error * error;
    sums[at + 2] += weight * error;
    for (int k = 0; k < years.size(); k++) {
      sums[at + 3 + k] += Math.abs(error) <= years.get(k) ? weight : 0;
    }
  }

  /** The errors of all images (group 0) or of a band. */
  private static double[] errors(double[] error, int[] band, int group) {
    return IntStream.range(0, error.length)
        .filter(row -> group == 0 || band[row] == group - 1)
        .mapToDouble(row -> error[row])
        .toArray();
  }

  /**
   * A figure with its interval: resampled; where that says nothing, Clopper-Pearson's of a share,
   * and Student's over the images of a mean.
   */
  private static Metric metric(
      double value, double[] errors, Replicates drawn, int figure, int kind) {
    int images = errors.length;
    Metric metric = Metric.of(value, images);
    Optional<Interval> interval = drawn.interval(figure, CONFIDENCE).filter(i -> !i.isPoint());
    if (interval.isPresent()) {
      return metric.withInterval(interval.get().low(), interval.get().high());
    }
    if (kind < 3) {
      if (images < 2) {
        return metric.withNote("no interval: a single image");
      }
      double[] summed =
          Arrays.stream(errors)
              .map(error -> kind == 0 ? Math.abs(error) : kind == 1 ? error * error : error)
              .toArray();
      Interval mean = FoldMean.of(summed).unboundedInterval(CONFIDENCE);
      double low = kind == 2 ? mean.low() : Math.max(0, mean.low());
      return metric
          .withInterval(
              Math.min(value, kind == 1 ? Math.sqrt(low) : low),
              Math.max(value, kind == 1 ? Math.sqrt(Math.max(0, mean.high())) : mean.high()))
          .withNote("the interval is Student's, images taken as independent");
    }
    Interval exact = ClopperPearson.interval(Math.round(value * images), images, CONFIDENCE);
    return metric
        .withInterval(exact.low(), exact.high())
        .withNote("the interval is Clopper-Pearson's, images taken as independent");
  }

  private static String label(List<Integer> edges, int band) {
    if (band == 0) {
      return "<" + edges.get(0);
    }
    return band == edges.size()
        ? ">=" + edges.get(band - 1)
        : "[" + edges.get(band - 1) + "," + edges.get(band) + ")";
  }
}
