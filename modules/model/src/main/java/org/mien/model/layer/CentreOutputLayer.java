package org.mien.model.layer;

import java.util.Arrays;
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
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A linear output layer with bias that also keeps a centre of each identity's embeddings and adds
 * {@code lambda / 2 |x_i - c_yi|^2} to the loss of row i (Wen et al. 2016, equation 5).
 *
 * <p>The centres {@code (identities, in)} are a parameter that no optimiser touches. They start at
 * 0, and each batch moves centre j by {@code -rate sum_i [y_i = j] (c_j - x_i) / (1 + n_j)}, where
 * {@code n_j} rows of the batch are of identity j (equations 4 and 6).
 *
 * <p>Deeplearning4j's own {@code CenterLossOutputLayer} takes one-hot rows only.
 */
public final class CentreOutputLayer extends BaseOutputLayer {
  private static final long serialVersionUID = 1L;

  /** Name of the centres. */
  public static final String CENTRES = "centres";

  private double lambda;
  private double rate;
  @JsonProperty private double[] identityWeights = {};

  /** For JSON only. */
  CentreOutputLayer() {}

  private CentreOutputLayer(Builder builder) {
    super(builder);
    this.lambda = builder.lambda;
    this.rate = builder.rate;
    this.identityWeights = builder.identityWeights;
  }

  /**
   * Describes a layer.
   *
   * @param loss over logits {@code (batch, identities)}, with integer or one-hot labels
   * @param lambda weight of the distance, at least 0
   * @param rate alpha, in (0, 1]
   * @param identityWeights what a row's distance is multiplied with; empty for 1
   */
  public static CentreOutputLayer of(
      int dimension,
      int identities,
      ILossFunction loss,
      double lambda,
      double rate,
      double[] identityWeights) {
    return new Builder(loss, lambda, rate, identityWeights.clone())
        .nIn(dimension)
        .nOut(identities)
        .activation(Activation.SOFTMAX)
        .build();
  }

  /** Weight of the distance. */
  public double getLambda() {
    return lambda;
  }

  void setLambda(double lambda) {
    this.lambda = lambda;
  }

  /** How far a batch moves the centres. */
  public double getRate() {
    return rate;
  }

  void setRate(double rate) {
    this.rate = rate;
  }

  double weight(int identity) {
    return identityWeights.length == 0 ? 1 : identityWeights[identity];
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialize,
      DataType dataType) {
    LayerValidation.assertNInNOutSet("CentreOutputLayer", getLayerName(), index, nIn, nOut);
    CentreOutput layer = new CentreOutput(conf, dataType);
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
    return new ExtraParameter(CENTRES, nOut, nIn);
  }

  @Override
  public IUpdater getUpdaterByParam(String name) {
    return name.equals(CENTRES) ? new NoOp() : super.getUpdaterByParam(name);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CentreOutputLayer layer
        && super.equals(other)
        && layer.lambda == lambda
        && layer.rate == rate
        && Arrays.equals(layer.identityWeights, identityWeights);
  }

  @Override
  protected boolean canEqual(Object other) {
    return other instanceof CentreOutputLayer;
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), lambda, rate, Arrays.hashCode(identityWeights));
  }

  private static final class Builder extends BaseOutputLayer.Builder<Builder> {
    private final double lambda;
    private final double rate;
    private final double[] identityWeights;

    Builder(ILossFunction loss, double lambda, double rate, double[] identityWeights) {
      super(loss);
      this.lambda = lambda;
      this.rate = rate;
      this.identityWeights = identityWeights;
    }

    @Override
    // The signature is Deeplearning4j's.
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    public <E extends org.deeplearning4j.nn.conf.layers.Layer> E build() {
      return (E) new CentreOutputLayer(this);
    }
  }
}
