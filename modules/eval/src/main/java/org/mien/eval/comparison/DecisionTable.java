package org.mien.eval.comparison;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.mien.eval.fairness.ComparedImages;
import org.mien.eval.fairness.GlobalThreshold;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.score.Similarity;
import org.mien.eval.verification.KFoldAccuracy;

/**
 * How often two models decide the same pairs alike (McNemar, "Note on the sampling error of the
 * difference between correlated proportions or percentages", Psychometrika 12, 1947).
 *
 * @param rule where each model's threshold is from, in words
 * @param bothRight pairs that both decide rightly
 * @param onlyFirstRight pairs that only the first model decides rightly
 * @param onlySecondRight pairs that only the second model decides rightly
 * @param bothWrong pairs that both decide wrongly
 * @param pValue two-sided, of the exact binomial test of the pairs that only one decides rightly.
 *     It takes pairs as independent; pairs that share people are not, so it is too small there
 * @param differing pairs that only one decides rightly, those that the models judge the furthest
 *     apart first, at most {@value #MOST_LISTED}
 */
public record DecisionTable(
    String rule,
    long bothRight,
    long onlyFirstRight,
    long onlySecondRight,
    long bothWrong,
    double pValue,
    List<Differing> differing) {
  /** Pairs listed at most. */
  public static final int MOST_LISTED = 20;

  private static final FarTarget TARGET = new FarTarget(1e-2);

  /**
   * A pair that one model decides rightly and the other does not.
   *
   * @param imageA name of the first image, or null
   * @param imageB name of the second image, or null
   * @param genuine whether both show one person
   * @param first score of the first model
   * @param second score of the second model
   * @param firstRight whether it is the first model that is right
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Differing(
      String imageA,
      String imageB,
      boolean genuine,
      double first,
      double second,
      boolean firstRight) {}

  public DecisionTable {
    differing = differing == null ? List.of() : List.copyOf(differing);
  }

  /**
   * Counts. Where the pairs have folds, each fold is decided at the threshold that decides the
   * other folds best, of each model its own; else at each model's threshold for an FMR of 1e-2 on
   * these pairs.
   *
   * @throws org.mien.core.error.DataException if a fold, or all pairs, lack a kind
   */
  public static DecisionTable of(PairedScores pairs) {
    List<ScoredPair> first = pairs.first().stream().map(ComparedImages::pair).toList();
    List<ScoredPair> second = pairs.second().stream().map(ComparedImages::pair).toList();
    ScoreSet ofFirst = ScoreSet.ofPairs(first);
    Map<Integer, Similarity> thresholdsOfFirst = thresholds(ofFirst);
    Map<Integer, Similarity> thresholdsOfSecond = thresholds(ScoreSet.ofPairs(second));
    long[] counts = new long[4];
    List<Differing> differing = new ArrayList<>();
    List<Double> distances = new ArrayList<>();
    for (int row = 0; row < first.size(); row++) {
      ScoredPair a = first.get(row);
      ScoredPair b = second.get(row);
      Similarity thresholdOfA = thresholdsOfFirst.get(a.fold());
      Similarity thresholdOfB = thresholdsOfSecond.get(b.fold());
      boolean rightOfA = a.similarity().reaches(thresholdOfA) == a.genuine();
      boolean rightOfB = b.similarity().reaches(thresholdOfB) == b.genuine();
      counts[(rightOfA ? 0 : 2) + (rightOfB ? 0 : 1)]++;
      if (rightOfA != rightOfB) {
        distances.add(
            Math.abs(a.similarity().value() - thresholdOfA.value())
                + Math.abs(b.similarity().value() - thresholdOfB.value()));
        differing.add(
            new Differing(
                pairs.first().get(row).imageA(),
                pairs.first().get(row).imageB(),
                a.genuine(),
                a.similarity().value(),
                b.similarity().value(),
                rightOfA));
      }
    }
    List<Differing> worst =
        IntStream.range(0, differing.size())
            .boxed()
            .sorted(Comparator.comparing(distances::get, Comparator.reverseOrder()))
            .limit(MOST_LISTED)
            .map(differing::get)
            .toList();
    return new DecisionTable(
        ofFirst.hasFolds()
            ? "each fold at the threshold that decides the other folds best, of each model its own"
            : "each model at its own threshold for a false match rate of "
                + TARGET.label()
                + " on these pairs",
        counts[0],
        counts[1],
        counts[2],
        counts[3],
        exact(counts[1], counts[2]),
        worst);
  }

  private static Map<Integer, Similarity> thresholds(ScoreSet scores) {
    Map<Integer, Similarity> thresholds = new HashMap<>();
    if (scores.hasFolds()) {
      KFoldAccuracy.of(scores)
          .folds()
          .forEach(fold -> thresholds.put(fold.fold(), fold.threshold()));
    } else {
      thresholds.put(ScoredPair.NO_FOLD, GlobalThreshold.atFmr(scores, TARGET).threshold());
    }
    return thresholds;
  }

  private static double exact(long one, long other) {
    if (one + other == 0) {
      return 1;
    }
    int fewer = Math.toIntExact(Math.min(one, other));
    return Math.min(
        1,
        2
            * new BinomialDistribution(null, Math.toIntExact(one + other), 0.5)
                .cumulativeProbability(fewer));
  }
}
