package org.mien.eval.template;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.mien.eval.metrics.Metric;
import org.mien.eval.score.LargeRoc;
import org.mien.eval.score.LargeScoreSet;
import org.mien.eval.uncertainty.ClopperPearson;
import org.mien.eval.uncertainty.Interval;
import org.mien.eval.uncertainty.RateBootstrap;

/**
 * Area under the curve and equal error rate, with intervals by resampling the identities of the
 * genuine pairs; the impostors stay as they are. Under a weighting of the identities the area is
 * the weighted mean of each genuine pair's share of impostors below it (ties count one half), and
 * the equal error rate lies where the weighted share of genuine pairs below a threshold meets the
 * share of impostors at or above it.
 */
final class CurveFigures {
  private static final double CONFIDENCE = 0.95;

  private final int[] identity;

  /** Of each genuine pair, ascending: the share of impostors at or above its similarity. */
  private final double[] reached;

  /** The share of impostors above it. */
  private final double[] above;

  /** The share of impostors below it, and half of those equal to it. */
  private final double[] below;

  private CurveFigures(int[] identity, double[] reached, double[] above, double[] below) {
    this.identity = identity;
    this.reached = reached;
    this.above = above;
    this.below = below;
  }

  /** Adds {@code auc} and {@code eer}. */
  static void put(
      Map<String, Metric> metrics,
      LargeRoc roc,
      LargeScoreSet scores,
      GenuinePairs genuine,
      boolean identitiesKnown,
      int replicates,
      SplittableRandom random) {
    CurveFigures curve = of(scores, genuine);
    double[][] drawn = RateBootstrap.run(genuine.identities(), replicates, random, curve::under);
    put(metrics, "auc", roc.area(), scores, drawn[0], identitiesKnown);
    put(metrics, "eer", roc.equalErrorRate(), scores, drawn[1], identitiesKnown);
  }

  private static void put(
      Map<String, Metric> metrics,
      String name,
      OptionalDouble value,
      LargeScoreSet scores,
      double[] drawn,
      boolean identitiesKnown) {
    if (value.isEmpty()) {
      return;
    }
    Metric metric = Metric.of(value.getAsDouble(), scores.genuineCount() + scores.impostorCount());
    Interval interval = Interval.percentile(drawn, CONFIDENCE);
    if (interval.isPoint()) {
      long fewer = Math.min(scores.genuineCount(), scores.impostorCount());
      Interval exact =
          ClopperPearson.interval(Math.round(metric.value() * fewer), fewer, CONFIDENCE);
      metrics.put(
          name,
          metric
              .withInterval(
                  Math.min(exact.low(), metric.value()), Math.max(exact.high(), metric.value()))
              .withNote(
                  "no resampling changes the figure: the interval is Clopper-Pearson's over as"
                      + " many trials as the rarer kind of pair has, "
                      + fewer));
      return;
    }
    Metric found =
        metric.withInterval(
            Math.min(interval.low(), metric.value()), Math.max(interval.high(), metric.value()));
    metrics.put(
        name,
        identitiesKnown
            ? found
            : found.withNote("the interval takes genuine pairs as independent"));
  }

  private static CurveFigures of(LargeScoreSet scores, GenuinePairs genuine) {
    float[] similarity = genuine.similarity();
    Integer[] order = IntStream.range(0, similarity.length).boxed().toArray(Integer[]::new);
    Arrays.sort(order, Comparator.comparing((Integer pair) -> similarity[pair]));
    int[] identity = new int[order.length];
    double[] reached = new double[order.length];
    double[] above = new double[order.length];
    double[] below = new double[order.length];
    double all = scores.impostorCount();
    for (int i = 0; i < order.length; i++) {
      float value = similarity[order[i]] + 0.0f;
      double atLeast = scores.impostorsAtLeast(value);
      double more = scores.impostorsAtLeast(Math.nextUp(value));
      identity[i] = genuine.identity()[order[i]];
      reached[i] = atLeast / all;
      above[i] = more / all;
      below[i] = 1 - (atLeast + more) / 2 / all;
    }
    return new CurveFigures(identity, reached, above, below);
  }

  private double[] under(int[] multiplicity) {
    double total = 0;
    double area = 0;
    for (int i = 0; i < identity.length; i++) {
      total += multiplicity[identity[i]];
      area += multiplicity[identity[i]] * below[i];
    }
    if (total == 0) {
      return null;
    }
    // Thresholds ascending, at and just above each genuine pair: FMR falls, FNMR rises.
    double fmr = 1;
    double fnmr = 0;
    double missed = 0;
    for (int i = 0; i < 2 * identity.length; i++) {
      boolean at = i % 2 == 0;
      missed += at ? 0 : multiplicity[identity[i / 2]];
      double nextFmr = at ? reached[i / 2] : above[i / 2];
      double nextFnmr = missed / total;
      if (nextFnmr >= nextFmr) {
        double before = fmr - fnmr;
        double after = nextFnmr - nextFmr;
        return new double[] {area / total, fnmr + before / (before + after) * (nextFnmr - fnmr)};
      }
      fmr = nextFmr;
      fnmr = nextFnmr;
    }
    throw new IllegalStateException("above all genuine pairs, all are missed");
  }
}
