package org.mien.trainer.loop;

import java.util.List;
import java.util.Optional;
import org.mien.trainer.observe.EpochRecord;
import org.mien.trainer.observe.TaskScore;

/**
 * Which epoch is kept.
 *
 * @param figure {@code accuracy} or {@code loss} of the identities, {@code task.NAME} for a task's
 *     accuracy or mean absolute error, {@code task.NAME.loss} for its loss; all on the validation
 *     rows
 */
public record EpochChoice(String figure) {
  /** The identities' accuracy, among equals the lower loss. */
  public static final EpochChoice ACCURACY = new EpochChoice("accuracy");

  static final EpochChoice LOSS = new EpochChoice("loss");
  private static final String TASK = "task.";
  private static final String TASK_LOSS = ".loss";

  public EpochChoice {
    boolean task = figure.startsWith(TASK) && !taskOf(figure).isEmpty();
    if (!task && !figure.equals("accuracy") && !figure.equals("loss")) {
      throw new IllegalArgumentException(
          "expected accuracy, loss, task.NAME or task.NAME.loss, was '" + figure + "'");
    }
  }

  private static String taskOf(String figure) {
    String name = figure.substring(TASK.length());
    return name.endsWith(TASK_LOSS) ? name.substring(0, name.length() - TASK_LOSS.length()) : name;
  }

  /** The name of the task that chooses, if it is one. */
  public Optional<String> task() {
    return figure.startsWith(TASK) ? Optional.of(taskOf(figure)) : Optional.empty();
  }

  /**
   * Returns the best epoch: the one with the best figure, among equals the one with the lowest loss
   * of the same kind, among those the earliest; the last one where nothing was validated.
   *
   * @return its number, from 1; 0 without any
   */
  int best(List<EpochRecord> epochs) {
    double[] best = null;
    int number = 0;
    for (EpochRecord epoch : epochs) {
      double[] cost = cost(epoch);
      if (best == null
          || Double.isNaN(cost[0])
          || cost[0] < best[0]
          || (cost[0] == best[0] && cost[1] < best[1])) {
        best = cost;
        number = epoch.epoch();
      }
    }
    return number;
  }

  /** What is to be low, and what is to be low where that is equal. */
  private double[] cost(EpochRecord epoch) {
    if (task().isEmpty()) {
      return figure.equals("loss")
          ? new double[] {epoch.validationLoss(), 0}
          : new double[] {-epoch.validationAccuracy(), epoch.validationLoss()};
    }
    TaskScore score =
        epoch.tasks().stream()
            .filter(task -> task.name().equals(task().orElseThrow()))
            .findFirst()
            .orElse(new TaskScore("", TaskScore.Measure.MAE, Double.NaN, Double.NaN));
    if (figure.endsWith(TASK_LOSS)) {
      return new double[] {score.loss(), 0};
    }
    double sign = score.measure() == TaskScore.Measure.ACCURACY ? -1 : 1;
    return new double[] {sign * score.value(), score.loss()};
  }
}
