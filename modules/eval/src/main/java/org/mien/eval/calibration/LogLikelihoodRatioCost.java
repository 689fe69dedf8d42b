package org.mien.eval.calibration;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.mien.eval.metrics.Metric;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.score.Similarity;
import org.mien.eval.uncertainty.IdentityResampling;
import org.mien.eval.uncertainty.Interval;
import org.mien.eval.uncertainty.Replicates;

/**
 * How good log likelihood ratios are, over all thresholds and priors (Brümmer and du Preez 2006,
 * equations 15 and following):
 *
 * <p>{@code Cllr = (mean over genuine of log2(1 + exp(-llr)) + mean over impostors of log2(1 +
 * exp(llr))) / 2}, in bits. 0 is perfect; 1 is what {@code llr = 0} for every pair gets, which says
 * nothing. {@code minCllr} is the least that any calibration that never falls can reach on the same
 * scores (by pool adjacent violators): what the scores themselves lose. {@code Cllr - minCllr} is
 * lost by the calibration.
 *
 * @param cllr of the calibration
 * @param minCllr of the scores
 * @param calibrationLoss their difference, at least 0 but for rounding
 */
public record LogLikelihoodRatioCost(Metric cllr, Metric minCllr, Metric calibrationLoss) {
  private static final double CONFIDENCE = 0.95;
  private static final double LN_2 = Math.log(2);

  /**
   * Measures a calibration; 95 % intervals by the bootstrap over identities, where those are known.
   * The calibration stays as it is. On the scores it was learned from it looks a little better than
   * it is.
   *
   * @param replicates at least 2
   */
  public static LogLikelihoodRatioCost of(
      ScoreSet scores, ScoreCalibration calibration, int replicates, SplittableRandom random) {
    double cllr =
        cllr(
            ratios(scores.genuineAscending(), calibration),
            ratios(scores.impostorsAscending(), calibration));
    return of(
        scores,
        cllr,
        scores.pairs().stream()
            .mapToDouble(pair -> calibration.logLikelihoodRatio(pair.similarity()))
            .toArray(),
        replicates,
        random);
  }

  /**
   * As the other, of ratios however they came about.
   *
   * @param ratios natural logarithms, one a pair of {@code scores}, in their order
   */
  static LogLikelihoodRatioCost ofRatios(
      ScoreSet scores, double[] ratios, int replicates, SplittableRandom random) {
    return of(
        scores,
        cllr(kind(scores, ratios, true), kind(scores, ratios, false)),
        ratios,
        replicates,
        random);
  }

  private static double[] kind(ScoreSet scores, double[] ratios, boolean genuine) {
    return IntStream.range(0, ratios.length)
        .filter(row -> scores.pairs().get(row).genuine() == genuine)
        .mapToDouble(row -> ratios[row])
        .toArray();
  }

  private static LogLikelihoodRatioCost of(
      ScoreSet scores, double cllr, double[] ratios, int replicates, SplittableRandom random) {
    double least = minCllr(scores);
    long pairs = (long) scores.genuineCount() + scores.impostorCount();
    Optional<Replicates> drawn =
        scores.hasIdentities()
            ? Optional.of(bootstrap(scores, ratios, replicates, random))
            : Optional.empty();
    return new LogLikelihoodRatioCost(
        metric(cllr, pairs, drawn, 0),
        metric(least, pairs, drawn, 1),
        metric(cllr - least, pairs, drawn, 2));
  }

  /** Returns the figures by the names of {@code metrics.json}. */
  public Map<String, Metric> metrics() {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    metrics.put("cllr", cllr);
    metrics.put("cllr.min", minCllr);
    metrics.put("cllr.calibrationLoss", calibrationLoss);
    return metrics;
  }

  /**
   * Returns the cost of log likelihood ratios in bits.
   *
   * @param genuine natural logarithms, at least one
   * @param impostors natural logarithms, at least one
   */
  public static double cllr(double[] genuine, double[] impostors) {
    if (genuine.length == 0 || impostors.length == 0) {
      throw new IllegalArgumentException(
          "expected genuine and impostor ratios, were "
              + genuine.length
              + " and "
              + impostors.length);
    }
    double ofGenuine = 0;
    for (double ratio : genuine) {
      ofGenuine += softplus(-ratio);
    }
    double ofImpostors = 0;
    for (double ratio : impostors) {
      ofImpostors += softplus(ratio);
    }
    return (ofGenuine / genuine.length + ofImpostors / impostors.length) / (2 * LN_2);
  }

  /** Returns the least cost of any calibration of the scores that never falls, in bits. */
  public static double minCllr(ScoreSet scores) {
    DistinctScores distinct = DistinctScores.of(scores);
    return minCllr(distinct.genuine(), distinct.impostors());
  }

  private static double minCllr(double[] genuine, double[] impostors) {
    double genuineTotal = Arrays.stream(genuine).sum();
    double impostorTotal = Arrays.stream(impostors).sum();
    double logOdds = Math.log(genuineTotal / impostorTotal);
    double cost = 0;
    for (MonotoneFit.Block block : MonotoneFit.of(genuine, impostors)) {
      double ratio = Math.log(block.genuine() / block.impostors()) - logOdds;
      // A block of one kind has an infinite ratio and costs that kind nothing.
      if (block.genuine() > 0) {
        cost += block.genuine() / genuineTotal * softplus(-ratio);
      }
      if (block.impostors() > 0) {
        cost += block.impostors() / impostorTotal * softplus(ratio);
      }
    }
    return cost / (2 * LN_2);
  }

  /** {@code ln(1 + exp(z))}, without overflow. */
  static double softplus(double z) {
    return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
  }

  private static double[] ratios(double[] scores, ScoreCalibration calibration) {
    return Arrays.stream(scores)
        .map(s -> calibration.logLikelihoodRatio(new Similarity(s)))
        .toArray();
  }

  private static Replicates bootstrap(
      ScoreSet scores, double[] ratios, int replicates, SplittableRandom random) {
    List<ScoredPair> pairs = scores.pairs();
    DistinctScores distinct = DistinctScores.of(scores);
    int points = distinct.score().length;
    int[] pointOf = new int[pairs.size()];
    boolean[] genuine = new boolean[pairs.size()];
    double[] cost = new double[pairs.size()];
    for (int row = 0; row < pointOf.length; row++) {
      ScoredPair pair = pairs.get(row);
      pointOf[row] = Arrays.binarySearch(distinct.score(), pair.similarity().value());
      genuine[row] = pair.genuine();
      double ratio = ratios[row];
      cost[row] = softplus(pair.genuine() ? -ratio : ratio) / (2 * LN_2);
    }
    return IdentityResampling.ofPairs(pairs)
        .run(
            replicates,
            random,
            weights -> {
              double[] genuineAt = new double[points];
              double[] impostorsAt = new double[points];
              double ofGenuine = 0;
              double ofImpostors = 0;
              double genuineTotal = 0;
              double impostorTotal = 0;
              for (int row = 0; row < pointOf.length; row++) {
                if (genuine[row]) {
                  genuineAt[pointOf[row]] += weights[row];
                  genuineTotal += weights[row];
                  ofGenuine += weights[row] * cost[row];
                } else {
                  impostorsAt[pointOf[row]] += weights[row];
                  impostorTotal += weights[row];
                  ofImpostors += weights[row] * cost[row];
                }
              }
              if (genuineTotal == 0 || impostorTotal == 0) {
                return null;
              }
              double cllr = ofGenuine / genuineTotal + ofImpostors / impostorTotal;
              double least = minCllr(genuineAt, impostorsAt);
              return new double[] {cllr, least, cllr - least};
            });
  }

  private static Metric metric(double value, long pairs, Optional<Replicates> drawn, int figure) {
    Metric metric = Metric.of(value, pairs);
    if (drawn.isEmpty()) {
      return metric.withNote("no interval: the identities of the pairs are not known");
    }
    Optional<Interval> interval = drawn.get().interval(figure, CONFIDENCE);
    if (interval.isEmpty() || interval.get().isPoint()) {
      return metric.withNote("no interval: no resampling of the identities changes the figure");
    }
    // Pool adjacent violators fits repeated pairs better than they deserve, so that the least cost
    // of replicates is too low; where that moves an interval off its figure, it says nothing.
    return interval.get().low() <= value && value <= interval.get().high()
        ? metric.withInterval(interval.get().low(), interval.get().high())
        : metric.withNote("no interval: resampling makes the least cost look lower than it is");
  }
}
