package org.mien.eval.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * One epoch of training; null where not measured.
 *
 * @param epoch its number, from 1
 * @param trainingLoss mean loss over the epoch's images, in nats
 * @param validationLoss mean loss over the validation images, in nats
 * @param trainingAccuracy fraction in [0, 1]
 * @param validationAccuracy fraction in [0, 1]
 * @param learningRate at the end of the epoch
 * @param tasks figures of further tasks, the same ones in every epoch
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EpochScores(
    int epoch,
    Double trainingLoss,
    Double validationLoss,
    Double trainingAccuracy,
    Double validationAccuracy,
    Double learningRate,
    List<Task> tasks) {
  public EpochScores {
    tasks = ReportParts.list(tasks);
    ReportParts.fraction("trainingAccuracy", trainingAccuracy);
    ReportParts.fraction("validationAccuracy", validationAccuracy);
  }

  /** An epoch of a network that learns identities alone. */
  public EpochScores(
      int epoch,
      Double trainingLoss,
      Double validationLoss,
      Double trainingAccuracy,
      Double validationAccuracy,
      Double learningRate) {
    this(
        epoch,
        trainingLoss,
        validationLoss,
        trainingAccuracy,
        validationAccuracy,
        learningRate,
        List.of());
  }

  /**
   * One task's figures on the validation images.
   *
   * @param name of the task
   * @param measure {@code accuracy}, in [0, 1], or {@code mae}, in years
   * @param loss mean loss, or null where no image has the label
   * @param value the measure, or null
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Task(String name, String measure, Double loss, Double value) {
    public Task {
      if (!measure.equals("mae")) {
        ReportParts.fraction(name, value);
      }
    }
  }
}
