package org.mien.eval.calibration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.mien.core.error.DataException;
import org.mien.eval.metrics.Metric;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.ScoredPair;

/**
 * How well scores become probabilities, each pair judged by a calibration that was learned from the
 * other folds: {@link LogisticCalibration} for each fold.
 *
 * @param cost of the log likelihood ratios of all folds together; as each fold has a line of its
 *     own, the loss by calibration may be a hair below 0
 * @param expectedError the expected calibration error at even odds: the mean distance of predicted
 *     and observed share over {@value #BINS} bins of equal width (Naeini, Cooper and Hauskrecht,
 *     "Obtaining well calibrated probabilities using Bayesian binning", AAAI 2015), genuine and
 *     impostor pairs having half of the weight each
 * @param bins those that hold a pair, from the least probable on
 */
public record CrossValidatedCalibration(
    LogLikelihoodRatioCost cost, Metric expectedError, List<Bin> bins) {
  private static final int BINS = 10;

  /**
   * The pairs whose predicted probability lies in one bin.
   *
   * @param predicted their mean probability of showing one person, at even odds
   * @param observed the share of them that do, at even odds
   * @param genuine how many do
   * @param impostors how many do not
   */
  public record Bin(double predicted, double observed, long genuine, long impostors) {}

  public CrossValidatedCalibration {
    bins = List.copyOf(bins);
  }

  /**
   * Learns and judges.
   *
   * @param replicates of the bootstrap over identities, at least 2; the calibrations stay as they
   *     are in it
   * @throws DataException if the pairs have fewer than two folds, or the genuine scores of the
   *     other folds are not higher than the impostors'
   */
  public static CrossValidatedCalibration of(
      ScoreSet scores, int replicates, SplittableRandom random) {
    Map<Integer, List<ScoredPair>> folds = new TreeMap<>();
    scores.pairs().forEach(p -> folds.computeIfAbsent(p.fold(), f -> new ArrayList<>()).add(p));
    if (!scores.hasFolds() || folds.size() < 2) {
      throw new DataException(
          "a calibration judged on other pairs than it was learned from needs at least two folds");
    }
    Map<Integer, LogisticCalibration> learned = new TreeMap<>();
    for (Integer fold : folds.keySet()) {
      learned.put(
          fold,
          LogisticCalibration.of(
              ScoreSet.ofPairs(scores.pairs().stream().filter(p -> p.fold() != fold).toList())));
    }
    double[] ratios =
        scores.pairs().stream()
            .mapToDouble(p -> learned.get(p.fold()).logLikelihoodRatio(p.similarity()))
            .toArray();
    List<Bin> bins = bins(scores, ratios);
    double error = 0;
    for (Bin bin : bins) {
      error +=
          (0.5 * bin.genuine() / scores.genuineCount()
                  + 0.5 * bin.impostors() / scores.impostorCount())
              * Math.abs(bin.predicted() - bin.observed());
    }
    return new CrossValidatedCalibration(
        LogLikelihoodRatioCost.ofRatios(scores, ratios, replicates, random),
        Metric.of(error, scores.pairs().size())
            .withNote("no interval: by its bins the estimate is a little too high"),
        bins);
  }

  private static List<Bin> bins(ScoreSet scores, double[] ratios) {
    double[] predicted = new double[BINS];
    double[] weights = new double[BINS];
    long[] genuine = new long[BINS];
    long[] impostors = new long[BINS];
    for (int row = 0; row < ratios.length; row++) {
      boolean same = scores.pairs().get(row).genuine();
      double probability = 1 / (1 + Math.exp(-ratios[row]));
      int bin = Math.min(BINS - 1, (int) (BINS * probability));
      double weight = 0.5 / (same ? scores.genuineCount() : scores.impostorCount());
      predicted[bin] += weight * probability;
      weights[bin] += weight;
      (same ? genuine : impostors)[bin]++;
    }
    List<Bin> bins = new ArrayList<>();
    for (int bin = 0; bin < BINS; bin++) {
      if (weights[bin] > 0) {
        bins.add(
            new Bin(
                predicted[bin] / weights[bin],
                0.5 * genuine[bin] / scores.genuineCount() / weights[bin],
                genuine[bin],
                impostors[bin]));
      }
    }
    return bins;
  }

  /** Returns the figures by the names of {@code metrics.json}. */
  public Map<String, Metric> metrics() {
    Map<String, Metric> metrics = new LinkedHashMap<>(cost.metrics());
    metrics.put("ece", expectedError);
    return metrics;
  }
}
