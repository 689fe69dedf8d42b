package org.mien.eval.classification;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How often each identity was taken for each. Only what occurred is kept, so that thousands of
 * identities need no square of memory.
 *
 * <p>Precision of an identity is the share of images predicted as it that show it, recall the share
 * of its images that are predicted as it, and F1 their harmonic mean, {@code 2 TP / (2 TP + FP +
 * FN)}. Where a denominator is 0 the figure is 0, as with scikit-learn's {@code zero_division=0}.
 *
 * <p>Averages run over the identities that occur among the true or the predicted ones, as in
 * scikit-learn without {@code labels}: of an identity without any image nothing is known.
 */
public final class ConfusionMatrix {
  private final int[] support;
  private final int[] predicted;
  private final int[] correct;
  private final List<Confusion> confusions;
  private final int images;

  /**
   * One kind of mistake.
   *
   * @param actual the true identity
   * @param predicted the identity it was taken for
   * @param count how often, at least 1
   */
  public record Confusion(int actual, int predicted, int count) {}

  /**
   * Precision, recall and F1 under one way of averaging.
   *
   * @param precision in [0, 1]
   * @param recall in [0, 1]
   * @param f1 in [0, 1]; the average of the F1 of the identities, not the F1 of the averages
   */
  public record Averages(double precision, double recall, double f1) {}

  private ConfusionMatrix(
      int[] support, int[] predicted, int[] correct, List<Confusion> confusions, int images) {
    this.support = support;
    this.predicted = predicted;
    this.correct = correct;
    this.confusions = confusions;
    this.images = images;
  }

  /**
   * Counts true and predicted identities, image by image.
   *
   * @param actual true identity of each image, in [0, identities)
   * @param predicted predicted identity of each image, in [0, identities)
   * @param identities how many identities are known
   * @throws IllegalArgumentException if the lengths differ, there is no image, or an identity is
   *     out of range, naming the row
   */
  public static ConfusionMatrix of(int[] actual, int[] predicted, int identities) {
    if (actual.length != predicted.length) {
      throw new IllegalArgumentException(
          "expected a prediction for each image, were "
              + actual.length
              + " images and "
              + predicted.length
              + " predictions");
    }
    if (actual.length == 0) {
      throw new IllegalArgumentException("expected at least one image, was none");
    }
    int[] support = new int[identities];
    int[] predictions = new int[identities];
    int[] correct = new int[identities];
    Map<Long, Integer> mistakes = new TreeMap<>();
    for (int row = 0; row < actual.length; row++) {
      requireIdentity("true", actual[row], row, identities);
      requireIdentity("predicted", predicted[row], row, identities);
      support[actual[row]]++;
      predictions[predicted[row]]++;
      if (actual[row] == predicted[row]) {
        correct[actual[row]]++;
      } else {
        mistakes.merge((long) actual[row] * identities + predicted[row], 1, Integer::sum);
      }
    }
    List<Confusion> confusions = new ArrayList<>(mistakes.size());
    mistakes.forEach(
        (cell, count) ->
            confusions.add(
                new Confusion((int) (cell / identities), (int) (cell % identities), count)));
    return new ConfusionMatrix(
        support, predictions, correct, List.copyOf(confusions), actual.length);
  }

  static void requireIdentity(String kind, int identity, int row, int identities) {
    if (identity < 0 || identity >= identities) {
      throw new IllegalArgumentException(
          "row "
              + row
              + ": expected a "
              + kind
              + " identity in [0, "
              + identities
              + "), was "
              + identity);
    }
  }

  /** Returns how many identities are known, with images or without. */
  public int identities() {
    return support.length;
  }

  /** Returns how many images were counted. */
  public int images() {
    return images;
  }

  /** Returns how many images show the identity. */
  public int support(int identity) {
    return support[identity];
  }

  /** Returns how many images were predicted as the identity. */
  public int predicted(int identity) {
    return predicted[identity];
  }

  /** Returns how many images of the identity were predicted as it. */
  public int correct(int identity) {
    return correct[identity];
  }

  /** Returns how many images of {@code actual} were taken for {@code predictedAs}. */
  public int count(int actual, int predictedAs) {
    if (actual == predictedAs) {
      return correct[actual];
    }
    requireIdentity("true", actual, 0, identities());
    requireIdentity("predicted", predictedAs, 0, identities());
    return confusions.stream()
        .filter(c -> c.actual() == actual && c.predicted() == predictedAs)
        .mapToInt(Confusion::count)
        .sum();
  }

  /** Returns every mistake that occurred, by true and then by predicted identity. */
  public List<Confusion> confusions() {
    return confusions;
  }

  /** Returns the most frequent mistakes, by true and then by predicted identity where equal. */
  public List<Confusion> mostConfused(int atMost) {
    return confusions.stream()
        .sorted(Comparator.comparingInt(Confusion::count).reversed())
        .limit(atMost)
        .toList();
  }

  /** Returns how many images were predicted rightly. */
  public int correct() {
    int sum = 0;
    for (int count : correct) {
      sum += count;
    }
    return sum;
  }

  /** Returns the share of images that were predicted rightly. */
  public double accuracy() {
    return correct() / (double) images;
  }

  /**
   * Returns the mean recall of the identities that have images: the accuracy where each of them had
   * as many. It is not the macro recall where an identity without images was predicted.
   */
  public double balancedAccuracy() {
    double sum = 0;
    int count = 0;
    for (int identity = 0; identity < identities(); identity++) {
      if (support[identity] > 0) {
        sum += recall(identity);
        count++;
      }
    }
    return sum / count;
  }

  /** Returns the precision of an identity; 0 where it was never predicted. */
  public double precision(int identity) {
    return ratio(correct[identity], predicted[identity]);
  }

  /** Returns the recall of an identity; 0 where it has no image. */
  public double recall(int identity) {
    return ratio(correct[identity], support[identity]);
  }

  /** Returns the F1 of an identity; 0 where it has no image and was never predicted. */
  public double f1(int identity) {
    return ratio(2.0 * correct[identity], (double) support[identity] + predicted[identity]);
  }

  /** Returns whether the identity has an image or was predicted, so that it counts in averages. */
  public boolean occurs(int identity) {
    return support[identity] > 0 || predicted[identity] > 0;
  }

  /** Returns how many identities occur. */
  public int occurring() {
    int count = 0;
    for (int identity = 0; identity < identities(); identity++) {
      count += occurs(identity) ? 1 : 0;
    }
    return count;
  }

  /** Returns how many identities with images were never predicted: their precision is 0 / 0. */
  public int neverPredicted() {
    int count = 0;
    for (int identity = 0; identity < identities(); identity++) {
      count += support[identity] > 0 && predicted[identity] == 0 ? 1 : 0;
    }
    return count;
  }

  /** Returns how many predicted identities have no images: their recall is 0 / 0. */
  public int withoutImages() {
    int count = 0;
    for (int identity = 0; identity < identities(); identity++) {
      count += support[identity] == 0 && predicted[identity] > 0 ? 1 : 0;
    }
    return count;
  }

  /** Returns the plain mean over the identities that occur. */
  public Averages macro() {
    double precision = 0;
    double recall = 0;
    double f1 = 0;
    for (int identity = 0; identity < identities(); identity++) {
      precision += precision(identity);
      recall += recall(identity);
      f1 += f1(identity);
    }
    int count = occurring();
    return new Averages(precision / count, recall / count, f1 / count);
  }

  /**
   * Returns the figures over all images. With one true and one predicted identity an image, all
   * three equal the accuracy; they are given since readers look for them.
   */
  public Averages micro() {
    return new Averages(accuracy(), accuracy(), accuracy());
  }

  /** Returns the mean over the identities, each weighted by its number of images. */
  public Averages weighted() {
    double precision = 0;
    double recall = 0;
    double f1 = 0;
    for (int identity = 0; identity < identities(); identity++) {
      precision += support[identity] * precision(identity);
      recall += support[identity] * recall(identity);
      f1 += support[identity] * f1(identity);
    }
    return new Averages(precision / images, recall / images, f1 / images);
  }

  private static double ratio(double numerator, double denominator) {
    return denominator == 0 ? 0 : numerator / denominator;
  }
}
