package org.mien.model.graph;

import java.util.Arrays;
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
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
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
 * Folds batch normalisation into the convolution, depthwise convolution or dense layer before it.
 *
 * <p>At inference {@code gamma (W x - mean) / sqrt(var + eps) + beta} is the convolution {@code W'
 * x + b'} with {@code W' = W gamma / sqrt(var + eps)} and {@code b' = beta - mean gamma / sqrt(var
 * + eps)} (and the convolution's own bias joins the mean). A depthwise convolution of one pixel, a
 * scale and shift of each plane, is folded in the same way. An activation that follows moves into
 * the convolution too. The folded graph is for inference: it has no statistics left to train.
 *
 * <p>A batch normalisation before a convolution stays: the convolution pads with zeros, which are
 * not what the shift makes of zeros.
 */
public final class FoldedGraph {
  private final ComputationGraph source;
  private final List<String> order;
  private final Map<String, Set<String>> consumers = new HashMap<>();

  /** What took a removed vertex's place. */
  private final Map<String, String> standIns = new HashMap<>();

  private final Map<String, String> normOfConvolution = new LinkedHashMap<>();
  private final Map<String, String> activationOfConvolution = new HashMap<>();

  /** The graph's output that a convolution takes in, whose name it then gets. */
  private final Map<String, String> outputOfConvolution = new HashMap<>();

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
   * inputs and outputs. A batch normalisation that does not directly follow a convolution or dense
   * layer of its own stays.
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
              .map(this::newName)
              .toArray(String[]::new);
      if (normOfConvolution.containsKey(vertex)) {
        assembly.addLayer(
            newName(vertex), folded(vertex), GraphAssembly.preprocessorOf(source, vertex), inputs);
      } else {
        assembly.add(source, vertex, UnaryOperator.identity(), inputs);
      }
    }
    ComputationGraph result =
        assembly.build(source.getConfiguration().getNetworkOutputs().toArray(String[]::new));
    normOfConvolution.forEach((convolution, norm) -> setWeights(result, convolution, norm));
    return result;
  }

  private String newName(String vertex) {
    return outputOfConvolution.getOrDefault(vertex, vertex);
  }

  /** Notes that a vertex disappears into the convolution before it, if it can. */
  private void plan(String vertex) {
    Layer layer = GraphAssembly.layerOf(source, vertex);
    List<String> inputs = GraphAssembly.inputsOf(source, vertex);
    if (layer == null
        || inputs.size() != 1
        || GraphAssembly.preprocessorOf(source, vertex) != null) {
      return;
    }
    String before = inputs.get(0);
    if (!Set.of(vertex).equals(consumers.get(before))) {
      return;
    }
    if (isAffine(layer)
        && !standIns.containsKey(before)
        && canTakeIn(GraphAssembly.layerOf(source, before))) {
      standIns.put(vertex, before);
      normOfConvolution.put(before, vertex);
      noteOutput(before, vertex);
    } else if (layer instanceof ActivationLayer && normOfConvolution.containsValue(before)) {
      String convolution = standIns.get(before);
      standIns.put(vertex, convolution);
      activationOfConvolution.put(convolution, vertex);
      noteOutput(convolution, vertex);
    }
  }

  private void noteOutput(String convolution, String vertex) {
    if (isOutput(vertex)) {
      outputOfConvolution.put(convolution, vertex);
    }
  }

  /** Whether a layer is, at inference, a scale and shift of each plane or number. */
  private static boolean isAffine(Layer layer) {
    return layer instanceof BatchNormalization norm
        ? norm.getCnn2DFormat() == CNN2DFormat.NCHW
        : isChannelScale(layer);
  }

  private static boolean isChannelScale(Layer layer) {
    return layer != null
        && layer.getClass() == DepthwiseConvolution2D.class
        && layer instanceof DepthwiseConvolution2D depthwise
        && depthwise.getDepthMultiplier() == 1
        && depthwise.getCnn2dDataFormat() == CNN2DFormat.NCHW
        && depthwise.getActivationFn() instanceof ActivationIdentity
        && Arrays.stream(depthwise.getKernelSize()).allMatch(side -> side == 1)
        && Arrays.stream(depthwise.getStride()).allMatch(stride -> stride == 1)
        && Arrays.stream(depthwise.getPadding()).allMatch(padding -> padding == 0);
  }

  private static boolean canTakeIn(Layer layer) {
    // Exact classes: a subclass computes something else.
    if (layer instanceof ConvolutionLayer convolution) {
      return (convolution.getClass() == ConvolutionLayer.class
              || convolution.getClass() == DepthwiseConvolution2D.class)
          && convolution.getActivationFn() instanceof ActivationIdentity
          && convolution.getCnn2dDataFormat() == CNN2DFormat.NCHW;
    }
    return layer instanceof DenseLayer dense
        && dense.getClass() == DenseLayer.class
        && dense.getActivationFn() instanceof ActivationIdentity
        && !dense.isHasLayerNorm();
  }

  private boolean isOutput(String vertex) {
    return source.getConfiguration().getNetworkOutputs().contains(vertex);
  }

  private FeedForwardLayer folded(String convolution) {
    FeedForwardLayer layer = (FeedForwardLayer) GraphAssembly.layerOf(source, convolution).clone();
    if (layer instanceof DenseLayer dense) {
      dense.setHasBias(true);
    } else {
      ((ConvolutionLayer) layer).setHasBias(true);
    }
    String activation = activationOfConvolution.get(convolution);
    if (activation != null) {
      layer.setActivationFn(
          ((ActivationLayer) GraphAssembly.layerOf(source, activation)).getActivationFn());
    }
    return layer;
  }

  private void setWeights(ComputationGraph result, String convolution, String norm) {
    Map<String, INDArray> from = GraphAssembly.networkLayerOf(source, convolution).paramTable();
    Map<String, INDArray> to = result.getLayer(newName(convolution)).paramTable();
    Affine affine = affineOf(norm);
    // In double, so that folding adds no rounding of its own.
    INDArray weights = from.get(ConvolutionParamInitializer.WEIGHT_KEY).castTo(DataType.DOUBLE);
    INDArray scale = affine.scale();
    to.get(ConvolutionParamInitializer.WEIGHT_KEY)
        .assign(
            weights.mul(
                scale.reshape('c', outputShape(convolution, weights)).broadcast(weights.shape())));
    INDArray bias = affine.shift();
    INDArray ownBias = from.get(ConvolutionParamInitializer.BIAS_KEY);
    if (ownBias != null) {
      bias = bias.add(ownBias.castTo(DataType.DOUBLE).reshape(bias.shape()).mul(scale));
    }
    INDArray target = to.get(ConvolutionParamInitializer.BIAS_KEY);
    target.assign(bias.reshape(target.shape()));
  }

  /** The shape of one number a channel that comes out, along the axes of the weights. */
  private long[] outputShape(String convolution, INDArray weights) {
    long[] shape = weights.shape();
    Layer layer = GraphAssembly.layerOf(source, convolution);
    if (layer instanceof DenseLayer) {
      return new long[] {1, shape[1]};
    }
    return layer instanceof DepthwiseConvolution2D
        ? new long[] {1, 1, shape[2], shape[3]}
        : new long[] {shape[0], 1, 1, 1};
  }

  /** What a batch normalisation does at inference: {@code scale x + shift}, one each a channel. */
  private record Affine(INDArray scale, INDArray shift) {}

  private Affine affineOf(String norm) {
    Map<String, INDArray> parameters = GraphAssembly.networkLayerOf(source, norm).paramTable();
    if (!(GraphAssembly.layerOf(source, norm) instanceof BatchNormalization layer)) {
      INDArray own = vector(parameters, ConvolutionParamInitializer.WEIGHT_KEY);
      return new Affine(
          own,
          parameters.containsKey(ConvolutionParamInitializer.BIAS_KEY)
              ? vector(parameters, ConvolutionParamInitializer.BIAS_KEY)
              : Nd4j.zeros(DataType.DOUBLE, own.shape()));
    }
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
