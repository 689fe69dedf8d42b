package org.mien.eval.verification;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.mien.core.error.DataException;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.score.Similarity;
import org.mien.eval.uncertainty.FoldMean;

/**
 * Accuracy by cross-validation, as LFW View 2 asks (Huang et al., "Labeled Faces in the Wild",
 * 2007): the threshold of each fold is the one with the highest accuracy on the pairs of all other
 * folds, so no pair is decided by a threshold that it helped to choose.
 *
 * <p>The candidates follow from the scores, not from a grid. Let {@code s_1 < ... < s_m} be the
 * distinct similarities of the other folds. Every threshold decides these pairs as one of {@code m
 * + 1} does: {@code s_1}, which accepts all; the midpoint of {@code s_j} and {@code s_(j+1)}, which
 * leaves the same margin on both sides; and the smallest number above {@code s_m}, which accepts
 * none. (Where no number lies between the two, {@code s_(j+1)} is its midpoint.) Of several equally
 * accurate candidates the middle one in order is taken, and of two middle ones the higher: the
 * first or the last would lean towards one kind of error by the accident of the sort order, and
 * between two equals a false rejection is the lesser harm.
 *
 * @param folds one entry a fold, in order
 * @param accuracy mean and spread of the folds' accuracies
 */
public record KFoldAccuracy(List<Fold> folds, FoldMean accuracy) {
  public KFoldAccuracy {
    folds = List.copyOf(folds);
  }

  /**
   * One fold, tested at the threshold chosen on the others.
   *
   * @param fold its number, from 0
   * @param threshold chosen on the other folds
   * @param trainingAccuracy the accuracy on the other folds at this threshold
   * @param accuracy the share of the fold's pairs that are decided rightly
   * @param far the share of its impostor pairs that are accepted
   * @param tar the share of its genuine pairs that are accepted
   * @param impostors its impostor pairs
   * @param genuine its genuine pairs
   */
  public record Fold(
      int fold,
      Similarity threshold,
      double trainingAccuracy,
      double accuracy,
      double far,
      double tar,
      int impostors,
      int genuine) {}

  /**
   * Computes all folds.
   *
   * @throws DataException if the pairs have no folds, there are fewer than two, or one of them is
   *     empty or lacks genuine or impostor pairs
   */
  public static KFoldAccuracy of(ScoreSet scores) {
    if (!scores.hasFolds()) {
      throw new DataException("the accuracy over folds needs pairs with folds");
    }
    List<ScoredPair> ascending = new ArrayList<>(scores.pairs());
    ascending.sort(Comparator.comparing(ScoredPair::similarity));
    int lastFold = ascending.stream().mapToInt(ScoredPair::fold).max().getAsInt();
    if (lastFold >= ascending.size()) {
      throw new DataException(
          "expected folds numbered 0, 1, 2 and so on, found fold "
              + lastFold
              + " among "
              + ascending.size()
              + " pairs");
    }
    int foldCount = lastFold + 1;
    if (foldCount < 2) {
      throw new DataException("expected at least 2 folds, found only fold 0");
    }
    int[] genuine = new int[foldCount];
    int[] impostors = new int[foldCount];
    for (ScoredPair pair : ascending) {
      (pair.genuine() ? genuine : impostors)[pair.fold()]++;
    }
    List<Fold> folds = new ArrayList<>();
    for (int fold = 0; fold < foldCount; fold++) {
      if (genuine[fold] == 0 || impostors[fold] == 0) {
        throw new DataException(
            "fold "
                + fold
                + ": expected genuine and impostor pairs, found "
                + genuine[fold]
                + " genuine and "
                + impostors[fold]
                + " impostor pairs");
      }
      folds.add(test(ascending, fold, genuine[fold], impostors[fold]));
    }
    return new KFoldAccuracy(
        folds, FoldMean.of(folds.stream().mapToDouble(Fold::accuracy).toArray()));
  }

  private static Fold test(List<ScoredPair> ascending, int fold, int genuine, int impostors) {
    int trainingGenuine = 0;
    List<ScoredPair> training = new ArrayList<>(ascending.size());
    for (ScoredPair pair : ascending) {
      if (pair.fold() != fold) {
        training.add(pair);
        trainingGenuine += pair.genuine() ? 1 : 0;
      }
    }
    // The lowest candidate accepts all: right for every genuine and no impostor pair.
    int right = trainingGenuine;
    int best = right;
    double[] tied = new double[training.size() + 1];
    int tiedCount = 0;
    tied[tiedCount++] = training.get(0).similarity().value();
    int next = 0;
    while (next < training.size()) {
      double rejected = training.get(next).similarity().value();
      for (;
          next < training.size() && training.get(next).similarity().value() == rejected;
          next++) {
        right += training.get(next).genuine() ? -1 : 1;
      }
      if (right > best) {
        best = right;
        tiedCount = 0;
      }
      if (right == best) {
        tied[tiedCount++] =
            next < training.size()
                ? midpoint(rejected, training.get(next).similarity().value())
                : Math.nextUp(rejected);
      }
    }
    Similarity threshold = new Similarity(tied[tiedCount / 2]);
    int trueAccepts = 0;
    int falseAccepts = 0;
    for (ScoredPair pair : ascending) {
      if (pair.fold() == fold && pair.similarity().reaches(threshold)) {
        if (pair.genuine()) {
          trueAccepts++;
        } else {
          falseAccepts++;
        }
      }
    }
    return new Fold(
        fold,
        threshold,
        best / (double) training.size(),
        (trueAccepts + impostors - falseAccepts) / (double) (genuine + impostors),
        falseAccepts / (double) impostors,
        trueAccepts / (double) genuine,
        impostors,
        genuine);
  }

  /** Returns a number in {@code (low, high]}, half way if there is one. */
  private static double midpoint(double low, double high) {
    double middle = low / 2 + high / 2;
    return middle > low && middle <= high ? middle : high;
  }
}
