package org.mien.trainer.task;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.data.manifest.FaceSample;
import org.mien.model.loss.TaskLoss;
import org.mien.model.task.ModelTask;
import org.mien.model.task.TaskConfig;
import org.mien.model.task.TaskHead;
import org.mien.trainer.loop.TrainingRows;

/**
 * The tasks of a recipe, settled by its training images: what each output means, and the label of
 * each image.
 *
 * @param heads in the recipe's order
 */
public record TaskSet(List<TaskHead> heads) {
  public TaskSet {
    heads = List.copyOf(heads);
  }

  /**
   * Settles what the outputs of each task mean.
   *
   * @param training the images that are learned from
   * @throws ConfigException if no training image has a task's attribute, naming those there are, or
   *     its values leave nothing to learn
   */
  public static TaskSet of(List<TaskConfig> tasks, List<FaceSample> training) {
    if (tasks.isEmpty()) {
      return new TaskSet(List.of());
    }
    Map<String, SortedMap<String, Integer>> counts = new TreeMap<>();
    SortedSet<String> known = new TreeSet<>();
    for (TaskConfig task : tasks) {
      counts.put(task.learned(), new TreeMap<>());
    }
    for (FaceSample sample : training) {
      sample
          .attributes()
          .forEach(
              (name, value) -> {
                known.add(name);
                if (counts.containsKey(name)) {
                  counts.get(name).merge(value, 1, Integer::sum);
                }
              });
    }
    List<TaskHead> heads = new ArrayList<>();
    for (TaskConfig task : tasks) {
      SortedMap<String, Integer> values = counts.get(task.learned());
      if (values.isEmpty()) {
        throw new ConfigException(
            "model.tasks "
                + task.name()
                + ": no training image has the attribute '"
                + task.learned()
                + "'; "
                + (known.isEmpty()
                    ? "this data set has none at all (a list with further columns can give some)"
                    : "they have " + String.join(", ", known)));
      }
      try {
        heads.add(
            new TaskHead(
                task,
                task.loss()
                    .resolve(
                        task.name(), task.learned(), Collections.unmodifiableSortedMap(values))));
      } catch (IllegalArgumentException e) {
        throw new ConfigException(
            "model.tasks " + task.name() + " (attribute " + task.learned() + "): " + e.getMessage(),
            e);
      }
    }
    return new TaskSet(heads);
  }

  /** What the outputs mean, in the recipe's order. */
  public List<ModelTask> tasks() {
    return heads.stream().map(TaskHead::task).toList();
  }

  /**
   * Adds the labels of the tasks to rows.
   *
   * @param samples what each row shows
   * @return the rows themselves where there is no task
   * @throws DataException if an age is not one, naming the sample
   */
  public TrainingRows label(TrainingRows rows, List<FaceSample> samples) {
    if (heads.isEmpty()) {
      return rows;
    }
    if (rows.size() != samples.size()) {
      throw new IllegalArgumentException(
          "expected a sample for each of " + rows.size() + " rows, were " + samples.size());
    }
    int[][] labels = new int[heads.size()][samples.size()];
    int row = 0;
    for (FaceSample sample : samples) {
      for (int task = 0; task < labels.length; task++) {
        labels[task][row] = label(heads.get(task).task(), sample);
      }
      row++;
    }
    return new TaskRows(rows, labels);
  }

  /**
   * Returns the label of one image.
   *
   * @return {@link TaskLoss#UNKNOWN} if it does not have the attribute, or has a value that no
   *     training image has
   * @throws DataException if an age is not one, naming the sample
   */
  static int label(ModelTask task, FaceSample sample) {
    String value = sample.attributes().get(task.attribute());
    if (value == null) {
      return TaskLoss.UNKNOWN;
    }
    try {
      return task.label(value);
    } catch (IllegalArgumentException e) {
      throw new DataException(
          sample.key() + ": attribute " + task.attribute() + ": " + e.getMessage(), e);
    }
  }
}
