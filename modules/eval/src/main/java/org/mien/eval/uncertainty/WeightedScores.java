package org.mien.eval.uncertainty;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.OperatingPoint;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.score.Similarity;

/**
 * Pairs sorted once from the highest similarity to the lowest, for figures under many weightings of
 * their identities. Immutable, so that threads may share it.
 */
final class WeightedScores {
  private final int identities;
  private final double[] similarity;
  private final boolean[] genuine;
  private final int[] identityA;
  private final int[] identityB;

  WeightedScores(ScoreSet scores) {
    List<ScoredPair> pairs = scores.pairs();
    Integer[] order = new Integer[pairs.size()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparing((Integer i) -> pairs.get(i).similarity()).reversed());
    Map<String, Integer> numbers = new HashMap<>();
    // Numbered in the order of the protocol, so that the draws do not depend on the scores.
    for (ScoredPair pair : pairs) {
      numbers.putIfAbsent(pair.identityA(), numbers.size());
      numbers.putIfAbsent(pair.identityB(), numbers.size());
    }
    identities = numbers.size();
    similarity = new double[order.length];
    genuine = new boolean[order.length];
    identityA = new int[order.length];
    identityB = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      ScoredPair pair = pairs.get(order[i]);
      similarity[i] = pair.similarity().value();
      genuine[i] = pair.genuine();
      identityA[i] = numbers.get(pair.identityA());
      identityB[i] = numbers.get(pair.identityB());
    }
  }

  int identities() {
    return identities;
  }

  /**
   * The figures under one weighting.
   *
   * @param auc area under the ROC curve
   * @param eer equal error rate
   * @param tar TAR at each target
   * @param threshold threshold at each target
   */
  record Figures(double auc, double eer, List<Double> tar, List<Double> threshold) {}

  /**
   * Returns the figures where each genuine pair counts as often as its identity was drawn, and each
   * impostor pair as often as the product of its two identities' draws; or null where no genuine or
   * no impostor pair has any weight. The rules for ties and interpolation are those of the
   * unweighted figures.
   *
   * @param multiplicity how often each identity was drawn
   */
  Figures figures(int[] multiplicity, List<FarTarget> targets) {
    long genuineTotal = 0;
    long impostorTotal = 0;
    for (int i = 0; i < similarity.length; i++) {
      if (genuine[i]) {
        genuineTotal += weight(i, multiplicity);
      } else {
        impostorTotal += weight(i, multiplicity);
      }
    }
    if (genuineTotal == 0 || impostorTotal == 0) {
      return null;
    }
    int targetCount = targets.size();
    long[] allowed = new long[targetCount];
    long[] genuineAtTarget = new long[targetCount];
    double[] thresholdAtTarget = new double[targetCount];
    for (int t = 0; t < targetCount; t++) {
      allowed[t] = targets.get(t).allowedFalseAccepts(impostorTotal);
      thresholdAtTarget[t] = Double.NaN;
    }
    long accepted = 0;
    long falselyAccepted = 0;
    // Twice the area in units of one genuine times one impostor pair: a whole number.
    long doubleArea = 0;
    double eer = Double.NaN;
    int next = 0;
    while (next < similarity.length) {
      double tied = similarity[next];
      long acceptedBefore = accepted;
      long falselyAcceptedBefore = falselyAccepted;
      for (; next < similarity.length && similarity[next] == tied; next++) {
        if (genuine[next]) {
          accepted += weight(next, multiplicity);
        } else {
          falselyAccepted += weight(next, multiplicity);
        }
      }
      long newlyFalse = falselyAccepted - falselyAcceptedBefore;
      if (newlyFalse > 0) {
        doubleArea += newlyFalse * (acceptedBefore + accepted);
        for (int t = 0; t < targetCount; t++) {
          if (Double.isNaN(thresholdAtTarget[t]) && falselyAccepted > allowed[t]) {
            genuineAtTarget[t] = acceptedBefore;
            thresholdAtTarget[t] = Math.nextUp(tied);
          }
        }
      }
      if (Double.isNaN(eer)) {
        OperatingPoint point = point(tied, accepted, genuineTotal, falselyAccepted, impostorTotal);
        if (point.fmr() >= point.fnmr()) {
          eer =
              OperatingPoint.equalErrorRate(
                  point(tied, acceptedBefore, genuineTotal, falselyAcceptedBefore, impostorTotal),
                  point);
        }
      }
    }
    Double[] tar = new Double[targetCount];
    Double[] thresholds = new Double[targetCount];
    for (int t = 0; t < targetCount; t++) {
      tar[t] = genuineAtTarget[t] / (double) genuineTotal;
      thresholds[t] = thresholdAtTarget[t];
    }
    double auc = doubleArea / (2.0 * genuineTotal * impostorTotal);
    return new Figures(auc, eer, List.of(tar), List.of(thresholds));
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

  private long weight(int pair, int[] multiplicity) {
    int drawn = multiplicity[identityA[pair]];
    return genuine[pair] ? drawn : (long) drawn * multiplicity[identityB[pair]];
  }
}
