package org.mien.trainer.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.mien.core.error.DataException;
import org.mien.data.manifest.FaceSample;
import org.mien.eval.classification.AttributeFigures;
import org.mien.eval.classification.AttributesEvaluation;
import org.mien.eval.classification.ClassificationEvaluation;
import org.mien.eval.classification.ClassificationResult;
import org.mien.eval.classification.ConfusionMatrix;
import org.mien.eval.metrics.Metric;
import org.mien.eval.regression.AgeEvaluation;
import org.mien.eval.regression.AgeOptions;
import org.mien.eval.uncertainty.ClopperPearson;
import org.mien.eval.uncertainty.Interval;
import org.mien.model.task.ModelTask;

/**
 * Figures of the tasks that a model learned besides identity, over images whose label is known.
 *
 * <p>A category that no training image has counts as missed, for the network cannot name it.
 */
public final class TaskFigures {
  /** Of more categories, a figure for every two is no table anybody reads: one for each is left. */
  private static final int LARGEST_TABLE = 20;

  private static final double THRESHOLD = 0.5;

  private final int replicates;

  /**
   * @param replicates of the bootstraps, at least 2
   */
  public TaskFigures(int replicates) {
    this.replicates = replicates;
  }

  /**
   * Computes the figures of one task.
   *
   * @param samples what the outputs are of
   * @param outputs {@code (samples, outputs)} of the task's head
   * @return nothing if no sample has the attribute
   * @throws DataException if an age is not one, naming the sample
   */
  public Optional<Map<String, Metric>> of(
      ModelTask task, List<FaceSample> samples, float[] outputs, SplittableRandom random) {
    List<String> values = new ArrayList<>();
    List<String> identities = new ArrayList<>();
    List<float[]> rows = new ArrayList<>();
    int width = task.outputs();
    List<Double> years = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      FaceSample sample = samples.get(i);
      String value = sample.attributes().get(task.attribute());
      if (value != null) {
        values.add(value);
        identities.add(sample.identity());
        rows.add(Arrays.copyOfRange(outputs, i * width, (i + 1) * width));
        if (task.oldest().isPresent()) {
          years.add(years(task, sample.key(), value));
        }
      }
    }
    if (values.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        switch (task.kind()) {
          case CLASSES -> classes(task, values, rows, random);
          case AGE, AGE_ORDINAL -> ages(task, years, rows, identities, random);
          case BINARY -> binary(task, values, rows, identities, random);
        });
  }

  private static double years(ModelTask task, String key, String value) {
    try {
      return task.years(value);
    } catch (IllegalArgumentException e) {
      throw new DataException(key + ": attribute " + task.attribute() + ": " + e.getMessage(), e);
    }
  }

  private static Map<String, Metric> classes(
      ModelTask task, List<String> values, List<float[]> rows, SplittableRandom random) {
    List<String> names = new ArrayList<>(task.values());
    values.stream().filter(value -> !names.contains(value)).sorted().distinct().forEach(names::add);
    int[] actual = values.stream().mapToInt(names::indexOf).toArray();
    float[][] scores = new float[rows.size()][];
    for (int i = 0; i < scores.length; i++) {
      float[] row = rows.get(i);
      scores[i] = Arrays.copyOf(row, names.size());
      // Below every probability: never the highest.
      Arrays.fill(scores[i], row.length, names.size(), -1);
    }
    ClassificationResult result =
        ClassificationEvaluation.evaluate(names, actual, scores, null, random);
    Map<String, Metric> metrics = new LinkedHashMap<>(result.metrics());
    ConfusionMatrix confusion = result.confusion();
    for (int label = 0; label < names.size(); label++) {
      for (int told = 0; told < names.size() && confusion.support(label) > 0; told++) {
        if (told == label || names.size() <= LARGEST_TABLE) {
          putConfusion(
              metrics,
              names.get(label),
              names.get(told),
              confusion.count(label, told),
              confusion.support(label));
        }
      }
    }
    return metrics;
  }

  /** The share of the images with a label that the model tells to be something. */
  private static void putConfusion(
      Map<String, Metric> metrics, String label, String told, int count, int images) {
    Interval interval = ClopperPearson.interval(count, images, 0.95);
    metrics.put(
        "confusion@" + label + "=" + told,
        Metric.of(count / (double) images, interval.low(), interval.high(), images));
  }

  private Map<String, Metric> ages(
      ModelTask task,
      List<Double> years,
      List<float[]> rows,
      List<String> identities,
      SplittableRandom random) {
    AgeOptions defaults = AgeOptions.defaults();
    return AgeEvaluation.evaluate(
            years.stream().mapToDouble(Double::doubleValue).toArray(),
            rows.stream().mapToDouble(task::years).toArray(),
            identities,
            new AgeOptions(defaults.scoreYears(), defaults.bandEdges(), replicates),
            random)
        .metrics();
  }

  private Map<String, Metric> binary(
      ModelTask task,
      List<String> values,
      List<float[]> rows,
      List<String> identities,
      SplittableRandom random) {
    int[][] labels =
        values.stream().map(value -> new int[] {task.label(value)}).toArray(int[][]::new);
    AttributeFigures figures =
        AttributesEvaluation.evaluate(
                List.of(task.name()),
                rows.toArray(float[][]::new),
                labels,
                THRESHOLD,
                identities,
                replicates,
                random)
            .attributes()
            .get(0);
    Map<String, Metric> metrics = new LinkedHashMap<>();
    figures.accuracy().ifPresent(metric -> metrics.put("accuracy", metric));
    figures.balancedAccuracy().ifPresent(metric -> metrics.put("balancedAccuracy", metric));
    figures.precision().ifPresent(metric -> metrics.put("precision", metric));
    figures.recall().ifPresent(metric -> metrics.put("recall", metric));
    figures.f1().ifPresent(metric -> metrics.put("f1", metric));
    figures.averagePrecision().ifPresent(metric -> metrics.put("averagePrecision", metric));
    for (int label = 1; label >= 0; label--) {
      int images = 0;
      int yes = 0;
      for (int row = 0; row < labels.length; row++) {
        if (labels[row][0] == label) {
          images++;
          yes += rows.get(row)[0] >= THRESHOLD ? 1 : 0;
        }
      }
      if (images > 0) {
        String name = label == 1 ? "yes" : "no";
        putConfusion(metrics, name, "yes", yes, images);
        putConfusion(metrics, name, "no", images - yes, images);
      }
    }
    return metrics;
  }
}
