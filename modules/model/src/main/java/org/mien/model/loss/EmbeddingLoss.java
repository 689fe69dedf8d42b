package org.mien.model.loss;

import java.util.Arrays;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * A loss over the distances between the embeddings of a batch {@code (batch, dimension)}, each
 * scaled to length 1 first: there is no classifier. Labels are a column {@code (batch, 1)} of
 * identity numbers. Distances are computed in double: {@code |u - v|^2 = 2 - 2 u.v}. An embedding
 * of length below {@value #SHORTEST} has no direction: its distance to all others is {@code
 * sqrt(2)} and its gradient 0.
 */
abstract class EmbeddingLoss implements ILossFunction {
  private static final long serialVersionUID = 1L;
  private static final double SHORTEST = 1e-12;

  /**
   * Computes the loss of each row.
   *
   * @param squares squared distances {@code (batch, batch)} in [0, 4]
   * @param identities of the rows
   * @param slopes zeros on entry; filled with the derivative of the summed loss by each squared
   *     distance, where {@code [i][j]} and {@code [j][i]} are two names of the same distance that
   *     are added up
   */
  abstract double[] losses(double[][] squares, int[] identities, double[][] slopes);

  /** What makes two losses of this class the same. */
  abstract Object settings();

  @SuppressWarnings("ArrayRecordComponent") // A tuple inside this class, never compared.
  private record Result(double[] losses, INDArray gradient) {}

  private Result compute(INDArray labels, INDArray embeddings, INDArray mask) {
    if (mask != null) {
      throw new IllegalArgumentException("this loss knows no masks");
    }
    if (embeddings.rank() != 2
        || labels.rank() != 2
        || labels.size(0) != embeddings.size(0)
        || labels.size(1) != 1) {
      throw new IllegalArgumentException(
          String.format(
              "expected embeddings (batch, dimension) and labels (batch, 1), were of shapes %s and"
                  + " %s",
              Arrays.toString(embeddings.shape()), Arrays.toString(labels.shape())));
    }
    int rows = (int) embeddings.size(0);
    int[] identities = new int[rows];
    Arrays.setAll(identities, i -> labels.getInt(i, 0));
    INDArray vectors = embeddings.castTo(DataType.DOUBLE);
    double[] lengths = vectors.norm2(1).toDoubleVector();
    double[] inverses = new double[rows];
    Arrays.setAll(inverses, i -> lengths[i] < SHORTEST ? 0 : 1 / lengths[i]);
    INDArray inverse = Nd4j.createFromArray(inverses).reshape(rows, 1);
    INDArray units = vectors.mulColumnVector(inverse);
    double[][] squares = units.mmul(units.transpose()).toDoubleMatrix();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < rows; j++) {
        squares[i][j] = i == j ? 0 : Math.max(0, 2 - 2 * squares[i][j]);
      }
    }
    double[][] slopes = new double[rows][rows];
    double[] losses = losses(squares, identities, slopes);
    for (int i = 0; i < rows; i++) {
      for (int j = i; j < rows; j++) {
        double both = -2 * (slopes[i][j] + slopes[j][i]);
        slopes[i][j] = i == j ? 0 : both;
        slopes[j][i] = slopes[i][j];
      }
    }
    INDArray byUnit = Nd4j.createFromArray(slopes).mmul(units);
    INDArray radial = units.mul(byUnit).sum(true, 1);
    INDArray gradient = byUnit.subi(units.mulColumnVector(radial)).muliColumnVector(inverse);
    return new Result(losses, gradient.castTo(embeddings.dataType()));
  }

  @Override
  public final double computeScore(
      INDArray labels,
      INDArray embeddings,
      IActivation activation,
      INDArray mask,
      boolean average) {
    double sum = Arrays.stream(compute(labels, embeddings, mask).losses()).sum();
    return average ? sum / embeddings.size(0) : sum;
  }

  /** Returns the loss of each example, {@code (batch, 1)}. */
  @Override
  public final INDArray computeScoreArray(
      INDArray labels, INDArray embeddings, IActivation activation, INDArray mask) {
    double[] losses = compute(labels, embeddings, mask).losses();
    return Nd4j.createFromArray(losses).reshape(losses.length, 1).castTo(embeddings.dataType());
  }

  /** Returns the derivative of the summed loss by the embeddings, {@code (batch, dimension)}. */
  @Override
  public final INDArray computeGradient(
      INDArray labels, INDArray embeddings, IActivation activation, INDArray mask) {
    return compute(labels, embeddings, mask).gradient();
  }

  @Override
  public final Pair<Double, INDArray> computeGradientAndScore(
      INDArray labels,
      INDArray embeddings,
      IActivation activation,
      INDArray mask,
      boolean average) {
    Result result = compute(labels, embeddings, mask);
    double sum = Arrays.stream(result.losses()).sum();
    return Pair.of(average ? sum / embeddings.size(0) : sum, result.gradient());
  }

  @Override
  public final boolean equals(Object other) {
    return other != null
        && other.getClass() == getClass()
        && ((EmbeddingLoss) other).settings().equals(settings());
  }

  @Override
  public final int hashCode() {
    return settings().hashCode();
  }

  @Override
  public final String toString() {
    return name() + settings();
  }
}
