package org.mien.eval.comparison;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.ScoredPair;

/**
 * The accuracy over folds of {@link org.mien.eval.verification.KFoldAccuracy} where pairs count
 * more or less often, as if each were written out so often. Immutable, so that threads may share
 * it.
 */
final class WeightedFolds {
  private final int folds;
  private final double[] similarity;
  private final boolean[] genuine;
  private final int[] fold;
  private final int[] row;

  /** Sorts the pairs of a set with folds. */
  WeightedFolds(ScoreSet scores) {
    List<ScoredPair> pairs = scores.pairs();
    Integer[] order = new Integer[pairs.size()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparing((Integer i) -> pairs.get(i).similarity()));
    folds = pairs.stream().mapToInt(ScoredPair::fold).max().getAsInt() + 1;
    similarity = new double[order.length];
    genuine = new boolean[order.length];
    fold = new int[order.length];
    row = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      ScoredPair pair = pairs.get(order[i]);
      similarity[i] = pair.similarity().value();
      genuine[i] = pair.genuine();
      fold[i] = pair.fold();
      row[i] = order[i];
    }
  }

  /**
   * Returns the mean accuracy of the folds that have any weight, each at the threshold that decides
   * the other folds best; NaN where fewer than two have.
   *
   * @param weights in the order of the protocol
   */
  double accuracy(int[] weights) {
    // Pairs that do not count are taken out once, not once a fold.
    double[] kept = new double[similarity.length];
    // Positive for a genuine pair, negative for an impostor.
    int[] signed = new int[similarity.length];
    int[] inFold = new int[similarity.length];
    long[] foldWeight = new long[folds];
    long[] foldGenuine = new long[folds];
    int count = 0;
    long totalGenuine = 0;
    for (int i = 0; i < similarity.length; i++) {
      int weight = weights[row[i]];
      if (weight > 0) {
        kept[count] = similarity[i];
        signed[count] = genuine[i] ? weight : -weight;
        inFold[count] = fold[i];
        count++;
        foldWeight[fold[i]] += weight;
        if (genuine[i]) {
          foldGenuine[fold[i]] += weight;
          totalGenuine += weight;
        }
      }
    }
    double sum = 0;
    int tested = 0;
    double[] tied = new double[count + 1];
    for (int f = 0; f < folds; f++) {
      if (foldWeight[f] > 0 && foldWeight[f] < total(foldWeight)) {
        double threshold =
            threshold(kept, signed, inFold, count, f, totalGenuine - foldGenuine[f], tied);
        long right = 0;
        for (int i = 0; i < count; i++) {
          if (inFold[i] == f && kept[i] >= threshold == signed[i] > 0) {
            right += Math.abs(signed[i]);
          }
        }
        sum += right / (double) foldWeight[f];
        tested++;
      }
    }
    return tested < 2 ? Double.NaN : sum / tested;
  }

  private static long total(long[] values) {
    long sum = 0;
    for (long value : values) {
      sum += value;
    }
    return sum;
  }

  /** As in {@code KFoldAccuracy}: the middle of the equally accurate candidates. */
  private static double threshold(
      double[] kept,
      int[] signed,
      int[] inFold,
      int count,
      int testFold,
      long trainingGenuine,
      double[] tied) {
    int next = 0;
    while (inFold[next] == testFold) {
      next++;
    }
    long right = trainingGenuine;
    long best = right;
    tied[0] = kept[next];
    int tiedCount = 1;
    while (next < count) {
      double rejected = kept[next];
      for (; next < count && (inFold[next] == testFold || kept[next] == rejected); next++) {
        if (inFold[next] != testFold) {
          right -= signed[next];
        }
      }
      if (right > best) {
        best = right;
        tiedCount = 0;
      }
      if (right == best) {
        tied[tiedCount++] = next < count ? midpoint(rejected, kept[next]) : Math.nextUp(rejected);
      }
    }
    return tied[tiedCount / 2];
  }

  private static double midpoint(double low, double high) {
    double middle = low / 2 + high / 2;
    return middle > low && middle <= high ? middle : high;
  }
}
