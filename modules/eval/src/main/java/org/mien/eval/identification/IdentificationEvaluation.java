package org.mien.eval.identification;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.mien.core.error.DataException;
import org.mien.eval.metrics.Metric;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.Similarity;
import org.mien.eval.uncertainty.Interval;
import org.mien.eval.uncertainty.RateBootstrap;
import org.mien.eval.uncertainty.ResampledRate;

/**
 * The figures of a search, with 95 % intervals.
 *
 * <ul>
 *   <li>{@code rank1}, {@code rank5}, ...: the share of mated probes whose mate is at that rank or
 *       better. Non-mated probes do not count.
 *   <li>{@code fnir@fpir=1e-2}: the share of mated probes that are not found, at the threshold that
 *       {@link FpirRule} finds on the non-mated probes; {@code tpir@fpir=1e-2} is 1 minus it, and
 *       {@code threshold@fpir=1e-2} the threshold. Only where there are probes of both kinds.
 * </ul>
 *
 * <p>Several galleries are searched one by one with the same probes, and each figure is the mean
 * over them, each gallery counting the same. A probe that has its mate in one gallery is non-mated
 * in the others.
 *
 * <p>Intervals come from a bootstrap over the identities of the probes; each replicate chooses its
 * thresholds anew, and draws the same identities for all galleries. The gallery stays as it is.
 * Where all replicates are equal, Clopper and Pearson's interval stands in.
 */
public final class IdentificationEvaluation {
  private final List<GalleryCounts> galleries;
  private final IdentificationOptions options;

  private IdentificationEvaluation(List<GalleryCounts> galleries, IdentificationOptions options) {
    this.galleries = galleries;
    this.options = options;
  }

  /** As {@link #evaluate(List, IdentificationOptions, SplittableRandom)} of one gallery. */
  public static IdentificationResult evaluate(
      IdentificationScores scores, IdentificationOptions options, SplittableRandom random) {
    return evaluate(List.of(scores), options, random);
  }

  /**
   * Computes all figures.
   *
   * @param galleries the scores of the same probes in each gallery
   * @param random only for the bootstrap
   * @throws DataException if no probe has a mate in one of the galleries
   */
  public static IdentificationResult evaluate(
      List<IdentificationScores> galleries,
      IdentificationOptions options,
      SplittableRandom random) {
    if (galleries.isEmpty()) {
      throw new IllegalArgumentException("expected at least one gallery");
    }
    Map<String, Integer> identities = new LinkedHashMap<>();
    for (String name : galleries.get(0).probeIdentities()) {
      identities.putIfAbsent(name, identities.size());
    }
    List<GalleryCounts> counts = new ArrayList<>();
    for (IdentificationScores scores : galleries) {
      if (!scores.probeIdentities().equals(galleries.get(0).probeIdentities())) {
        throw new IllegalArgumentException("the galleries were searched with different probes");
      }
      if (scores.matedProbes() == 0) {
        throw new DataException(
            "none of the "
                + scores.probes()
                + " probes shows one of the "
                + scores.galleryIdentities()
                + " identities of gallery "
                + counts.size()
                + "; without mates there is nothing to find");
      }
      counts.add(new GalleryCounts(scores, identities, options));
    }
    return new IdentificationEvaluation(counts, options)
        .result(galleries, identities.size(), random);
  }

  private IdentificationResult result(
      List<IdentificationScores> scores, int identities, SplittableRandom random) {
    int[] once = new int[identities];
    Arrays.fill(once, 1);
    double[] figures = mean(once);
    double[][] replicates = RateBootstrap.run(identities, options.replicates(), random, this::mean);
    long mated = galleries.stream().mapToLong(GalleryCounts::mated).sum();
    long nonMated = galleries.stream().mapToLong(GalleryCounts::nonMated).sum();
    Map<String, Metric> metrics = new LinkedHashMap<>();
    List<CmcPoint> cmc = new ArrayList<>();
    for (int r = 0; r < options.ranks().size(); r++) {
      ResampledRate rate = ResampledRate.of(figures[r], mated, replicates[r]);
      cmc.add(new CmcPoint(options.ranks().get(r), rate.value(), rate.interval()));
      metrics.put("rank" + options.ranks().get(r), rate.toMetric(Optional.empty()));
    }
    List<OpenSetPoint> openSet = new ArrayList<>();
    if (isOpen()) {
      for (int t = 0; t < options.fpirTargets().size(); t++) {
        putOpen(t, figures, replicates, metrics, openSet);
      }
    }
    return new IdentificationResult(
        metrics,
        cmc,
        galleries.size() == 1 ? openSet : List.of(),
        isOpen() ? galleries.stream().map(GalleryCounts::curve).toList() : List.of(),
        galleries.size(),
        scores.stream().mapToInt(IdentificationScores::galleryIdentities).sum(),
        mated,
        nonMated,
        galleries.stream().mapToLong(GalleryCounts::tied).sum());
  }

  private boolean isOpen() {
    return galleries.stream().allMatch(gallery -> gallery.nonMated() > 0);
  }

  private void putOpen(
      int t,
      double[] figures,
      double[][] replicates,
      Map<String, Metric> metrics,
      List<OpenSetPoint> openSet) {
    FarTarget target = options.fpirTargets().get(t);
    int at = options.ranks().size() + 2 * t;
    long mated = galleries.stream().mapToLong(GalleryCounts::mated).sum();
    // A threshold is chosen in one gallery: the smallest decides whether the trials suffice.
    long nonMated = galleries.stream().mapToLong(GalleryCounts::nonMated).min().orElseThrow();
    Optional<String> warning = TooFewTrials.nonMated(target, nonMated);
    ResampledRate fnir = ResampledRate.of(figures[at], mated, replicates[at]);
    String name = "@fpir=" + target.label();
    metrics.put("fnir" + name, fnir.toMetric(warning));
    metrics.put("tpir" + name, fnir.complement().toMetric(warning));
    Metric threshold = Metric.of(figures[at + 1], nonMated);
    Interval spread = Interval.percentile(replicates[at + 1], ResampledRate.CONFIDENCE);
    if (!spread.isPoint()) {
      threshold = threshold.withInterval(spread.low(), spread.high());
    }
    metrics.put("threshold" + name, warning.map(threshold::withNote).orElse(threshold));
    GalleryCounts gallery = galleries.get(0);
    Similarity limit = new Similarity(figures[at + 1]);
    openSet.add(
        new OpenSetPoint(
            target,
            limit,
            gallery.falsePositives(limit),
            gallery.nonMated(),
            gallery.found(limit),
            gallery.mated(),
            fnir.interval(),
            warning));
  }

  /** The figures of each gallery under one weighting, averaged; null where one has none. */
  private double[] mean(int[] multiplicity) {
    double[] sum = null;
    for (GalleryCounts gallery : galleries) {
      double[] one = gallery.figures(multiplicity, isOpen());
      if (one == null) {
        return null;
      }
      if (sum == null) {
        sum = one;
      } else {
        for (int i = 0; i < one.length; i++) {
          sum[i] += one[i];
        }
      }
    }
    for (int i = 0; i < sum.length; i++) {
      sum[i] /= galleries.size();
    }
    return sum;
  }
}
