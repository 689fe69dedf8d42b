package org.mien.eval.uncertainty;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.OperatingPoint;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.score.Similarity;

/**
 * Pairs sorted once from the highest similarity to the lowest, for figures under many weightings.
 * Immutable, so that threads may share it.
 */
public final class WeightedScores {
  private final double[] similarity;
  private final boolean[] genuine;
  private final int[] row;

  private WeightedScores(List<ScoredPair> pairs) {
    Integer[] order = new Integer[pairs.size()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparing((Integer i) -> pairs.get(i).similarity()).reversed());
    similarity = new double[order.length];
    genuine = new boolean[order.length];
    row = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      ScoredPair pair = pairs.get(order[i]);
      similarity[i] = pair.similarity().value();
      genuine[i] = pair.genuine();
      row[i] = order[i];
    }
  }

  /**
   * Sorts the pairs of a set.
   *
   * @throws IllegalArgumentException if the set was made from arrays and has no pairs
   */
  public static WeightedScores of(ScoreSet scores) {
    if (scores.pairs().isEmpty()) {
      throw new IllegalArgumentException("weighted figures need a set of scores made from pairs");
    }
    return new WeightedScores(scores.pairs());
  }

  /**
   * The figures under one weighting.
   *
   * @param auc area under the ROC curve
   * @param eer equal error rate
   * @param eerThreshold its threshold, as {@code EqualErrorRate} has it
   * @param tar TAR at each target
   * @param threshold threshold at each target
   */
  public record Figures(
      double auc, double eer, double eerThreshold, List<Double> tar, List<Double> threshold) {}

  /**
   * Returns the figures where each pair counts as often as its weight says; or null where no
   * genuine or no impostor pair has any weight. The rules for ties and interpolation are those of
   * the unweighted figures: it is as if each pair were written out so often.
   *
   * @param weights at least 0 each, in the order of the protocol
   */
  public Figures figures(int[] weights, List<FarTarget> targets) {
    long genuineTotal = 0;
    long impostorTotal = 0;
    for (int i = 0; i < similarity.length; i++) {
      if (genuine[i]) {
        genuineTotal += weights[row[i]];
      } else {
        impostorTotal += weights[row[i]];
      }
    }
    if (genuineTotal == 0 || impostorTotal == 0) {
      return null;
    }
    int targetCount = targets.size();
    // From the strictest target on: each is passed once on the way down the scores.
    Integer[] strictest = new Integer[targetCount];
    Arrays.setAll(strictest, t -> t);
    Arrays.sort(strictest, Comparator.comparingDouble((Integer t) -> targets.get(t).rate()));
    long[] allowed = new long[targetCount];
    for (int t = 0; t < targetCount; t++) {
      allowed[t] = targets.get(strictest[t]).allowedFalseAccepts(impostorTotal);
    }
    Double[] tar = new Double[targetCount];
    Double[] thresholds = new Double[targetCount];
    int passed = 0;
    long accepted = 0;
    long falselyAccepted = 0;
    // Twice the area in units of one genuine times one impostor pair: a whole number.
    long doubleArea = 0;
    double eer = Double.NaN;
    double eerThreshold = Double.NaN;
    double above = Double.POSITIVE_INFINITY;
    int next = 0;
    while (next < similarity.length) {
      double tied = similarity[next];
      long acceptedBefore = accepted;
      long falselyAcceptedBefore = falselyAccepted;
      for (; next < similarity.length && similarity[next] == tied; next++) {
        if (genuine[next]) {
          accepted += weights[row[next]];
        } else {
          falselyAccepted += weights[row[next]];
        }
      }
      long newlyFalse = falselyAccepted - falselyAcceptedBefore;
      if (newlyFalse > 0) {
        doubleArea += newlyFalse * (acceptedBefore + accepted);
        for (; passed < targetCount && falselyAccepted > allowed[passed]; passed++) {
          tar[strictest[passed]] = acceptedBefore / (double) genuineTotal;
          thresholds[strictest[passed]] = Math.nextUp(tied);
        }
      }
      if (Double.isNaN(eer)
          && falselyAccepted / (double) impostorTotal
              >= (genuineTotal - accepted) / (double) genuineTotal) {
        OperatingPoint stricter =
            point(above, acceptedBefore, genuineTotal, falselyAcceptedBefore, impostorTotal);
        OperatingPoint looser = point(tied, accepted, genuineTotal, falselyAccepted, impostorTotal);
        eer = OperatingPoint.equalErrorRate(stricter, looser);
        eerThreshold =
            stricter.fnmr() - stricter.fmr() <= looser.fmr() - looser.fnmr()
                    && !Double.isInfinite(above)
                ? above
                : tied;
      }
      // A point exists only where something that counts was added.
      if (accepted > acceptedBefore || falselyAccepted > falselyAcceptedBefore) {
        above = tied;
      }
    }
    double auc = doubleArea / (2.0 * genuineTotal * impostorTotal);
    return new Figures(auc, eer, eerThreshold, List.of(tar), List.of(thresholds));
  }

  private static OperatingPoint point(
      double threshold,
      long accepted,
      long genuineTotal,
      long falselyAccepted,
      long impostorTotal) {
    return new OperatingPoint(
        new Similarity(threshold),
        falselyAccepted / (double) impostorTotal,
        (genuineTotal - accepted) / (double) genuineTotal);
  }
}
