package org.mien.model.loss;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Another loss times a number, gradients too: how much the identities count beside further tasks.
 * With 0 both are exactly 0, whatever the loss is.
 */
public final class ScaledLoss implements ILossFunction {
  private static final long serialVersionUID = 1L;

  @JsonProperty("loss")
  private final ILossFunction loss;

  @JsonProperty("scale")
  private final double scale;

  /**
   * @param scale in [0, 1e6]
   */
  @JsonCreator
  public ScaledLoss(@JsonProperty("loss") ILossFunction loss, @JsonProperty("scale") double scale) {
    if (!(scale >= 0 && scale <= 1e6)) {
      throw new IllegalArgumentException("expected a scale in [0, 1e6], was " + scale);
    }
    this.loss = loss;
    this.scale = scale;
  }

  @Override
  public double computeScore(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask, boolean average) {
    return scale == 0 ? 0 : scale * loss.computeScore(labels, logits, activation, mask, average);
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask) {
    return loss.computeScoreArray(labels, logits, activation, mask).mul(scale);
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask) {
    INDArray gradient = loss.computeGradient(labels, logits, activation, mask);
    return scale == 0 ? gradient.assign(0) : gradient.muli(scale);
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
    return "scaled";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ScaledLoss scaled && scaled.scale == scale && scaled.loss.equals(loss);
  }

  @Override
  public int hashCode() {
    return 31 * loss.hashCode() + Double.hashCode(scale);
  }

  @Override
  public String toString() {
    return scale + " " + loss;
  }
}
