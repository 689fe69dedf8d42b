package org.mien.eval.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.mien.core.progress.Progress;
import org.mien.data.protocol.TemplateProtocol;
import org.mien.eval.metrics.Metric;
import org.mien.eval.score.AcceptedAtFar;
import org.mien.eval.score.FarRule;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.LargeRoc;
import org.mien.eval.score.LargeScoreSet;
import org.mien.eval.score.Similarity;
import org.mien.eval.search.PairSimilarities;
import org.mien.eval.uncertainty.RateBootstrap;
import org.mien.eval.uncertainty.ResampledRate;

/**
 * 1:1 comparison of templates, as in IJB-B and IJB-C: the similarity of a pair is the cosine of its
 * pooled embeddings.
 *
 * <ul>
 *   <li>{@code tar@far=1e-4}: the highest TAR with at most that FAR ({@link FarRule#AT_MOST});
 *       {@code threshold@far=1e-4} is its threshold.
 *   <li>{@code tar@far=1e-4.nearest}: {@link FarRule#NEAREST}, as the published evaluators have it.
 *   <li>{@code auc}, {@code eer}: of all pairs.
 * </ul>
 *
 * <p>Intervals of TAR are bootstrapped over the identities of the genuine pairs, at the threshold
 * found, where the protocol's tables tell them; else they are Clopper and Pearson's. Those of AUC
 * and EER are bootstrapped likewise, or, where nobody knows the identities, over the genuine pairs;
 * the impostors, of which there are millions, stay as they are. Those of thresholds are {@link
 * LargeScoreSet#thresholdMetric}'s.
 *
 * <p>Memory: 8 bytes a pair besides the protocol's own 8.
 */
public final class TemplateVerification {
  private TemplateVerification() {}

  /**
   * Compares all pairs and computes all figures.
   *
   * @param random only for the bootstrap
   * @throws org.mien.core.error.DataException if there is no genuine or no impostor pair
   */
  public static TemplateVerificationResult evaluate(
      PooledTemplates templates,
      TemplateVerificationOptions options,
      Progress.Factory progress,
      SplittableRandom random) {
    TemplateProtocol protocol = templates.protocol();
    float[] similarities =
        PairSimilarities.of(
            templates,
            protocol.pairs(),
            protocol::pairA,
            protocol::pairB,
            options.threads(),
            progress);
    LargeScoreSet scores = LargeScoreSet.ofPairs(similarities, protocol::genuine);
    LargeRoc roc = LargeRoc.of(scores);
    List<AcceptedAtFar> points = new ArrayList<>();
    for (FarTarget target : options.targets()) {
      points.add(scores.at(target, FarRule.AT_MOST));
      if (options.withNearest()) {
        points.add(scores.at(target, FarRule.NEAREST));
      }
    }
    Optional<GenuinePairs> genuine = GenuinePairs.of(protocol, similarities);
    List<ResampledRate> rates = rates(points, genuine, options.replicates(), random);
    Map<String, Metric> metrics = new LinkedHashMap<>();
    CurveFigures.put(
        metrics,
        roc,
        scores,
        genuine.orElseGet(() -> GenuinePairs.apart(protocol, similarities)),
        genuine.isPresent(),
        options.replicates(),
        random);
    for (int i = 0; i < points.size(); i++) {
      AcceptedAtFar point = points.get(i);
      String name = "@far=" + point.target().label();
      Metric tar = rates.get(i).toMetric(point.warning());
      if (point.rule() == FarRule.NEAREST) {
        metrics.put("tar" + name + ".nearest", tar);
        continue;
      }
      metrics.put("tar" + name, tar);
      metrics.put("threshold" + name, scores.thresholdMetric(point));
    }
    return new TemplateVerificationResult(
        metrics,
        points,
        roc,
        scores.genuineCount(),
        scores.impostorCount(),
        genuine.map(known -> OptionalInt.of(known.identities())).orElse(OptionalInt.empty()));
  }

  private static List<ResampledRate> rates(
      List<AcceptedAtFar> points,
      Optional<GenuinePairs> genuine,
      int replicates,
      SplittableRandom random) {
    if (genuine.isEmpty()) {
      return points.stream()
          .map(point -> ResampledRate.independent(point.tar(), point.genuine()))
          .toList();
    }
    GenuinePairs pairs = genuine.get();
    long[] trials = new long[pairs.identities()];
    long[][] accepted = new long[points.size()][trials.length];
    for (int pair = 0; pair < pairs.similarity().length; pair++) {
      int identity = pairs.identity()[pair];
      trials[identity]++;
      for (int point = 0; point < accepted.length; point++) {
        Similarity similarity = new Similarity(pairs.similarity()[pair]);
        accepted[point][identity] += similarity.reaches(points.get(point).threshold()) ? 1 : 0;
      }
    }
    double[][] drawn = RateBootstrap.rates(accepted, trials, replicates, random);
    List<ResampledRate> rates = new ArrayList<>();
    for (int point = 0; point < accepted.length; point++) {
      AcceptedAtFar at = points.get(point);
      rates.add(ResampledRate.of(at.tar(), at.genuine(), drawn[point]));
    }
    return rates;
  }
}
