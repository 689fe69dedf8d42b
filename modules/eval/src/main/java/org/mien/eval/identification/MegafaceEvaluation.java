package org.mien.eval.identification;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.mien.core.progress.Progress;
import org.mien.eval.metrics.Metric;
import org.mien.eval.score.AcceptedAtFar;
import org.mien.eval.score.FarRule;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.LargeRoc;
import org.mien.eval.score.LargeScoreSet;
import org.mien.eval.score.Similarity;
import org.mien.eval.search.CountsAbove;
import org.mien.eval.search.EmbeddingRows;
import org.mien.eval.search.ExactSearch;
import org.mien.eval.search.HighestScores;
import org.mien.eval.search.UnitLength;
import org.mien.eval.uncertainty.RateBootstrap;
import org.mien.eval.uncertainty.ResampledRate;

/**
 * MegaFace, challenge 1 (I. Kemelmacher-Shlizerman et al.: The MegaFace Benchmark, CVPR 2016), by
 * the rules of its development kit.
 *
 * <p>Identification: each ordered pair of two images {@code (i, j)} of one person is a trial. Image
 * i is hidden among the distractors, and j is the probe. The mate is at rank 1 plus the number of
 * distractors that are more similar to j than i is; a distractor that is exactly as similar does
 * not push it back, so the trial is right at rank k where {@code s(i, j)} is at least the k-th
 * highest {@code s(j, distractor)}. {@code rank1} is the share of trials at rank 1.
 *
 * <p>Verification: the genuine pairs are the same trials (each pair of images counts twice, which
 * changes no rate), the impostors all pairs of a probe and a distractor. {@code tar@far=1e-6} is
 * taken at the threshold of {@link FarRule#AT_MOST}: from the highest impostor scores themselves,
 * without a grid or interpolation, which the kit's plots have.
 *
 * <p>Intervals are bootstrapped over the people on the probes, 80 in FaceScrub's set. Distractors
 * and thresholds stay as they are: with a million of them their part in the uncertainty is small,
 * with a few hundred it is not.
 */
public final class MegafaceEvaluation {
  private static final int SHOWN_SCORES = 1 << 16;

  /** Below every cosine. */
  private static final float NEVER_SIMILAR = -1.5f;

  private MegafaceEvaluation() {}

  /**
   * Searches and computes all figures.
   *
   * @param random only for the bootstrap
   * @throws org.mien.core.error.DataException if the dimensions differ, or an embedding is not
   *     finite or zero, naming the row
   */
  public static MegafaceResult evaluate(
      MegafaceTrial trial,
      MegafaceOptions options,
      Progress.Factory progress,
      SplittableRandom random) {
    Mates mates = Mates.of(trial.probes());
    CountsAbove ranks = new CountsAbove(mates.similarities(), options.maximalRank());
    long impostors = (long) trial.probes().size() * trial.distractorCount();
    HighestScores highest = new HighestScores(scoresToKeep(options.targets(), impostors));
    ExactSearch.run(
        trial.probes().rows(),
        trial.distractors(),
        List.of(ranks, highest),
        options.threads(),
        progress);
    int[][] counts = new int[trial.probes().size()][];
    for (int probe = 0; probe < counts.length; probe++) {
      counts[probe] = ranks.counts(probe);
      for (int mate = 0; mate < counts[probe].length; mate++) {
        if (mates.similarities()[probe][mate] < 0) {
          counts[probe][mate] =
              (int)
                  Math.min(options.maximalRank(), (long) counts[probe][mate] + trial.zeroVectors());
        }
      }
    }
    LargeScoreSet scores =
        LargeScoreSet.ofTail(mates.flatSimilarities(), tail(highest, trial, impostors), impostors);
    return new Figures(trial, options, mates, counts, scores, random).result();
  }

  /**
   * Adds the zero vectors' similarities, as far as they are among the highest, and those that are
   * never similar where all others are known: then all are.
   */
  private static float[] tail(HighestScores highest, MegafaceTrial trial, long impostors) {
    float[] known = highest.descending();
    if (highest.total() == impostors) {
      return known;
    }
    boolean complete = known.length == highest.total();
    int kept = complete ? Math.toIntExact(impostors) : known.length;
    long zeros = (long) trial.probes().size() * trial.zeroVectors();
    float[] all = new float[kept];
    int from = 0;
    for (int i = 0; i < kept; i++) {
      if (zeros > 0 && (from == known.length || known[from] < 0)) {
        zeros--; // all[i] is 0
      } else {
        all[i] = from < known.length ? known[from++] : NEVER_SIMILAR;
      }
    }
    return all;
  }

  private static int scoresToKeep(List<FarTarget> targets, long impostors) {
    long kept = SHOWN_SCORES;
    for (FarTarget target : targets) {
      kept = Math.max(kept, LargeScoreSet.scoresForInterval(target, impostors));
    }
    return Math.toIntExact(Math.min(kept, impostors));
  }

  /**
   * The trials by probe.
   *
   * @param personOfProbe numbered from 0
   * @param people how many
   * @param similarities of each probe with the other images of its person, in their order
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Mates(int[] personOfProbe, int people, float[][] similarities) {
    static Mates of(LabelledRows probes) {
      Map<String, List<Integer>> rows = new LinkedHashMap<>();
      for (int probe = 0; probe < probes.size(); probe++) {
        rows.computeIfAbsent(probes.identities().get(probe), name -> new ArrayList<>()).add(probe);
      }
      EmbeddingRows embeddings = probes.rows();
      float[] unit = UnitLength.read(embeddings);
      int dimension = embeddings.dimension();
      int[] person = new int[probes.size()];
      float[][] similarities = new float[probes.size()][];
      int number = 0;
      for (List<Integer> images : rows.values()) {
        for (int probe : images) {
          person[probe] = number;
          similarities[probe] = new float[images.size() - 1];
          int next = 0;
          for (int mate : images) {
            if (mate != probe) {
              similarities[probe][next++] =
                  Cosine.of(unit, probe * dimension, unit, mate * dimension, dimension);
            }
          }
        }
        number++;
      }
      return new Mates(person, number, similarities);
    }

    int pairs() {
      int pairs = 0;
      for (float[] one : similarities) {
        pairs = Math.addExact(pairs, one.length);
      }
      return pairs;
    }

    float[] flatSimilarities() {
      float[] flat = new float[pairs()];
      int at = 0;
      for (float[] one : similarities) {
        System.arraycopy(one, 0, flat, at, one.length);
        at += one.length;
      }
      return flat;
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Figures(
      MegafaceTrial trial,
      MegafaceOptions options,
      Mates mates,
      int[][] counts,
      LargeScoreSet scores,
      SplittableRandom random) {

    MegafaceResult result() {
      List<AcceptedAtFar> points =
          options.targets().stream().map(target -> scores.at(target, FarRule.AT_MOST)).toList();
      int ranks = options.ranks().size();
      long[][] successes = new long[ranks + points.size()][mates.people()];
      long[] trials = new long[mates.people()];
      int[] flatCounts = new int[mates.pairs()];
      int at = 0;
      for (int probe = 0; probe < counts.length; probe++) {
        int person = mates.personOfProbe()[probe];
        for (int mate = 0; mate < counts[probe].length; mate++) {
          int count = counts[probe][mate];
          flatCounts[at++] = count;
          trials[person]++;
          for (int r = 0; r < ranks; r++) {
            successes[r][person] += count < options.ranks().get(r) ? 1 : 0;
          }
          Similarity similarity = new Similarity(mates.similarities()[probe][mate]);
          for (int t = 0; t < points.size(); t++) {
            successes[ranks + t][person] += similarity.reaches(points.get(t).threshold()) ? 1 : 0;
          }
        }
      }
      double[][] replicates = RateBootstrap.rates(successes, trials, options.replicates(), random);
      Map<String, Metric> metrics = new LinkedHashMap<>();
      List<CmcPoint> cmc = new ArrayList<>();
      for (int r = 0; r < ranks; r++) {
        ResampledRate rate = rate(successes[r], replicates[r]);
        cmc.add(new CmcPoint(options.ranks().get(r), rate.value(), rate.interval()));
        metrics.put("rank" + options.ranks().get(r), rate.toMetric(Optional.empty()));
      }
      for (int t = 0; t < points.size(); t++) {
        AcceptedAtFar point = points.get(t);
        String name = "@far=" + point.target().label();
        metrics.put(
            "tar" + name,
            rate(successes[ranks + t], replicates[ranks + t]).toMetric(point.warning()));
        metrics.put("threshold" + name, scores.thresholdMetric(point));
      }
      LargeRoc roc = LargeRoc.of(scores);
      return new MegafaceResult(
          metrics,
          cmc,
          points,
          roc,
          MegafaceResultFile.of(roc, flatCounts, options.maximalRank()),
          trial.distractorCount(),
          trial.probes().size(),
          mates.people(),
          flatCounts.length,
          scores.impostorCount());
    }

    private ResampledRate rate(long[] successes, double[] replicates) {
      long sum = 0;
      for (long one : successes) {
        sum += one;
      }
      return ResampledRate.of(sum / (double) mates.pairs(), mates.pairs(), replicates);
    }
  }
}
