package org.mien.eval.score;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.mien.core.error.DataException;

/**
 * The similarities of all genuine and all impostor pairs of a protocol, sorted once.
 *
 * <p>A pair is accepted where {@code similarity >= threshold}; every count here and every figure
 * derived from it keeps this rule. There is always at least one genuine and one impostor pair, and
 * every similarity is finite.
 */
public final class ScoreSet {
  private final double[] genuine;
  private final double[] impostor;
  private final List<ScoredPair> pairs;

  private ScoreSet(double[] genuine, double[] impostor, List<ScoredPair> pairs) {
    if (genuine.length == 0 || impostor.length == 0) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "expected genuine and impostor pairs, found %d genuine and %d impostor pairs",
              genuine.length,
              impostor.length));
    }
    Arrays.sort(genuine);
    Arrays.sort(impostor);
    this.genuine = genuine;
    this.impostor = impostor;
    this.pairs = pairs;
  }

  /**
   * Similarities without pairs: for large protocols, without folds and identities.
   *
   * @throws DataException if one is not finite, naming its index, or a kind is empty
   */
  public static ScoreSet ofSimilarities(double[] genuine, double[] impostor) {
    return new ScoreSet(
        checked(genuine, "genuine", "similarity", 1),
        checked(impostor, "impostor", "similarity", 1),
        List.of());
  }

  /**
   * Distances without pairs; the similarity is the negated distance, as in {@link
   * Distance#toSimilarity()}.
   *
   * @throws DataException if one is not finite, naming its index, or a kind is empty
   */
  public static ScoreSet ofDistances(double[] genuine, double[] impostor) {
    return new ScoreSet(
        checked(genuine, "genuine", "distance", -1),
        checked(impostor, "impostor", "distance", -1),
        List.of());
  }

  /**
   * Pairs in the order of the protocol.
   *
   * @throws DataException if a similarity is not finite, if some pairs have folds or identities and
   *     others do not (naming the row, from 0), or if a kind is empty
   */
  public static ScoreSet ofPairs(List<ScoredPair> pairs) {
    double[] genuine = new double[pairs.size()];
    double[] impostor = new double[pairs.size()];
    int genuineCount = 0;
    int impostorCount = 0;
    for (int row = 0; row < pairs.size(); row++) {
      ScoredPair pair = pairs.get(row);
      double value = pair.similarity().value();
      if (Double.isInfinite(value)) {
        throw new DataException("pair " + row + ": expected a finite similarity, was " + value);
      }
      if (pair.hasIdentities() != pairs.get(0).hasIdentities()) {
        throw new DataException(
            "pair " + row + ": expected identities for all pairs or for none, unlike pair 0");
      }
      if ((pair.fold() == ScoredPair.NO_FOLD) != (pairs.get(0).fold() == ScoredPair.NO_FOLD)) {
        throw new DataException(
            "pair " + row + ": expected a fold for all pairs or for none, unlike pair 0");
      }
      if (pair.genuine()) {
        genuine[genuineCount++] = value;
      } else {
        impostor[impostorCount++] = value;
      }
    }
    return new ScoreSet(
        Arrays.copyOf(genuine, genuineCount),
        Arrays.copyOf(impostor, impostorCount),
        List.copyOf(pairs));
  }

  private static double[] checked(double[] values, String kind, String unit, int sign) {
    double[] similarities = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new DataException(
            kind + " " + unit + " " + i + ": expected a finite number, was " + values[i]);
      }
      similarities[i] = sign * values[i] + 0.0;
    }
    return similarities;
  }

  public int genuineCount() {
    return genuine.length;
  }

  public int impostorCount() {
    return impostor.length;
  }

  /** Returns how many genuine pairs reach the threshold. */
  public int genuineAccepted(Similarity threshold) {
    return genuine.length - firstAtLeast(genuine, threshold.value());
  }

  /** Returns how many impostor pairs reach the threshold. */
  public int impostorsAccepted(Similarity threshold) {
    return impostor.length - firstAtLeast(impostor, threshold.value());
  }

  /** Returns the error rates at a threshold. */
  public OperatingPoint at(Similarity threshold) {
    return new OperatingPoint(
        threshold,
        impostorsAccepted(threshold) / (double) impostor.length,
        (genuine.length - genuineAccepted(threshold)) / (double) genuine.length);
  }

  /** Returns the share of all pairs that are decided rightly at a threshold. */
  public double accuracyAt(Similarity threshold) {
    long right = (long) genuineAccepted(threshold) + impostor.length - impostorsAccepted(threshold);
    return right / ((double) genuine.length + impostor.length);
  }

  /** Returns a copy of the genuine similarities, ascending. */
  public double[] genuineAscending() {
    return genuine.clone();
  }

  /** Returns a copy of the impostor similarities, ascending. */
  public double[] impostorsAscending() {
    return impostor.clone();
  }

  /** Returns the pairs in the order of the protocol; empty where the set was made from arrays. */
  public List<ScoredPair> pairs() {
    return pairs;
  }

  /** Returns whether the pairs are divided into folds. */
  public boolean hasFolds() {
    return !pairs.isEmpty() && pairs.get(0).fold() != ScoredPair.NO_FOLD;
  }

  /** Returns whether the identities of the pairs are known. */
  public boolean hasIdentities() {
    return !pairs.isEmpty() && pairs.get(0).hasIdentities();
  }

  /** Returns the first index of an ascending array with {@code values[index] >= bound}. */
  private static int firstAtLeast(double[] values, double bound) {
    int low = 0;
    int high = values.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (values[middle] >= bound) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
