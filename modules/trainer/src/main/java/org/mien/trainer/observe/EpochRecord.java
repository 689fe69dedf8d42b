package org.mien.trainer.observe;

import java.util.List;

/**
 * The figures of one epoch.
 *
 * @param epoch from 1
 * @param steps steps done since the start of the training
 * @param learningRate rate of the last step
 * @param trainingLoss mean loss of the training rows, tasks included, each as it was met (before
 *     its step), in nats
 * @param validationLoss mean cross-entropy of the validation rows after the epoch, or, without a
 *     classifier, the loss that training lowers; NaN without any
 * @param validationAccuracy share of validation rows whose identity scores highest, or, without a
 *     classifier, whose identity's mean embedding is nearest; NaN without any
 * @param seconds wall-clock time of the epoch
 * @param tasks how each task does on the validation rows, in the recipe's order; none without tasks
 *     or validation rows
 */
public record EpochRecord(
    int epoch,
    long steps,
    double learningRate,
    double trainingLoss,
    double validationLoss,
    double validationAccuracy,
    double seconds,
    List<TaskScore> tasks) {
  public EpochRecord {
    tasks = List.copyOf(tasks);
  }

  /** Figures without further tasks. */
  public EpochRecord(
      int epoch,
      long steps,
      double learningRate,
      double trainingLoss,
      double validationLoss,
      double validationAccuracy,
      double seconds) {
    this(
        epoch,
        steps,
        learningRate,
        trainingLoss,
        validationLoss,
        validationAccuracy,
        seconds,
        List.of());
  }
}
