package org.mien.eval.classification;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.mien.eval.metrics.Metric;
import org.mien.eval.uncertainty.ClopperPearson;
import org.mien.eval.uncertainty.Interval;

/**
 * All figures of closed-set classification, with 95 % intervals.
 *
 * <ul>
 *   <li>{@code accuracy}, {@code top5} (where more than 5 identities are known) and {@code
 *       accuracy.nearestCentroid}: with Clopper-Pearson intervals over images.
 *   <li>{@code balancedAccuracy}: mean recall of the identities with images, bootstrapped over
 *       images.
 *   <li>{@code precision.macro}, {@code recall.macro}, {@code f1.macro}, the same with {@code
 *       .micro} and {@code .weighted}: see {@link ConfusionMatrix}. The micro ones equal the
 *       accuracy and have its interval; the others are bootstrapped over images.
 * </ul>
 *
 * <p>All intervals hold for these identities and take images as independent draws; they do not tell
 * how the model would do on other people.
 */
public final class ClassificationEvaluation {
  private static final double CONFIDENCE = 0.95;
  private static final int TOP = 5;

  private ClassificationEvaluation() {}

  /**
   * Computes all figures from scores.
   *
   * @param names name of each identity
   * @param actual true identity of each image
   * @param scores {@code (images, identities)}, probabilities or logits; the highest is the
   *     prediction, the first of equals
   * @param nearestCentroid predictions of the baseline, or null
   * @param random only for the bootstrap
   * @throws org.mien.core.error.DataException if a score is NaN, naming its row
   * @throws IllegalArgumentException if sizes do not fit, naming the row
   */
  public static ClassificationResult evaluate(
      List<String> names,
      int[] actual,
      float[][] scores,
      int[] nearestCentroid,
      SplittableRandom random) {
    TopK top = TopK.of(scores, actual, TOP);
    if (scores[0].length != names.size()) {
      throw new IllegalArgumentException(
          "row 0: expected " + names.size() + " scores, one an identity, were " + scores[0].length);
    }
    return evaluate(
        names, actual, TopK.best(scores), names.size() > TOP ? top : null, nearestCentroid, random);
  }

  /** Computes all figures but {@code top5}, from predictions alone. */
  public static ClassificationResult evaluate(
      List<String> names,
      int[] actual,
      int[] predicted,
      int[] nearestCentroid,
      SplittableRandom random) {
    return evaluate(names, actual, predicted, null, nearestCentroid, random);
  }

  private static ClassificationResult evaluate(
      List<String> names,
      int[] actual,
      int[] predicted,
      TopK top,
      int[] nearestCentroid,
      SplittableRandom random) {
    ConfusionMatrix confusion = ConfusionMatrix.of(actual, predicted, names.size());
    Map<String, Metric> metrics = new LinkedHashMap<>();
    Metric accuracy = count(confusion.correct(), confusion.images());
    metrics.put("accuracy", accuracy);
    if (top != null) {
      metrics.put("top" + TOP, count(top.hits(), top.images()));
    }
    AverageBootstrap.Intervals intervals =
        AverageBootstrap.run(actual, predicted, names.size(), CONFIDENCE, random);
    metrics.put(
        "balancedAccuracy",
        figure(
            confusion.balancedAccuracy(), intervals.balancedAccuracy(), confusion.images(), null));
    put(metrics, "macro", confusion, confusion.macro(), intervals.macro());
    metrics.put("precision.micro", accuracy);
    metrics.put("recall.micro", accuracy);
    metrics.put("f1.micro", accuracy);
    put(metrics, "weighted", confusion, confusion.weighted(), intervals.weighted());
    if (nearestCentroid != null) {
      ConfusionMatrix baseline = ConfusionMatrix.of(actual, nearestCentroid, names.size());
      metrics.put("accuracy.nearestCentroid", count(baseline.correct(), baseline.images()));
    }
    List<IdentityFigures> rows = new ArrayList<>();
    for (int identity = 0; identity < names.size(); identity++) {
      rows.add(
          new IdentityFigures(
              identity,
              names.get(identity),
              confusion.support(identity),
              confusion.predicted(identity),
              confusion.correct(identity),
              confusion.precision(identity),
              confusion.recall(identity),
              confusion.f1(identity)));
    }
    return new ClassificationResult(metrics, rows, confusion);
  }

  private static void put(
      Map<String, Metric> metrics,
      String average,
      ConfusionMatrix confusion,
      ConfusionMatrix.Averages figures,
      AverageBootstrap.Averaged intervals) {
    String precisionNote =
        confusion.neverPredicted() == 0
            ? null
            : confusion.neverPredicted()
                + " identities were never predicted; their precision counts as 0";
    String recallNote =
        confusion.withoutImages() == 0
            ? null
            : confusion.withoutImages()
                + " predicted identities have no images; their recall counts as 0";
    String f1Note =
        precisionNote != null && recallNote != null
            ? precisionNote + "; " + recallNote
            : precisionNote != null ? precisionNote : recallNote;
    int images = confusion.images();
    metrics.put(
        "precision." + average,
        figure(figures.precision(), intervals.precision(), images, precisionNote));
    metrics.put(
        "recall." + average, figure(figures.recall(), intervals.recall(), images, recallNote));
    metrics.put("f1." + average, figure(figures.f1(), intervals.f1(), images, f1Note));
  }

  private static Metric figure(
      double value, AverageBootstrap.Spread spread, int images, String note) {
    Metric metric = Metric.of(value, images);
    Interval interval = spread.interval();
    // Resampling cannot see mistakes that did not occur: a point is no interval.
    if (interval.isPoint()) {
      Interval exact = ClopperPearson.interval(Math.round(value * images), images, CONFIDENCE);
      return metric
          .withInterval(Math.min(exact.low(), value), Math.max(exact.high(), value))
          .withNote(
              joined(
                  note,
                  "no resampling changes the figure: the interval is Clopper-Pearson's, as of a"
                      + " share of the images"));
    }
    // With few images an identity, F1 of resampled images lies below the figure itself.
    if (value < interval.low() || value > interval.high()) {
      double move = value - spread.median();
      return metric
          .withInterval(Math.max(0, interval.low() + move), Math.min(1, interval.high() + move))
          .withNote(
              joined(
                  note,
                  "too few images an identity to resample them well: the interval was moved to"
                      + " the figure"));
    }
    return metric.withInterval(interval.low(), interval.high()).withNote(note);
  }

  private static String joined(String first, String second) {
    return first == null ? second : first + "; " + second;
  }

  private static Metric count(int successes, int trials) {
    Interval interval = ClopperPearson.interval(successes, trials, CONFIDENCE);
    return Metric.of(successes / (double) trials, interval.low(), interval.high(), trials);
  }
}
