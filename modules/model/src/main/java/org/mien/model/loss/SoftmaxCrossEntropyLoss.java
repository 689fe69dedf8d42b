package org.mien.model.loss;

import java.util.Arrays;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonInclude;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Softmax and cross-entropy in one, computed from the logits {@code z} of shape {@code (batch,
 * identities)}:
 *
 * <p>{@code loss = log(sum_j exp(z_j)) - sum_j t_j z_j} and {@code dloss/dz = softmax(z) - t},
 * where {@code t = (1 - s) y + s / identities}, {@code y} is one-hot and {@code s} the label
 * smoothing. The largest logit is subtracted first, so nothing overflows and nothing needs to be
 * clipped (Deeplearning4j's own {@code LossMCXENT} clips probabilities at 1e-10, so that it never
 * reports more than 23.03).
 *
 * <p>With weights, the loss and the gradient of a row are multiplied with the weight of its
 * identity, {@code sum_j y_j w_j}; the mean over a batch divides by the number of rows, not by the
 * sum of their weights, so that what a row counts does not depend on its neighbours.
 *
 * <p>Labels are one-hot rows {@code (batch, identities)} or a column {@code (batch, 1)} of identity
 * indices; both give the same numbers, and the column saves {@code batch * identities} floats. The
 * output layer's activation only shapes what {@code output()} returns: it has to be softmax, and
 * the loss does not read it. Masks are refused.
 */
public final class SoftmaxCrossEntropyLoss implements ILossFunction {
  private static final long serialVersionUID = 1L;

  private final double labelSmoothing;

  /** One an identity; null if every row counts the same. */
  private final double[] identityWeights;

  /**
   * @param labelSmoothing in [0, 1)
   * @param weights of the rows
   */
  public SoftmaxCrossEntropyLoss(double labelSmoothing, IdentityWeights weights) {
    this(labelSmoothing, weights.values().isEmpty() ? null : weights.toArray());
  }

  @JsonCreator
  private SoftmaxCrossEntropyLoss(
      @JsonProperty("labelSmoothing") double labelSmoothing,
      @JsonProperty("identityWeights") double[] identityWeights) {
    this.labelSmoothing = labelSmoothing;
    this.identityWeights = identityWeights;
  }

  /** Returns the share of the target that is spread over all identities. */
  @JsonProperty("labelSmoothing")
  public double labelSmoothing() {
    return labelSmoothing;
  }

  /** Returns one weight an identity, or null, which the JSON leaves out. */
  @JsonProperty("identityWeights")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  double[] identityWeights() {
    return identityWeights == null ? null : identityWeights.clone();
  }

  @Override
  public double computeScore(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask, boolean average) {
    double sum = 0;
    for (double loss : losses(labels, logits, mask)) {
      sum += loss;
    }
    return average ? sum / logits.size(0) : sum;
  }

  /** Returns the loss of each example, {@code (batch, 1)}. */
  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask) {
    double[] losses = losses(labels, logits, mask);
    return Nd4j.createFromArray(losses).reshape(losses.length, 1).castTo(logits.dataType());
  }

  /** Returns the derivative of the summed loss by the logits, {@code (batch, identities)}. */
  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask) {
    requireShapes(labels, logits, mask);
    INDArray gradient = logits.subColumnVector(logits.max(true, 1));
    Transforms.exp(gradient, false);
    gradient.diviColumnVector(gradient.sum(true, 1));
    if (labelSmoothing > 0) {
      gradient.subi(labelSmoothing / logits.size(1));
    }
    double target = 1 - labelSmoothing;
    if (isIndices(labels, logits)) {
      for (int i = 0; i < labels.size(0); i++) {
        long identity = identity(labels, i, logits.size(1));
        gradient.putScalar(i, identity, gradient.getDouble(i, identity) - target);
      }
    } else {
      gradient.subi(labels.castTo(gradient.dataType()).mul(target));
    }
    if (identityWeights != null) {
      double[] weights = weightsOfRows(labels, logits);
      gradient.muliColumnVector(
          Nd4j.createFromArray(weights).reshape(weights.length, 1).castTo(gradient.dataType()));
    }
    return gradient;
  }

  @Override
  public Pair<Double, INDArray> computeGradientAndScore(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask, boolean average) {
    return Pair.of(
        computeScore(labels, logits, activation, mask, average),
        computeGradient(labels, logits, activation, mask));
  }

  @Override
  public String name() {
    return "softmaxCrossEntropy";
  }

  private double[] losses(INDArray labels, INDArray logits, INDArray mask) {
    requireShapes(labels, logits, mask);
    INDArray shifted = logits.subColumnVector(logits.max(true, 1));
    INDArray sumOfExponentials = Transforms.exp(shifted, true).sum(true, 1);
    INDArray targetLogits =
        isIndices(labels, logits)
            ? null
            : shifted.mul(labels.castTo(shifted.dataType())).sum(true, 1);
    INDArray meanLogits = labelSmoothing > 0 ? shifted.mean(true, 1) : null;
    double[] losses = new double[(int) logits.size(0)];
    for (int i = 0; i < losses.length; i++) {
      double targetLogit =
          targetLogits == null
              ? shifted.getDouble(i, identity(labels, i, logits.size(1)))
              : targetLogits.getDouble(i);
      double smoothed = meanLogits == null ? 0 : labelSmoothing * meanLogits.getDouble(i);
      losses[i] =
          Math.log(sumOfExponentials.getDouble(i)) - (1 - labelSmoothing) * targetLogit - smoothed;
    }
    if (identityWeights != null) {
      double[] weights = weightsOfRows(labels, logits);
      Arrays.setAll(losses, i -> losses[i] * weights[i]);
    }
    return losses;
  }

  private double[] weightsOfRows(INDArray labels, INDArray logits) {
    if (identityWeights.length != logits.size(1)) {
      throw new IllegalArgumentException(
          String.format(
              "%d weights do not fit %d identities", identityWeights.length, logits.size(1)));
    }
    boolean indices = isIndices(labels, logits);
    double[] weights = new double[(int) labels.size(0)];
    for (int i = 0; i < weights.length; i++) {
      if (indices) {
        weights[i] = identityWeights[(int) identity(labels, i, logits.size(1))];
        continue;
      }
      for (int j = 0; j < identityWeights.length; j++) {
        weights[i] += labels.getDouble(i, j) * identityWeights[j];
      }
    }
    return weights;
  }

  private static boolean isIndices(INDArray labels, INDArray logits) {
    return labels.size(1) == 1 && logits.size(1) > 1;
  }

  private static long identity(INDArray labels, int row, long identities) {
    double value = labels.getDouble(row, 0);
    if (!(value >= 0 && value < identities) || value != Math.rint(value)) {
      throw new IllegalArgumentException(
          "expected an identity in [0, " + identities + ") in row " + row + ", was " + value);
    }
    return (long) value;
  }

  private static void requireShapes(INDArray labels, INDArray logits, INDArray mask) {
    boolean fits =
        logits.rank() == 2
            && labels.rank() == 2
            && labels.size(0) == logits.size(0)
            && (labels.size(1) == logits.size(1) || labels.size(1) == 1);
    if (!fits) {
      throw new IllegalArgumentException(
          String.format(
              "labels of shape %s do not fit logits of shape %s",
              Arrays.toString(labels.shape()), Arrays.toString(logits.shape())));
    }
    if (mask != null) {
      throw new IllegalArgumentException("this loss knows no masks");
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SoftmaxCrossEntropyLoss loss
        && loss.labelSmoothing == labelSmoothing
        && Arrays.equals(loss.identityWeights, identityWeights);
  }

  @Override
  public int hashCode() {
    return 31 * Double.hashCode(labelSmoothing) + Arrays.hashCode(identityWeights);
  }

  @Override
  public String toString() {
    return "SoftmaxCrossEntropyLoss(labelSmoothing="
        + labelSmoothing
        + (identityWeights == null ? "" : ", weights of " + identityWeights.length + " identities")
        + ")";
  }
}
