package org.mien.eval.classification;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.mien.core.error.DataException;
import org.mien.eval.metrics.Metric;
import org.mien.eval.uncertainty.ClopperPearson;
import org.mien.eval.uncertainty.IdentityResampling;
import org.mien.eval.uncertainty.Interval;
import org.mien.eval.uncertainty.Replicates;

/**
 * All figures of attributes that a face has or not, several at a time (as CelebA's 40), with 95 %
 * intervals bootstrapped over identities, where those are known, else over images. Where that gives
 * a point, accuracy and recall have Clopper-Pearson's and the others none.
 *
 * <p>Expressions and other choices of one of several belong to {@link ClassificationEvaluation}.
 */
public final class AttributesEvaluation {
  /** The label of an image that has the attribute. */
  public static final int PRESENT = 1;

  /** The label of an image that does not have it. (CelebA writes -1 for it.) */
  public static final int ABSENT = 0;

  /** The label of an image of which it is not known; it does not count for this attribute. */
  public static final int UNKNOWN = -1;

  private static final double CONFIDENCE = 0.95;
  private static final int FIGURES = 6;

  private static final String SHARE_OF_IMAGES =
      "no resampling changes the figure: the interval is Clopper-Pearson's, as of a share of the"
          + " images";

  private AttributesEvaluation() {}

  /**
   * Computes all figures.
   *
   * @param names of the attributes
   * @param scores {@code (images, attributes)}, higher where an attribute is there
   * @param labels {@code (images, attributes)}: {@link #PRESENT}, {@link #ABSENT} or {@link
   *     #UNKNOWN}
   * @param threshold an attribute is taken to be there where {@code score >= threshold}: 0.5 for
   *     probabilities, 0 for logits; not to be chosen on these images
   * @param identities who each image shows, or null where that is not known
   * @param replicates of the bootstrap, at least 2
   * @throws DataException if a score is NaN or a label none of the three, naming row and attribute
   * @throws IllegalArgumentException if the sizes do not fit, naming the row
   */
  public static AttributesResult evaluate(
      List<String> names,
      float[][] scores,
      int[][] labels,
      double threshold,
      List<String> identities,
      int replicates,
      SplittableRandom random) {
    requireSizes(names, scores, labels);
    int images = scores.length;
    int attributes = names.size();
    List<Column> columns = new ArrayList<>();
    for (int a = 0; a < attributes; a++) {
      columns.add(Column.of(names.get(a), scores, labels, a, threshold));
    }
    IdentityResampling resampling =
        identities == null
            ? IdentityResampling.ofIndependent(images)
            : IdentityResampling.ofImages(identities);
    if (resampling.trials() != images) {
      throw new IllegalArgumentException(
          "expected an identity for each of " + images + " images, were " + resampling.trials());
    }
    int[] once = new int[images];
    Arrays.fill(once, 1);
    double[] found = figures(columns, once);
    Replicates drawn = resampling.run(replicates, random, weights -> figures(columns, weights));
    List<AttributeFigures> rows = new ArrayList<>();
    for (int a = 0; a < attributes; a++) {
      Column column = columns.get(a);
      int at = a * FIGURES;
      rows.add(
          new AttributeFigures(
              names.get(a),
              column.known(),
              column.positives,
              metric(found, drawn, at, column.known(), true),
              metric(found, drawn, at + 1, column.known(), false),
              metric(found, drawn, at + 2, column.known(), false),
              metric(found, drawn, at + 3, column.positives, true),
              metric(found, drawn, at + 4, column.known(), false),
              metric(found, drawn, at + 5, column.known(), false)));
    }
    Map<String, Metric> metrics = new LinkedHashMap<>();
    putMean(metrics, "accuracy.mean", found, drawn, attributes, 0, images);
    putMean(metrics, "balancedAccuracy.mean", found, drawn, attributes, 1, images);
    putMean(metrics, "f1.macro", found, drawn, attributes, 4, images);
    putMean(metrics, "averagePrecision.mean", found, drawn, attributes, 5, images);
    return new AttributesResult(metrics, rows);
  }

  private static void requireSizes(List<String> names, float[][] scores, int[][] labels) {
    if (scores.length != labels.length || scores.length == 0 || names.isEmpty()) {
      throw new IllegalArgumentException(
          "expected a row of scores and of labels for each image and at least one, were "
              + scores.length
              + " and "
              + labels.length);
    }
    for (int row = 0; row < scores.length; row++) {
      if (scores[row].length != names.size() || labels[row].length != names.size()) {
        throw new IllegalArgumentException(
            "row "
                + row
                + ": expected "
                + names.size()
                + " scores and labels, were "
                + scores[row].length
                + " and "
                + labels[row].length);
      }
    }
  }

  private static double[] figures(List<Column> columns, int[] weights) {
    double[] figures = new double[columns.size() * FIGURES];
    for (int a = 0; a < columns.size(); a++) {
      columns.get(a).figures(weights, figures, a * FIGURES);
    }
    return figures;
  }

  private static Optional<Metric> metric(
      double[] found, Replicates drawn, int figure, int trials, boolean count) {
    double value = found[figure];
    if (Double.isNaN(value)) {
      return Optional.empty();
    }
    Metric metric = Metric.of(value, trials);
    Optional<Interval> interval = drawn.interval(figure, CONFIDENCE).filter(i -> !i.isPoint());
    if (interval.isPresent()) {
      return Optional.of(metric.withInterval(interval.get().low(), interval.get().high()));
    }
    return Optional.of(
        exact(
            metric,
            trials,
            count
                ? "the interval is Clopper-Pearson's, images taken as independent"
                : SHARE_OF_IMAGES));
  }

  private static Metric exact(Metric metric, int trials, String note) {
    Interval exact =
        ClopperPearson.interval(Math.round(metric.value() * trials), trials, CONFIDENCE);
    return metric
        .withInterval(Math.min(exact.low(), metric.value()), Math.max(exact.high(), metric.value()))
        .withNote(note);
  }

  private static void putMean(
      Map<String, Metric> metrics,
      String name,
      double[] found,
      Replicates drawn,
      int attributes,
      int figure,
      int images) {
    List<Integer> defined = new ArrayList<>();
    for (int a = 0; a < attributes; a++) {
      if (!Double.isNaN(found[a * FIGURES + figure])) {
        defined.add(a * FIGURES + figure);
      }
    }
    if (defined.isEmpty()) {
      return;
    }
    double value = defined.stream().mapToDouble(at -> found[at]).average().getAsDouble();
    double[][] columns = defined.stream().map(drawn::values).toArray(double[][]::new);
    double[] means = new double[columns[0].length];
    for (int replicate = 0; replicate < means.length; replicate++) {
      double sum = 0;
      int count = 0;
      for (double[] column : columns) {
        if (!Double.isNaN(column[replicate])) {
          sum += column[replicate];
          count++;
        }
      }
      means[replicate] = count == 0 ? value : sum / count;
    }
    Interval interval = Interval.percentile(means, CONFIDENCE);
    Metric metric = Metric.of(value, images);
    String leftOut =
        defined.size() == attributes
            ? null
            : "of "
                + defined.size()
                + " of "
                + attributes
                + " attributes; it is not defined for the others";
    metrics.put(
        name,
        interval.isPoint()
            ? exact(
                metric,
                images,
                leftOut == null ? SHARE_OF_IMAGES : leftOut + "; " + SHARE_OF_IMAGES)
            : metric.withInterval(interval.low(), interval.high()).withNote(leftOut));
  }

  /** One attribute's known images. */
  private static final class Column {
    private final int[] image;
    private final boolean[] present;
    private final boolean[] taken;
    private final AveragePrecision byScore;
    private final int positives;

    private Column(
        int[] image, boolean[] present, boolean[] taken, AveragePrecision byScore, int positives) {
      this.image = image;
      this.present = present;
      this.taken = taken;
      this.byScore = byScore;
      this.positives = positives;
    }

    static Column of(
        String name, float[][] scores, int[][] labels, int attribute, double threshold) {
      int known = 0;
      int positives = 0;
      for (int row = 0; row < scores.length; row++) {
        int label = labels[row][attribute];
        if (label != PRESENT && label != ABSENT && label != UNKNOWN) {
          throw new DataException(
              "row "
                  + row
                  + ": expected a label of "
                  + name
                  + " of 1, 0 or -1 (unknown), was "
                  + label);
        }
        if (Float.isNaN(scores[row][attribute])) {
          throw new DataException("row " + row + ": the score of " + name + " is NaN");
        }
        known += label == UNKNOWN ? 0 : 1;
        positives += label == PRESENT ? 1 : 0;
      }
      int[] image = new int[known];
      boolean[] present = new boolean[known];
      boolean[] taken = new boolean[known];
      double[] score = new double[known];
      int next = 0;
      for (int row = 0; row < scores.length; row++) {
        if (labels[row][attribute] != UNKNOWN) {
          image[next] = row;
          present[next] = labels[row][attribute] == PRESENT;
          taken[next] = scores[row][attribute] >= threshold;
          score[next] = scores[row][attribute];
          next++;
        }
      }
      return new Column(image, present, taken, AveragePrecision.sorted(score, present), positives);
    }

    int known() {
      return image.length;
    }

    void figures(int[] weights, double[] figures, int at) {
      int[] own = new int[image.length];
      double tp = 0;
      double fp = 0;
      double fn = 0;
      double tn = 0;
      for (int i = 0; i < own.length; i++) {
        own[i] = weights[image[i]];
        if (present[i]) {
          tp += taken[i] ? own[i] : 0;
          fn += taken[i] ? 0 : own[i];
        } else {
          fp += taken[i] ? own[i] : 0;
          tn += taken[i] ? 0 : own[i];
        }
      }
      double all = tp + fp + fn + tn;
      figures[at] = (tp + tn) / all;
      figures[at + 1] = (tp / (tp + fn) + tn / (tn + fp)) / 2;
      figures[at + 2] = all == 0 ? Double.NaN : tp + fp == 0 ? 0 : tp / (tp + fp);
      figures[at + 3] = tp / (tp + fn);
      figures[at + 4] =
          all == 0 ? Double.NaN : 2 * tp + fp + fn == 0 ? 0 : 2 * tp / (2 * tp + fp + fn);
      figures[at + 5] = byScore.weighted(own);
    }
  }
}
