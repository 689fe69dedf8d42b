package org.mien.model.loss;

import java.util.Arrays;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The loss of one task of several: another loss, of the rows whose label is known, times the task's
 * weight. A row whose label is {@value #UNKNOWN} adds nothing, neither loss nor gradient; the mean
 * still divides by all rows of the batch, so that a batch in parts gives what the whole one gives.
 *
 * <p>Labels are a column {@code (batch, 1)} of whole numbers. With a weight of 0 loss and gradient
 * are exactly 0. Masks of Deeplearning4j are refused: the column says it already.
 */
public final class TaskLoss implements ILossFunction {
  /** The label of a row for which the task's label is not known. */
  public static final int UNKNOWN = -1;

  private static final long serialVersionUID = 1L;

  @JsonProperty("loss")
  private final ILossFunction loss;

  @JsonProperty("weight")
  private final double weight;

  /**
   * @param loss of a row: {@link CategoryLoss}, {@link ExpectationLoss} or {@link OrdinalLoss}
   * @param weight at least 0
   */
  @JsonCreator
  public TaskLoss(@JsonProperty("loss") ILossFunction loss, @JsonProperty("weight") double weight) {
    if (!(loss instanceof RowLoss)) {
      throw new IllegalArgumentException("expected a loss of single rows, was " + loss);
    }
    if (!(weight >= 0 && weight <= 1e6)) {
      throw new IllegalArgumentException("expected a weight in [0, 1e6], was " + weight);
    }
    this.loss = loss;
    this.weight = weight;
  }

  @SuppressWarnings("ArrayRecordComponent") // A tuple inside this class, never compared.
  private record Rows(double[] losses, double[][] gradients) {}

  private Rows rows(INDArray labels, INDArray logits, INDArray mask) {
    if (logits.rank() != 2 || labels.rank() != 2 || labels.size(1) != 1) {
      throw new IllegalArgumentException(
          String.format(
              "expected logits (batch, outputs) and labels (batch, 1), were %s and %s",
              Arrays.toString(logits.shape()), Arrays.toString(labels.shape())));
    }
    if (mask != null || labels.size(0) != logits.size(0)) {
      throw new IllegalArgumentException(
          String.format(
              "expected a label for each of %d rows and no mask, were %d labels",
              logits.size(0), labels.size(0)));
    }
    RowLoss single = (RowLoss) loss;
    int outputs = Math.toIntExact(logits.size(1));
    long count = single.labels(outputs);
    double[][] values = logits.castTo(DataType.DOUBLE).toDoubleMatrix();
    double[] losses = new double[values.length];
    double[][] gradients = new double[values.length][outputs];
    for (int i = 0; i < losses.length; i++) {
      double label = labels.getDouble(i, 0);
      if (label == UNKNOWN || weight == 0) {
        continue;
      }
      if (!(label >= 0 && label < count) || label != Math.rint(label)) {
        throw new IllegalArgumentException(
            String.format("expected a label in [0, %d) or -1 in row %d, was %s", count, i, label));
      }
      losses[i] = weight * single.row(values[i], (int) label, gradients[i]);
      for (int j = 0; j < outputs; j++) {
        gradients[i][j] *= weight;
      }
    }
    return new Rows(losses, gradients);
  }

  @Override
  public double computeScore(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask, boolean average) {
    double sum = Arrays.stream(rows(labels, logits, mask).losses()).sum();
    return average ? sum / logits.size(0) : sum;
  }

  /** Returns the loss of each row, {@code (batch, 1)}; 0 where the label is not known. */
  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask) {
    double[] losses = rows(labels, logits, mask).losses();
    return Nd4j.createFromArray(losses).reshape(losses.length, 1).castTo(logits.dataType());
  }

  /** Returns the derivative of the summed loss by the logits, {@code (batch, outputs)}. */
  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask) {
    return Nd4j.createFromArray(rows(labels, logits, mask).gradients()).castTo(logits.dataType());
  }

  @Override
  public Pair<Double, INDArray> computeGradientAndScore(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask, boolean average) {
    Rows rows = rows(labels, logits, mask);
    double sum = Arrays.stream(rows.losses()).sum();
    return Pair.of(
        average ? sum / logits.size(0) : sum,
        Nd4j.createFromArray(rows.gradients()).castTo(logits.dataType()));
  }

  @Override
  public String name() {
    return "task";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TaskLoss task && task.weight == weight && task.loss.equals(loss);
  }

  @Override
  public int hashCode() {
    return 31 * loss.hashCode() + Double.hashCode(weight);
  }

  @Override
  public String toString() {
    return weight + " " + loss;
  }
}
