package org.mien.trainer.loop;

import org.mien.model.loss.TaskLoss;
import org.mien.model.task.ModelTask;
import org.mien.model.task.TaskHead;
import org.mien.trainer.observe.TaskScore;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Sums over the rows of a batch for one task.
 *
 * @param task whose
 * @param known rows whose label is known
 * @param lossSum their summed loss, not weighted
 * @param valueSum how many of them are right, or the summed distances in years
 */
public record TaskTally(ModelTask task, long known, double lossSum, double valueSum) {

  /**
   * Looks at a head's outputs.
   *
   * @param outputs {@code (batch, outputs)}, after softmax or sigmoid
   * @param labels of the rows, {@link TaskLoss#UNKNOWN} where not known
   */
  static TaskTally of(TaskHead head, INDArray outputs, int[] labels) {
    ModelTask task = head.task();
    float[][] rows = outputs.toFloatMatrix();
    long known = 0;
    double sum = 0;
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] != TaskLoss.UNKNOWN) {
        known++;
        sum +=
            switch (task.kind()) {
              case CLASSES -> GraphEngine.highest(rows[i]) == labels[i] ? 1 : 0;
              case BINARY -> (rows[i][0] > 0.5 ? 1 : 0) == labels[i] ? 1 : 0;
              case AGE, AGE_ORDINAL -> Math.abs(task.years(rows[i]) - labels[i]);
            };
      }
    }
    TaskLoss loss = new TaskLoss(head.config().loss().toLossFunction(), 1);
    double lossSum =
        loss.computeScore(GraphEngine.column(labels), logits(task, outputs), null, null, false);
    return new TaskTally(task, known, lossSum, sum);
  }

  /** What gives these outputs: softmax does not see a constant, so the logarithm is enough. */
  private static INDArray logits(ModelTask task, INDArray outputs) {
    // A probability that underflowed counts as the smallest normal float.
    INDArray likely = Transforms.max(outputs, Float.MIN_NORMAL, true);
    INDArray logarithms = Transforms.log(likely, false);
    return switch (task.kind()) {
      case CLASSES, AGE -> logarithms;
      case BINARY, AGE_ORDINAL -> {
        INDArray unlikely = Transforms.max(outputs.rsub(1), Float.MIN_NORMAL, true);
        yield logarithms.sub(Transforms.log(unlikely, false));
      }
    };
  }

  TaskTally plus(TaskTally other) {
    return new TaskTally(
        task, known + other.known, lossSum + other.lossSum, valueSum + other.valueSum);
  }

  TaskScore score() {
    double rows = known == 0 ? Double.NaN : known;
    boolean age = task.oldest().isPresent();
    return new TaskScore(
        task.name(),
        age ? TaskScore.Measure.MAE : TaskScore.Measure.ACCURACY,
        lossSum / rows,
        valueSum / rows);
  }
}
