package org.mien.eval.comparison;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.mien.core.error.DataException;
import org.mien.eval.metrics.Metric;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.uncertainty.IdentityResampling;
import org.mien.eval.uncertainty.Interval;
import org.mien.eval.uncertainty.Replicates;
import org.mien.eval.uncertainty.WeightedScores;
import org.mien.eval.verification.EqualErrorRate;
import org.mien.eval.verification.KFoldAccuracy;
import org.mien.eval.verification.RocCurve;
import org.mien.eval.verification.TarAtFar;

/**
 * The paired bootstrap over identities.
 *
 * <p>Both models have scored the same pairs, so what is hard about a pair is hard for both; two
 * intervals that overlap do not show that the models are equal. Here each replicate draws the
 * identities once for both models (see {@link IdentityResampling}), finds each model's own
 * thresholds anew and takes the difference of the figures. The interval is the percentile interval
 * of these differences (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapters 13
 * and 16). In a replicate, folds without any drawn pair are left out of the accuracy.
 */
public final class ModelComparison {
  private static final double CONFIDENCE = 0.95;
  private static final double[] NOTHING = {};

  private ModelComparison() {}

  /**
   * Compares two models.
   *
   * @param first scores of the first model, with identities
   * @param second scores of the second model, of the same pairs in the same order
   * @param random only for the bootstrap
   * @throws DataException if the pairs differ, naming the first row (from 0) that does, or their
   *     identities are not known
   */
  public static ComparisonResult compare(
      String firstName,
      ScoreSet first,
      String secondName,
      ScoreSet second,
      ComparisonOptions options,
      SplittableRandom random) {
    requireSamePairs(firstName, first.pairs(), secondName, second.pairs());
    IdentityResampling resampling = IdentityResampling.ofPairs(first.pairs());
    List<FarTarget> targets = options.targets();
    List<String> names = new ArrayList<>();
    if (first.hasFolds()) {
      names.add("accuracy");
    }
    names.add("auc");
    names.add("eer");
    targets.forEach(target -> names.add("tar@far=" + target.label()));
    Model a = new Model(first, targets);
    Model b = new Model(second, targets);
    Replicates replicates =
        resampling.run(
            options.replicates(),
            random,
            weights -> {
              double[] ofA = a.figures(weights);
              double[] ofB = ofA.length == 0 ? NOTHING : b.figures(weights);
              if (ofB.length == 0) {
                return null;
              }
              for (int i = 0; i < ofA.length; i++) {
                ofB[i] -= ofA[i];
              }
              return ofB;
            });
    double[] figuresOfA = a.figures();
    double[] figuresOfB = b.figures();
    List<ComparedFigure> figures = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      // The targets stand last; a figure of another kind has no target to warn of.
      int target = i - (names.size() - targets.size());
      Optional<String> warning =
          target < 0 ? Optional.empty() : targets.get(target).warning(first.impostorCount());
      figures.add(
          compared(
              names.get(i),
              figuresOfA[i],
              figuresOfB[i],
              replicates,
              i,
              target < 0 ? first.pairs().size() : first.genuineCount(),
              warning));
    }
    return new ComparisonResult(
        firstName,
        secondName,
        first.genuineCount(),
        first.impostorCount(),
        resampling.identities(),
        figures);
  }

  private static void requireSamePairs(
      String firstName, List<ScoredPair> first, String secondName, List<ScoredPair> second) {
    if (first.isEmpty() || first.size() != second.size()) {
      throw new DataException(
          "a comparison needs the same pairs scored by both models, found "
              + first.size()
              + " of "
              + firstName
              + " and "
              + second.size()
              + " of "
              + secondName);
    }
    for (int row = 0; row < first.size(); row++) {
      ScoredPair a = first.get(row);
      ScoredPair b = second.get(row);
      if (a.genuine() != b.genuine()
          || a.fold() != b.fold()
          || !Objects.equals(a.identityA(), b.identityA())
          || !Objects.equals(a.identityB(), b.identityB())) {
        throw new DataException(
            "pair "
                + row
                + ": expected the same pair scored by both models, was "
                + inWords(a)
                + " of "
                + firstName
                + " and "
                + inWords(b)
                + " of "
                + secondName);
      }
    }
  }

  private static String inWords(ScoredPair pair) {
    return (pair.genuine() ? "the genuine pair " : "the impostor pair ")
        + pair.identityA()
        + ", "
        + pair.identityB()
        + (pair.fold() == ScoredPair.NO_FOLD ? "" : " in fold " + pair.fold());
  }

  private static ComparedFigure compared(
      String name,
      double first,
      double second,
      Replicates replicates,
      int index,
      long trials,
      Optional<String> warning) {
    Metric difference = Metric.of(second - first, trials);
    String note = warning.orElse(null);
    double[] differences = replicates.finiteAscending(index);
    Optional<Interval> interval = replicates.interval(index, CONFIDENCE);
    if (interval.isEmpty() || interval.get().isPoint()) {
      String reason =
          interval.isEmpty()
              ? "no interval: too few identities to resample them"
              : "no interval: no resampling of the identities changes the difference; more pairs"
                  + " are needed to tell the models apart";
      note = note == null ? reason : note + "; " + reason;
    } else {
      difference = difference.withInterval(interval.get().low(), interval.get().high());
    }
    double pValue = interval.isEmpty() ? 1 : twoSided(differences);
    return new ComparedFigure(name, first, second, difference.withNote(note), pValue);
  }

  private static double twoSided(double[] differences) {
    long atMostZero = 0;
    long atLeastZero = 0;
    for (double difference : differences) {
      atMostZero += difference <= 0 ? 1 : 0;
      atLeastZero += difference >= 0 ? 1 : 0;
    }
    return Math.min(1, 2.0 * (1 + Math.min(atMostZero, atLeastZero)) / (1 + differences.length));
  }

  /** One model's scores, ready for many weightings; figures in the order of their names. */
  private static final class Model {
    private final ScoreSet scores;
    private final List<FarTarget> targets;
    private final WeightedScores sorted;
    private final Optional<WeightedFolds> folds;

    Model(ScoreSet scores, List<FarTarget> targets) {
      this.scores = scores;
      this.targets = targets;
      this.sorted = WeightedScores.of(scores);
      this.folds = scores.hasFolds() ? Optional.of(new WeightedFolds(scores)) : Optional.empty();
    }

    /** Under weights; nothing where they leave one kind of pairs only. */
    double[] figures(int[] weights) {
      WeightedScores.Figures found = sorted.figures(weights, targets);
      if (found == null) {
        return NOTHING;
      }
      double[] figures = new double[(folds.isPresent() ? 3 : 2) + targets.size()];
      int next = 0;
      if (folds.isPresent()) {
        figures[next++] = folds.get().accuracy(weights);
      }
      figures[next++] = found.auc();
      figures[next++] = found.eer();
      for (double tar : found.tar()) {
        figures[next++] = tar;
      }
      return figures;
    }

    /** By the definitions. */
    double[] figures() {
      double[] figures = new double[(folds.isPresent() ? 3 : 2) + targets.size()];
      int next = 0;
      if (folds.isPresent()) {
        figures[next++] = KFoldAccuracy.of(scores).accuracy().mean();
      }
      RocCurve roc = RocCurve.of(scores);
      figures[next++] = roc.area();
      figures[next++] = EqualErrorRate.of(roc).value();
      for (FarTarget target : targets) {
        figures[next++] = TarAtFar.at(scores, target).tar();
      }
      return figures;
    }
  }
}
