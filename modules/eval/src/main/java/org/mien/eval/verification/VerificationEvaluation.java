package org.mien.eval.verification;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.mien.eval.metrics.Metric;
import org.mien.eval.score.OperatingPoint;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.score.Similarity;
import org.mien.eval.uncertainty.ClopperPearson;
import org.mien.eval.uncertainty.FoldMean;
import org.mien.eval.uncertainty.IdentityBootstrap;
import org.mien.eval.uncertainty.Interval;

/**
 * All verification figures of one set of scores, with 95 % intervals.
 *
 * <ul>
 *   <li>{@code accuracy}: mean over folds, with Student's interval ({@link FoldMean#interval});
 *       {@code accuracy.standardError}, {@code accuracy.standardDeviation} (sample), {@code
 *       accuracy.populationStandardDeviation} and {@code threshold.mean}. Only where the pairs have
 *       folds: without, no accuracy is reported, since its threshold would be chosen on the pairs
 *       it is reported for.
 *   <li>{@code accuracy@threshold}, {@code fmr@threshold}, {@code fnmr@threshold}: at a given
 *       threshold chosen on other data, with Clopper-Pearson intervals.
 *   <li>{@code auc}, {@code eer}, {@code threshold@eer}.
 *   <li>{@code tar@far=1e-3}, {@code threshold@far=1e-3} for each target.
 * </ul>
 *
 * <p>Intervals of {@code auc}, {@code eer}, {@code tar} and {@code threshold} are bootstrapped over
 * identities. Where identities are not known, TAR has a Clopper-Pearson interval at its threshold,
 * which treats the pairs as independent and the threshold as given, and the others have none.
 * Resampling cannot see errors that did not occur: where the interval would be a single point, TAR
 * and accuracy have a Clopper-Pearson interval instead, and the others none. The note says so.
 */
public final class VerificationEvaluation {
  private static final double CONFIDENCE = 0.95;

  private VerificationEvaluation() {}

  /**
   * As {@link #evaluate(ScoreSet, VerificationOptions, SplittableRandom)}, from pairs in the order
   * of the protocol.
   */
  public static VerificationResult evaluate(
      List<ScoredPair> pairs, VerificationOptions options, SplittableRandom random) {
    return evaluate(ScoreSet.ofPairs(pairs), options, random);
  }

  /**
   * Computes all figures.
   *
   * @param random only for the bootstrap
   * @throws org.mien.core.error.DataException if a fold is empty or has pairs of one kind only
   */
  public static VerificationResult evaluate(
      ScoreSet scores, VerificationOptions options, SplittableRandom random) {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    Optional<KFoldAccuracy> folds =
        scores.hasFolds() ? Optional.of(KFoldAccuracy.of(scores)) : Optional.empty();
    folds.ifPresent(table -> putFolds(metrics, table, scores));
    if (options.decisionThreshold() != null) {
      putDecision(metrics, scores, options.decisionThreshold());
    }
    Optional<IdentityBootstrap.Intervals> bootstrap =
        scores.hasIdentities()
            ? Optional.of(
                IdentityBootstrap.of(scores)
                    .run(options.targets(), options.replicates(), CONFIDENCE, random))
            : Optional.empty();

    RocCurve roc = RocCurve.of(scores);
    EqualErrorRate eer = EqualErrorRate.of(roc);
    long pairs = (long) scores.genuineCount() + scores.impostorCount();
    long fewer = Math.min(scores.genuineCount(), scores.impostorCount());
    metrics.put(
        "auc",
        curveFigure(roc.area(), pairs, fewer, bootstrap.map(IdentityBootstrap.Intervals::auc)));
    metrics.put(
        "eer",
        curveFigure(eer.value(), pairs, fewer, bootstrap.map(IdentityBootstrap.Intervals::eer)));
    metrics.put(
        "threshold@eer",
        threshold(
            eer.threshold().value(),
            pairs,
            bootstrap.map(IdentityBootstrap.Intervals::eerThreshold),
            Optional.empty()));

    List<TarAtFar> operatingPoints =
        options.targets().stream().map(target -> TarAtFar.at(scores, target)).toList();
    for (TarAtFar point : operatingPoints) {
      String at = "@far=" + point.target().label();
      metrics.put("tar" + at, tar(point, bootstrap.map(found -> found.tar().get(point.target()))));
      metrics.put(
          "threshold" + at,
          threshold(
              point.threshold().value(),
              point.impostors(),
              bootstrap.map(found -> found.threshold().get(point.target())),
              point.warning()));
    }
    return new VerificationResult(
        metrics,
        roc,
        DetCurve.of(roc),
        eer,
        operatingPoints,
        folds,
        ScoreHistogram.of(scores, options.histogramBins()),
        scores.genuineCount(),
        scores.impostorCount(),
        bootstrap.map(IdentityBootstrap.Intervals::identities));
  }

  private static void putFolds(Map<String, Metric> metrics, KFoldAccuracy table, ScoreSet scores) {
    FoldMean mean = table.accuracy();
    long pairs = scores.pairs().size();
    Interval interval = mean.interval(CONFIDENCE);
    Metric accuracy = Metric.of(mean.mean(), pairs);
    if (interval.isPoint()) {
      interval = ClopperPearson.interval(Math.round(mean.mean() * pairs), pairs, CONFIDENCE);
      accuracy =
          accuracy.withNote(
              "all folds are equal: the interval is Clopper-Pearson's over all pairs, taken as"
                  + " independent");
    }
    metrics.put("accuracy", accuracy.withInterval(interval.low(), interval.high()));
    metrics.put("accuracy.standardError", Metric.of(mean.standardError(), mean.folds()));
    metrics.put(
        "accuracy.standardDeviation", Metric.of(mean.sampleStandardDeviation(), mean.folds()));
    metrics.put(
        "accuracy.populationStandardDeviation",
        Metric.of(mean.populationStandardDeviation(), mean.folds()));
    FoldMean thresholds =
        FoldMean.of(table.folds().stream().mapToDouble(f -> f.threshold().value()).toArray());
    metrics.put(
        "threshold.mean",
        threshold(
            thresholds.mean(),
            mean.folds(),
            Optional.of(thresholds.unboundedInterval(CONFIDENCE)),
            Optional.empty()));
  }

  private static void putDecision(
      Map<String, Metric> metrics, ScoreSet scores, Similarity threshold) {
    long genuine = scores.genuineCount();
    long impostors = scores.impostorCount();
    long falseAccepts = scores.impostorsAccepted(threshold);
    long falseRejects = genuine - scores.genuineAccepted(threshold);
    OperatingPoint point = scores.at(threshold);
    metrics.put(
        "accuracy@threshold",
        count(
            scores.accuracyAt(threshold),
            genuine + impostors - falseAccepts - falseRejects,
            genuine + impostors));
    metrics.put("fmr@threshold", count(point.fmr(), falseAccepts, impostors));
    metrics.put("fnmr@threshold", count(point.fnmr(), falseRejects, genuine));
  }

  private static Metric threshold(
      double value, long trials, Optional<Interval> interval, Optional<String> warning) {
    Metric threshold = Metric.of(value, trials);
    if (interval.isPresent() && !interval.get().isPoint()) {
      return withWarning(
          threshold.withInterval(interval.get().low(), interval.get().high()), warning);
    }
    String none =
        interval.isEmpty()
            ? "no interval: the identities of the pairs are not known"
            : "no interval: no resampling changes the threshold";
    return threshold.withNote(warning.map(first -> first + "; " + none).orElse(none));
  }

  private static Metric curveFigure(
      double value, long pairs, long fewer, Optional<Interval> interval) {
    Metric figure = Metric.of(value, pairs);
    if (interval.isEmpty()) {
      return figure.withNote("no interval: the identities of the pairs are not known");
    }
    if (interval.get().isPoint()) {
      Interval exact = ClopperPearson.interval(Math.round(value * fewer), fewer, CONFIDENCE);
      return figure
          .withInterval(Math.min(exact.low(), value), Math.max(exact.high(), value))
          .withNote(
              "no resampling of the identities changes the figure: the interval is"
                  + " Clopper-Pearson's over as many trials as the rarer kind of pair has, "
                  + fewer);
    }
    return figure.withInterval(interval.get().low(), interval.get().high());
  }

  private static Metric tar(TarAtFar point, Optional<Interval> bootstrapped) {
    if (bootstrapped.isPresent() && !bootstrapped.get().isPoint()) {
      Interval interval = bootstrapped.get();
      return withWarning(
          Metric.of(point.tar(), interval.low(), interval.high(), point.genuine()),
          point.warning());
    }
    String note = "the interval is Clopper-Pearson's at this threshold, pairs taken as independent";
    return count(point.tar(), point.trueAccepts(), point.genuine())
        .withNote(point.warning().map(warning -> warning + "; " + note).orElse(note));
  }

  private static Metric count(double rate, long successes, long trials) {
    Interval interval = ClopperPearson.interval(successes, trials, CONFIDENCE);
    return Metric.of(rate, interval.low(), interval.high(), trials);
  }

  private static Metric withWarning(Metric metric, Optional<String> warning) {
    return warning.map(metric::withNote).orElse(metric);
  }
}
