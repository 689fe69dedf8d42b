package org.mien.model.loss;

import java.util.Arrays;
import org.mien.model.layer.IdentityLabels;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * A loss over logits {@code (batch, outputs)} that looks at one row at a time, in double. Labels
 * are a column {@code (batch, 1)} of whole numbers, or one-hot rows. The output layer's activation
 * only shapes what {@code output()} returns; the loss does not read it. Masks are refused.
 */
abstract class RowLoss implements ILossFunction {
  private static final long serialVersionUID = 1L;

  /**
   * Computes the loss of a row.
   *
   * @param logits of the row
   * @param label in [0, {@link #labels})
   * @param gradient filled with the derivative by each logit
   */
  abstract double row(double[] logits, int label, double[] gradient);

  /** How many labels there are for so many outputs. */
  long labels(long outputs) {
    return outputs;
  }

  /** What loss and gradient of a row are multiplied with. */
  double weight(int label, long outputs) {
    return 1;
  }

  /** What makes two losses of this class the same. */
  abstract double[] settings();

  @SuppressWarnings("ArrayRecordComponent") // A tuple inside this class, never compared.
  private record Rows(double[] losses, double[][] gradients) {}

  private Rows rows(INDArray labels, INDArray logits, INDArray mask) {
    if (logits.rank() != 2) {
      throw new IllegalArgumentException(
          "expected logits of shape (batch, outputs), was " + Arrays.toString(logits.shape()));
    }
    if (mask != null) {
      throw new IllegalArgumentException("this loss knows no masks");
    }
    long outputs = logits.size(1);
    int[] targets = IdentityLabels.of(labels, logits.size(0), labels(outputs));
    double[][] values = logits.castTo(DataType.DOUBLE).toDoubleMatrix();
    double[] losses = new double[targets.length];
    double[][] gradients = new double[targets.length][(int) outputs];
    for (int i = 0; i < targets.length; i++) {
      double weight = weight(targets[i], outputs);
      losses[i] = weight * row(values[i], targets[i], gradients[i]);
      for (int j = 0; weight != 1 && j < outputs; j++) {
        gradients[i][j] *= weight;
      }
    }
    return new Rows(losses, gradients);
  }

  @Override
  public final double computeScore(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask, boolean average) {
    double sum = Arrays.stream(rows(labels, logits, mask).losses()).sum();
    return average ? sum / logits.size(0) : sum;
  }

  /** Returns the loss of each example, {@code (batch, 1)}. */
  @Override
  public final INDArray computeScoreArray(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask) {
    double[] losses = rows(labels, logits, mask).losses();
    return Nd4j.createFromArray(losses).reshape(losses.length, 1).castTo(logits.dataType());
  }

  /** Returns the derivative of the summed loss by the logits, {@code (batch, outputs)}. */
  @Override
  public final INDArray computeGradient(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask) {
    return Nd4j.createFromArray(rows(labels, logits, mask).gradients()).castTo(logits.dataType());
  }

  @Override
  public final Pair<Double, INDArray> computeGradientAndScore(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask, boolean average) {
    Rows rows = rows(labels, logits, mask);
    double sum = Arrays.stream(rows.losses()).sum();
    return Pair.of(
        average ? sum / logits.size(0) : sum,
        Nd4j.createFromArray(rows.gradients()).castTo(logits.dataType()));
  }

  /** Softmax, stable: the largest logit is subtracted first. */
  static double[] softmax(double[] logits) {
    double highest = Arrays.stream(logits).max().orElseThrow();
    double[] probabilities = new double[logits.length];
    double sum = 0;
    for (int j = 0; j < logits.length; j++) {
      probabilities[j] = Math.exp(logits[j] - highest);
      sum += probabilities[j];
    }
    for (int j = 0; j < logits.length; j++) {
      probabilities[j] /= sum;
    }
    return probabilities;
  }

  /** {@code log(sum_j exp(z_j))}, stable. */
  static double logSumExp(double[] logits) {
    double highest = Arrays.stream(logits).max().orElseThrow();
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit - highest);
    }
    return highest + Math.log(sum);
  }

  @Override
  public final boolean equals(Object other) {
    return other != null
        && other.getClass() == getClass()
        && Arrays.equals(((RowLoss) other).settings(), settings());
  }

  @Override
  public final int hashCode() {
    return 31 * getClass().hashCode() + Arrays.hashCode(settings());
  }

  @Override
  public final String toString() {
    return name() + Arrays.toString(settings());
  }
}
