package org.mien.model.layer;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.LayerValidation;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * An output layer over the cosines between embeddings and identities: {@code cosine(i, j) = x_i .
 * w_j / (|x_i| |w_j|)}, no bias, where {@code w_j} is column j of the weights {@code W (in,
 * identities)}.
 *
 * <p>Its output is the activation, softmax, of {@code scale * cosine}. What is minimised is a loss
 * function over the logits {@code scale * r(cosine)}, where the {@link LogitRule} {@code r} knows
 * each row's identity. The rule's running state, if it has one, is a parameter {@code state (1,
 * numbers)} that no optimiser touches, so that it is saved and restored with the weights.
 */
public final class CosineOutputLayer extends BaseOutputLayer {
  private static final long serialVersionUID = 1L;

  /** Name of the weights. */
  public static final String WEIGHTS = "W";

  /** Name of the rule's running state. */
  public static final String STATE = "state";

  private double scale;
  private LogitRule rule;

  /** For JSON only. */
  CosineOutputLayer() {}

  private CosineOutputLayer(Builder builder) {
    super(builder);
    this.scale = builder.scale;
    this.rule = builder.rule;
  }

  /**
   * Describes a layer.
   *
   * @param loss over logits {@code (batch, identities)}, with integer or one-hot labels
   * @param scale what cosines are multiplied with, positive
   */
  public static CosineOutputLayer of(
      int dimension, int identities, ILossFunction loss, LogitRule rule, double scale) {
    if (!(scale > 0) || Double.isInfinite(scale)) {
      throw new IllegalArgumentException("expected a positive scale, was " + scale);
    }
    return new Builder(loss, rule, scale)
        .nIn(dimension)
        .nOut(identities)
        .hasBias(false)
        .activation(Activation.SOFTMAX)
        .build();
  }

  /** What cosines are multiplied with. */
  public double getScale() {
    return scale;
  }

  void setScale(double scale) {
    this.scale = scale;
  }

  /** What is made of the cosines in training. */
  public LogitRule getRule() {
    return rule;
  }

  void setRule(LogitRule rule) {
    this.rule = rule;
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialize,
      DataType dataType) {
    LayerValidation.assertNInNOutSet("CosineOutputLayer", getLayerName(), index, nIn, nOut);
    CosineOutput layer = new CosineOutput(conf, dataType);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    Map<String, INDArray> table = initializer().init(conf, parameters, initialize);
    layer.setParamTable(table);
    layer.setConf(conf);
    return layer;
  }

  @Override
  public ParamInitializer initializer() {
    int numbers = rule.stateSize();
    return new ExtraParameter(STATE, numbers == 0 ? 0 : 1, numbers);
  }

  @Override
  public IUpdater getUpdaterByParam(String name) {
    return name.equals(STATE) ? new NoOp() : super.getUpdaterByParam(name);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CosineOutputLayer layer
        && super.equals(other)
        && layer.scale == scale
        && Objects.equals(layer.rule, rule);
  }

  @Override
  protected boolean canEqual(Object other) {
    return other instanceof CosineOutputLayer;
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), scale, rule);
  }

  private static final class Builder extends BaseOutputLayer.Builder<Builder> {
    private final LogitRule rule;
    private final double scale;

    Builder(ILossFunction loss, LogitRule rule, double scale) {
      super(loss);
      this.rule = rule;
      this.scale = scale;
    }

    @Override
    // The signature is Deeplearning4j's.
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    public <E extends org.deeplearning4j.nn.conf.layers.Layer> E build() {
      return (E) new CosineOutputLayer(this);
    }
  }
}
