package org.mien.eval.verification;

import java.util.ArrayList;
import java.util.List;
import org.mien.core.error.DataException;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.uncertainty.FoldMean;

/**
 * Accuracy over folds as others compute it, only for comparison with the figures they publish. The
 * figure to report is {@link KFoldAccuracy}, whose thresholds are not bound to a grid.
 *
 * @param convention whose rule
 * @param thresholds the threshold of each fold, in the unit of the rule
 * @param accuracies the accuracy of each fold
 * @param mean over the folds
 * @param spread what is printed behind the mean: see the rule
 */
public record PublishedAccuracy(
    Convention convention,
    List<Double> thresholds,
    List<Double> accuracies,
    double mean,
    double spread) {

  /** Whose rule it is. All choose the threshold of a fold on the other folds. */
  public enum Convention {
    /**
     * InsightFace ({@code recognition/arcface_torch/eval/verification.py}), and FaceNet with its
     * Euclidean metric: distance {@code 2 - 2 cos}; a pair is genuine where the distance is below
     * the threshold; of {@code 0, 0.01 ... 3.99} the first with the highest accuracy. The spread
     * divides by the number of folds ({@code np.std}).
     */
    INSIGHTFACE,
    /** As {@link #INSIGHTFACE} with FaceNet's {@code distance_metric=1}: {@code acos(cos) / pi}. */
    FACENET_COSINE,
    /**
     * FaceX-Zoo ({@code test_protocol/lfw/lfw_evaluator.py}): the cosine; of {@code min + j (max -
     * min) / 1000}, j from 1 to 1000, over the other folds the first with the highest {@code TPR -
     * FPR}; genuine is above it, impostor below it, and a pair of just this similarity is always
     * wrong. The spread is the standard error. (It keeps scores in single precision, which can move
     * a pair that lies on the threshold.)
     */
    FACEX_ZOO
  }

  private static final int DISTANCE_THRESHOLDS = 400;
  private static final int SIMILARITY_THRESHOLDS = 1000;

  public PublishedAccuracy {
    thresholds = List.copyOf(thresholds);
    accuracies = List.copyOf(accuracies);
  }

  /**
   * Computes it.
   *
   * @param cosines similarities that are cosines
   * @throws DataException if a similarity is no cosine (naming the row), or for what {@link
   *     KFoldAccuracy#of} refuses
   */
  public static PublishedAccuracy of(ScoreSet cosines, Convention convention) {
    // Its checks of the folds are wanted here, too.
    int folds = KFoldAccuracy.of(cosines).folds().size();
    List<ScoredPair> pairs = cosines.pairs();
    double[] value = new double[pairs.size()];
    for (int row = 0; row < value.length; row++) {
      double cosine = pairs.get(row).similarity().value();
      // Rounding may carry the cosine of equal vectors a little beyond 1.
      if (!(Math.abs(cosine) <= 1 + 1e-5)) {
        throw new DataException("pair " + row + ": expected a cosine in [-1, 1], was " + cosine);
      }
      value[row] =
          switch (convention) {
            case INSIGHTFACE -> 2 - 2 * cosine;
            case FACENET_COSINE -> Math.acos(Math.max(-1, Math.min(1, cosine))) / Math.PI;
            case FACEX_ZOO -> cosine;
          };
    }
    List<Double> thresholds = new ArrayList<>();
    List<Double> accuracies = new ArrayList<>();
    for (int fold = 0; fold < folds; fold++) {
      double threshold =
          convention == Convention.FACEX_ZOO
              ? mostSeparating(pairs, value, fold)
              : mostAccurate(pairs, value, fold);
      int right = 0;
      int tested = 0;
      for (int row = 0; row < value.length; row++) {
        ScoredPair pair = pairs.get(row);
        if (pair.fold() == fold) {
          tested++;
          right += isRight(convention, value[row], threshold, pair.genuine()) ? 1 : 0;
        }
      }
      thresholds.add(threshold);
      accuracies.add(right / (double) tested);
    }
    FoldMean mean = FoldMean.of(accuracies.stream().mapToDouble(Double::doubleValue).toArray());
    return new PublishedAccuracy(
        convention,
        thresholds,
        accuracies,
        mean.mean(),
        convention == Convention.FACEX_ZOO
            ? mean.standardError()
            : mean.populationStandardDeviation());
  }

  private static boolean isRight(
      Convention convention, double value, double threshold, boolean genuine) {
    if (convention == Convention.FACEX_ZOO) {
      return genuine ? value > threshold : value < threshold;
    }
    return value < threshold == genuine;
  }

  private static double mostAccurate(List<ScoredPair> pairs, double[] distance, int fold) {
    int best = -1;
    double threshold = 0;
    for (int step = 0; step < DISTANCE_THRESHOLDS; step++) {
      // As numpy's arange computes it.
      double candidate = step * 0.01;
      int right = 0;
      for (int row = 0; row < distance.length; row++) {
        if (pairs.get(row).fold() != fold
            && distance[row] < candidate == pairs.get(row).genuine()) {
          right++;
        }
      }
      if (right > best) {
        best = right;
        threshold = candidate;
      }
    }
    return threshold;
  }

  private static double mostSeparating(List<ScoredPair> pairs, double[] cosine, int fold) {
    double lowest = Double.POSITIVE_INFINITY;
    double highest = Double.NEGATIVE_INFINITY;
    long genuine = 0;
    long impostors = 0;
    for (int row = 0; row < cosine.length; row++) {
      if (pairs.get(row).fold() != fold) {
        lowest = Math.min(lowest, cosine[row]);
        highest = Math.max(highest, cosine[row]);
        if (pairs.get(row).genuine()) {
          genuine++;
        } else {
          impostors++;
        }
      }
    }
    double step = (highest - lowest) / SIMILARITY_THRESHOLDS;
    double best = Double.NEGATIVE_INFINITY;
    double threshold = highest;
    for (int j = 1; j <= SIMILARITY_THRESHOLDS; j++) {
      double candidate = lowest + step * j;
      long accepted = 0;
      long falselyAccepted = 0;
      for (int row = 0; row < cosine.length; row++) {
        if (pairs.get(row).fold() != fold && cosine[row] > candidate) {
          if (pairs.get(row).genuine()) {
            accepted++;
          } else {
            falselyAccepted++;
          }
        }
      }
      double separation = accepted / (double) genuine - falselyAccepted / (double) impostors;
      if (separation > best) {
        best = separation;
        threshold = candidate;
      }
    }
    return threshold;
  }
}
