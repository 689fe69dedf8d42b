package org.mien.eval.uncertainty;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.mien.core.error.DataException;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.ScoreSet;

/**
 * Percentile intervals of verification figures by resampling identities.
 *
 * <p>Pairs that share an identity are not independent: a face that is hard to tell is hard in all
 * its pairs. A bootstrap over pairs is therefore too narrow. Here each replicate draws as many
 * identities as there are, with replacement; let {@code m(s)} be how often identity {@code s} was
 * drawn. A genuine pair of {@code s} then counts {@code m(s)} times, since it belongs to that one
 * identity (the subsets bootstrap of Bolle, Ratha and Pankanti, "Error analysis of pattern
 * recognition systems: the subsets bootstrap", CVIU 93, 2004), and an impostor pair of {@code s}
 * and {@code t} counts {@code m(s) m(t)} times, since it belongs to both (the vertex bootstrap of
 * Snijders and Borgatti, Connections 22, 1999; compared with others for faces by Fogliato, Patil
 * and Perona, IJCV 132, 2024, arXiv:2306.01198). The pairs that two copies of one identity would
 * form do not exist in the protocol and are not made up.
 *
 * <p>A replicate without any genuine or any impostor weight has no figures and is drawn again; that
 * happens only with a handful of identities.
 */
public final class IdentityBootstrap {
  /** As many as give percentiles of 2.5 % that are stable in the second digit. */
  public static final int DEFAULT_REPLICATES = 1000;

  private final IdentityResampling resampling;
  private final WeightedScores scores;

  private IdentityBootstrap(IdentityResampling resampling, WeightedScores scores) {
    this.resampling = resampling;
    this.scores = scores;
  }

  /**
   * Sorts the pairs once for all replicates.
   *
   * @throws DataException if the identities of the pairs are not known
   */
  public static IdentityBootstrap of(ScoreSet scores) {
    if (!scores.hasIdentities()) {
      throw new DataException("a bootstrap over identities needs the identities of the pairs");
    }
    return new IdentityBootstrap(
        IdentityResampling.ofPairs(scores.pairs()), WeightedScores.of(scores));
  }

  /**
   * The intervals found.
   *
   * @param identities how many identities were resampled
   * @param auc of the area under the ROC curve
   * @param eer of the equal error rate
   * @param eerThreshold of its threshold
   * @param tar of TAR at each target; the threshold is found anew in each replicate
   * @param threshold of the threshold at each target
   */
  public record Intervals(
      int identities,
      Interval auc,
      Interval eer,
      Interval eerThreshold,
      Map<FarTarget, Interval> tar,
      Map<FarTarget, Interval> threshold) {
    public Intervals {
      tar = Collections.unmodifiableMap(new LinkedHashMap<>(tar));
      threshold = Collections.unmodifiableMap(new LinkedHashMap<>(threshold));
    }
  }

  /**
   * Runs the replicates, in parallel on the common pool. Each has a seed of its own, drawn from
   * {@code random} beforehand, so that the result does not depend on the number of threads.
   *
   * @param replicates at least 2; see {@link #DEFAULT_REPLICATES}
   * @param confidence in (0, 1)
   */
  public Intervals run(
      List<FarTarget> targets, int replicates, double confidence, SplittableRandom random) {
    Interval.requireConfidence(confidence);
    int count = targets.size();
    Replicates drawn =
        resampling.run(
            replicates,
            random,
            weights -> {
              WeightedScores.Figures figures = scores.figures(weights, targets);
              if (figures == null) {
                return null;
              }
              double[] flat = new double[3 + 2 * count];
              flat[0] = figures.auc();
              flat[1] = figures.eer();
              flat[2 + 2 * count] = figures.eerThreshold();
              for (int t = 0; t < count; t++) {
                flat[2 + t] = figures.tar().get(t);
                flat[2 + count + t] = figures.threshold().get(t);
              }
              return flat;
            });
    Map<FarTarget, Interval> tar = new LinkedHashMap<>();
    Map<FarTarget, Interval> threshold = new LinkedHashMap<>();
    for (int t = 0; t < count; t++) {
      tar.put(targets.get(t), Interval.percentile(drawn.values(2 + t), confidence));
      threshold.put(targets.get(t), Interval.percentile(drawn.values(2 + count + t), confidence));
    }
    return new Intervals(
        resampling.identities(),
        Interval.percentile(drawn.values(0), confidence),
        Interval.percentile(drawn.values(1), confidence),
        Interval.percentile(drawn.values(2 + 2 * count), confidence),
        tar,
        threshold);
  }
}
