package org.mien.model.graph;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Folds batch normalisation into the convolution before it.
 *
 * <p>At inference {@code gamma (W x - mean) / sqrt(var + eps) + beta} is the convolution {@code W'
 * x + b'} with {@code W' = W gamma / sqrt(var + eps)} and {@code b' = beta - mean gamma / sqrt(var
 * + eps)} (and the convolution's own bias joins the mean). An activation that follows moves into
 * the convolution too. The folded graph is for inference: it has no statistics left to train.
 */
public final class FoldedGraph {
  private final ComputationGraph source;
  private final List<String> order;
  private final Map<String, Set<String>> consumers = new HashMap<>();

  /** What took a removed vertex's place. */
  private final Map<String, String> standIns = new HashMap<>();

  private final Map<String, String> normOfConvolution = new LinkedHashMap<>();
  private final Map<String, String> activationOfConvolution = new HashMap<>();

  private FoldedGraph(ComputationGraph source) {
    this.source = source;
    this.order = GraphAssembly.order(source);
    for (String vertex : order) {
      for (String input : GraphAssembly.inputsOf(source, vertex)) {
        consumers.computeIfAbsent(input, unused -> new HashSet<>()).add(vertex);
      }
    }
    // An output is read from outside as well and has to stay.
    for (String output : source.getConfiguration().getNetworkOutputs()) {
      consumers.computeIfAbsent(output, unused -> new HashSet<>()).add("(output)");
    }
  }

  /**
   * Returns a graph that computes the same as {@code frozen} does at inference, with the same
   * inputs and outputs. A batch normalisation that does not directly follow a convolution of its
   * own stays.
   */
  public static ComputationGraph of(ComputationGraph frozen) {
    return new FoldedGraph(frozen).build();
  }

  private ComputationGraph build() {
    order.forEach(this::plan);
    GraphAssembly assembly =
        new GraphAssembly(
            source.getConfiguration().getDataType(),
            0,
            source.getConfiguration().getNetworkInputs().toArray(String[]::new));
    for (String vertex : order) {
      if (standIns.containsKey(vertex)) {
        continue;
      }
      String[] inputs =
          GraphAssembly.inputsOf(source, vertex).stream()
              .map(input -> standIns.getOrDefault(input, input))
              .toArray(String[]::new);
      if (normOfConvolution.containsKey(vertex)) {
        assembly.addLayer(
            vertex, folded(vertex), GraphAssembly.preprocessorOf(source, vertex), inputs);
      } else {
        assembly.add(source, vertex, UnaryOperator.identity(), inputs);
      }
    }
    ComputationGraph result =
        assembly.build(source.getConfiguration().getNetworkOutputs().toArray(String[]::new));
    normOfConvolution.forEach((convolution, norm) -> setWeights(result, convolution, norm));
    return result;
  }

  /** Notes that a vertex disappears into the convolution before it, if it can. */
  private void plan(String vertex) {
    Layer layer = GraphAssembly.layerOf(source, vertex);
    List<String> inputs = GraphAssembly.inputsOf(source, vertex);
    if (layer == null || inputs.size() != 1 || isOutput(vertex)) {
      return;
    }
    String before = inputs.get(0);
    if (!Set.of(vertex).equals(consumers.get(before))) {
      return;
    }
    if (layer instanceof BatchNormalization norm
        && GraphAssembly.layerOf(source, before) instanceof ConvolutionLayer convolution
        && canTakeIn(convolution, norm)) {
      standIns.put(vertex, before);
      normOfConvolution.put(before, vertex);
    } else if (layer instanceof ActivationLayer && normOfConvolution.containsValue(before)) {
      String convolution = standIns.get(before);
      standIns.put(vertex, convolution);
      activationOfConvolution.put(convolution, vertex);
    }
  }

  private static boolean canTakeIn(ConvolutionLayer convolution, BatchNormalization norm) {
    return convolution.getClass() == ConvolutionLayer.class
        && convolution.getActivationFn() instanceof ActivationIdentity
        && convolution.getCnn2dDataFormat() == CNN2DFormat.NCHW
        && norm.getCnn2DFormat() == CNN2DFormat.NCHW;
  }

  private boolean isOutput(String vertex) {
    return source.getConfiguration().getNetworkOutputs().contains(vertex);
  }

  private ConvolutionLayer folded(String convolution) {
    ConvolutionLayer layer =
        ((ConvolutionLayer) GraphAssembly.layerOf(source, convolution)).clone();
    layer.setHasBias(true);
    String activation = activationOfConvolution.get(convolution);
    if (activation != null) {
      layer.setActivationFn(
          ((ActivationLayer) GraphAssembly.layerOf(source, activation)).getActivationFn());
    }
    return layer;
  }

  private void setWeights(ComputationGraph result, String convolution, String norm) {
    Map<String, INDArray> from = GraphAssembly.networkLayerOf(source, convolution).paramTable();
    Map<String, INDArray> to = result.getLayer(convolution).paramTable();
    Affine affine = affineOf(norm);
    // In double, so that folding adds no rounding of its own.
    INDArray weights = from.get(ConvolutionParamInitializer.WEIGHT_KEY).castTo(DataType.DOUBLE);
    INDArray scale = affine.scale();
    to.get(ConvolutionParamInitializer.WEIGHT_KEY)
        .assign(weights.mul(scale.reshape(scale.length(), 1, 1, 1).broadcast(weights.shape())));
    INDArray bias = affine.shift();
    INDArray ownBias = from.get(ConvolutionParamInitializer.BIAS_KEY);
    if (ownBias != null) {
      bias = bias.add(ownBias.castTo(DataType.DOUBLE).reshape(bias.shape()).mul(scale));
    }
    INDArray target = to.get(ConvolutionParamInitializer.BIAS_KEY);
    target.assign(bias.reshape(target.shape()));
  }

  /** What a batch normalisation does at inference: {@code scale x + shift}, one each a channel. */
  private record Affine(INDArray scale, INDArray shift) {}

  private Affine affineOf(String norm) {
    BatchNormalization layer = (BatchNormalization) GraphAssembly.layerOf(source, norm);
    Map<String, INDArray> parameters = GraphAssembly.networkLayerOf(source, norm).paramTable();
    INDArray mean = vector(parameters, BatchNormalizationParamInitializer.GLOBAL_MEAN);
    INDArray variance =
        layer.isUseLogStd()
            ? Transforms.pow(
                Nd4j.valueArrayOf(mean.shape(), 100.0, DataType.DOUBLE),
                vector(parameters, BatchNormalizationParamInitializer.GLOBAL_LOG_STD))
            : vector(parameters, BatchNormalizationParamInitializer.GLOBAL_VAR);
    INDArray gamma =
        layer.isLockGammaBeta()
            ? Nd4j.valueArrayOf(mean.shape(), layer.getGamma(), DataType.DOUBLE)
            : vector(parameters, BatchNormalizationParamInitializer.GAMMA);
    INDArray beta =
        layer.isLockGammaBeta()
            ? Nd4j.valueArrayOf(mean.shape(), layer.getBeta(), DataType.DOUBLE)
            : vector(parameters, BatchNormalizationParamInitializer.BETA);
    INDArray scale = gamma.div(Transforms.sqrt(variance.add(layer.getEps()), true));
    return new Affine(scale, beta.sub(mean.mul(scale)));
  }

  private static INDArray vector(Map<String, INDArray> parameters, String key) {
    INDArray values = parameters.get(key).castTo(DataType.DOUBLE);
    return values.reshape(values.length());
  }
}
