package org.mien.model.onnx;

import static org.mien.model.onnx.OnnxNodes.attribute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.error.DataException;
import org.mien.model.layer.CentreOutputLayer;
import org.mien.model.layer.ChannelPReLU;
import org.mien.model.layer.CosineOutputLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Writes the vertices of a {@link ComputationGraph} as ONNX nodes, in inference mode: dropout and
 * weight noise are left out, batch normalisation uses its running statistics. Only vertices that
 * the wanted output depends on are written. Whatever is not known here is refused by name.
 */
final class GraphTranslation {
  private final ComputationGraph graph;
  private final ComputationGraphConfiguration configuration;
  private final OnnxNodes nodes;
  private final boolean foldBatchNormalization;
  private final Map<String, InputType> types;
  private final Map<String, String> tensors = new HashMap<>();

  private GraphTranslation(
      ComputationGraph graph,
      InputType inputType,
      OnnxNodes nodes,
      boolean foldBatchNormalization) {
    this.graph = graph;
    this.configuration = graph.getConfiguration();
    this.nodes = nodes;
    this.foldBatchNormalization = foldBatchNormalization;
    if (configuration.getNetworkInputs().size() != 1) {
      throw new DataException(
          "expected a graph with one input, it has " + configuration.getNetworkInputs());
    }
    this.types = types(graph, inputType);
  }

  /** What each vertex gives; {@code getLayerActivationTypes} forgets preprocessors on the way. */
  private static Map<String, InputType> types(ComputationGraph graph, InputType inputType) {
    ComputationGraphConfiguration configuration = graph.getConfiguration();
    Map<String, InputType> types = new HashMap<>();
    types.put(configuration.getNetworkInputs().get(0), inputType);
    for (int index : graph.topologicalSortOrder()) {
      String name = graph.getVertices()[index].getVertexName();
      if (!types.containsKey(name)) {
        InputType[] inputs =
            configuration.getVertexInputs().get(name).stream()
                .map(types::get)
                .toArray(InputType[]::new);
        try {
          // A copy: some vertices note what they were asked about.
          types.put(
              name, configuration.getVertices().get(name).clone().getOutputType(index, inputs));
        } catch (RuntimeException e) {
          throw new DataException(
              "ONNX export: layer " + name + " does not take " + Arrays.toString(inputs), e);
        }
      }
    }
    return types;
  }

  /**
   * Writes a graph up to some of its vertices.
   *
   * @param inputType what comes in
   * @param input the tensor that comes in
   * @param outputs the vertices whose activations are wanted
   * @param foldBatchNormalization whether batch normalisation right after a convolution or dense
   *     layer is folded into its weights
   * @return the tensors that hold the activations of {@code outputs}, in their order
   * @throws DataException if a layer cannot be written, naming it and its class
   */
  static List<String> write(
      ComputationGraph graph,
      InputType inputType,
      String input,
      List<String> outputs,
      OnnxNodes nodes,
      boolean foldBatchNormalization) {
    GraphTranslation translation =
        new GraphTranslation(graph, inputType, nodes, foldBatchNormalization);
    return translation.run(input, outputs);
  }

  /** The length of vectors that a vertex gives, or its channels where it gives planes. */
  static long width(ComputationGraph graph, InputType inputType, String vertex) {
    InputType type = types(graph, inputType).get(vertex);
    if (type instanceof InputType.InputTypeFeedForward vector) {
      return vector.getSize();
    }
    throw new DataException("expected vertex " + vertex + " to give a vector, it gives " + type);
  }

  private List<String> run(String input, List<String> outputs) {
    for (String output : outputs) {
      if (!configuration.getVertices().containsKey(output)) {
        throw new DataException(
            "the graph has no vertex "
                + output
                + "; it has "
                + String.join(", ", configuration.getVertices().keySet()));
      }
    }
    Set<String> needed = ancestors(outputs);
    tensors.put(configuration.getNetworkInputs().get(0), input);
    for (int index : graph.topologicalSortOrder()) {
      String name = graph.getVertices()[index].getVertexName();
      // A folded batch normalisation is there already.
      if (needed.contains(name) && !tensors.containsKey(name)) {
        vertex(name, unwrap(configuration.getVertices().get(name)), needed, outputs);
      }
    }
    return outputs.stream().map(tensors::get).toList();
  }

  private Set<String> ancestors(List<String> outputs) {
    Set<String> found = new LinkedHashSet<>(outputs);
    List<String> open = new ArrayList<>(found);
    while (!open.isEmpty()) {
      for (String input :
          configuration.getVertexInputs().getOrDefault(open.remove(open.size() - 1), List.of())) {
        if (found.add(input)) {
          open.add(input);
        }
      }
    }
    return found;
  }

  private static GraphVertex unwrap(GraphVertex vertex) {
    return vertex instanceof FrozenVertex frozen ? unwrap(frozen.getUnderlying()) : vertex;
  }

  private static Layer unwrap(Layer layer) {
    if (layer instanceof FrozenLayer frozen) {
      return unwrap(frozen.getLayer());
    }
    if (layer instanceof FrozenLayerWithBackprop frozen) {
      return unwrap(frozen.getUnderlying());
    }
    return layer;
  }

  private void vertex(String name, GraphVertex vertex, Set<String> needed, List<String> outputs) {
    List<String> inputNames = configuration.getVertexInputs().get(name);
    List<String> inputs = inputNames.stream().map(tensors::get).toList();
    InputType inputType = types.get(inputNames.get(0));
    if (vertex instanceof LayerVertex layerVertex) {
      Layer layer = unwrap(layerVertex.getLayerConf().getLayer());
      InputPreProcessor preprocessor = layerVertex.getPreProcessor();
      String tensor = inputs.get(0);
      InputType type = inputType;
      if (preprocessor != null) {
        tensor = preprocess(name, preprocessor, tensor);
        type = preprocessor.getOutputType(inputType);
      }
      layer(name, layer, tensor, type, needed, outputs);
    } else {
      tensors.put(name, function(name, vertex, inputs, inputType));
    }
  }

  private String function(
      String name, GraphVertex vertex, List<String> inputs, InputType inputType) {
    String first = inputs.get(0);
    if (vertex instanceof ElementWiseVertex elementWise) {
      return elementWise(name, elementWise, inputs);
    }
    if (vertex instanceof MergeVertex merge) {
      if (merge.getMergeAxis() != 1) {
        throw unsupported(name, vertex, "merging along axis " + merge.getMergeAxis());
      }
      return nodes.node("Concat", name, inputs, attribute("axis", 1L));
    }
    if (vertex instanceof SubsetVertex subset) {
      // Along the channels of planes as along a vector.
      return nodes.slice(name, first, 1, subset.getFrom(), subset.getTo() + 1);
    }
    if (vertex instanceof ScaleVertex scale) {
      return nodes.node(
          "Mul",
          name,
          List.of(
              first,
              nodes.constant(name + ".scale", new float[] {(float) scale.getScaleFactor()}, 1)));
    }
    if (vertex instanceof ShiftVertex shift) {
      return nodes.node(
          "Add",
          name,
          List.of(
              first,
              nodes.constant(name + ".shift", new float[] {(float) shift.getShiftFactor()}, 1)));
    }
    if (vertex instanceof L2NormalizeVertex normalize) {
      return normalize(name, normalize, first, inputType);
    }
    if (vertex instanceof PreprocessorVertex preprocessor) {
      return preprocess(name, preprocessor.getPreProcessor(), first);
    }
    throw unsupported(name, vertex, "");
  }

  private String elementWise(String name, ElementWiseVertex vertex, List<String> inputs) {
    String operator =
        switch (vertex.getOp()) {
          case Add -> "Sum";
          case Average -> "Mean";
          case Max -> "Max";
          case Product -> "Mul";
          case Subtract -> "Sub";
          default -> throw unsupported(name, vertex, "operation " + vertex.getOp());
        };
    if ((operator.equals("Mul") || operator.equals("Sub")) && inputs.size() != 2) {
      throw unsupported(name, vertex, operator + " of " + inputs.size() + " inputs");
    }
    // The same two tensors; Add is the more common operator, and runs faster in places.
    return nodes.node(
        operator.equals("Sum") && inputs.size() == 2 ? "Add" : operator, name, inputs);
  }

  private String normalize(
      String name, L2NormalizeVertex vertex, String input, InputType inputType) {
    int[] axes;
    if (inputType instanceof InputType.InputTypeFeedForward) {
      axes = new int[] {1};
    } else if (inputType instanceof InputType.InputTypeConvolutional) {
      axes = new int[] {1, 2, 3};
    } else {
      throw unsupported(name, vertex, "on " + inputType);
    }
    int[] chosen = vertex.getDimension();
    if (chosen != null && chosen.length > 0 && !Arrays.equals(chosen, axes)) {
      throw unsupported(name, vertex, "along " + Arrays.toString(chosen));
    }
    if (nodes.opset() < 8) {
      throw unsupported(name, vertex, "in operator set " + nodes.opset() + ", before 8");
    }
    return unit(name, input, vertex.getEps(), axes);
  }

  private String unit(String name, String input, double shortest, int... axes) {
    String length = nodes.euclideanLength(name + ".length", input, axes);
    String least = nodes.constant(name + ".least", new float[] {(float) shortest}, 1);
    String bounded = nodes.node("Max", name + ".divisor", List.of(length, least));
    return nodes.node("Div", name, List.of(input, bounded));
  }

  private String preprocess(String name, InputPreProcessor preprocessor, String input) {
    if (preprocessor instanceof CnnToFeedForwardPreProcessor flatten) {
      requireNchw(name, flatten.getFormat());
      return nodes.flatten(name + ".flat", input);
    }
    if (preprocessor instanceof FeedForwardToCnnPreProcessor planes) {
      long[] shape = {0, planes.getNumChannels(), planes.getInputHeight(), planes.getInputWidth()};
      return nodes.node(
          "Reshape", name + ".planes", List.of(input, nodes.constant(name + ".shape", shape)));
    }
    throw unsupported(name, preprocessor, "as input preprocessor");
  }

  private void layer(
      String name,
      Layer layer,
      String input,
      InputType type,
      Set<String> needed,
      List<String> outputs) {
    // Exact classes: a subclass computes something else.
    Class<?> kind = layer.getClass();
    if (kind == ConvolutionLayer.class || kind == DepthwiseConvolution2D.class) {
      weighted(name, convolution(name, (ConvolutionLayer) layer, type), input, needed, outputs);
    } else if (kind == DenseLayer.class
        || kind == OutputLayer.class
        || kind == CentreOutputLayer.class) {
      weighted(name, dense(name, (FeedForwardLayer) layer, type), input, needed, outputs);
    } else if (kind == BatchNormalization.class) {
      tensors.put(name, batchNormalization(name, (BatchNormalization) layer, input));
    } else if (kind == CosineOutputLayer.class) {
      tensors.put(name, cosine(name, (CosineOutputLayer) layer, input, type));
    } else if (kind == ActivationLayer.class) {
      IActivation function = ((ActivationLayer) layer).getActivationFn();
      tensors.put(name, activation(name, name, function, input, type));
    } else if (kind == LossLayer.class) {
      IActivation function = ((LossLayer) layer).getActivationFn();
      tensors.put(name, activation(name, name, function, input, type));
    } else if (kind == DropoutLayer.class) {
      tensors.put(name, input);
    } else if (kind == PReLULayer.class || kind == ChannelPReLU.class) {
      INDArray slope = graph.getLayer(name).getParam("W");
      tensors.put(
          name,
          nodes.node(
              "PRelu",
              name,
              List.of(input, nodes.constant(name + ".slope", floats(slope), slope.shape()))));
    } else if (kind == SubsamplingLayer.class) {
      tensors.put(name, pooling(name, (SubsamplingLayer) layer, input, type));
    } else if (kind == GlobalPoolingLayer.class) {
      tensors.put(name, globalPooling(name, (GlobalPoolingLayer) layer, input, type));
    } else if (kind == ZeroPaddingLayer.class) {
      tensors.put(name, zeroPadding(name, (ZeroPaddingLayer) layer, input));
    } else if (kind == LocalResponseNormalization.class) {
      tensors.put(name, responseNormalization(name, (LocalResponseNormalization) layer, input));
    } else {
      throw unsupported(name, layer, "");
    }
  }

  /** A convolution or matrix product, before it is written: batch normalisation may change it. */
  @SuppressWarnings("ArrayRecordComponent") // A tuple inside this class, never compared.
  private record Weighted(
      IActivation activation,
      float[] weights,
      long[] shape,
      int outputAxis,
      float[] bias,
      List<onnx.Onnx.AttributeProto.Builder> attributes) {}

  private void weighted(
      String name, Weighted weighted, String input, Set<String> needed, List<String> outputs) {
    String normalized = foldable(name, weighted, needed, outputs);
    String last = name;
    float[] bias = weighted.bias();
    if (normalized != null) {
      Layer layer =
          unwrap(
              ((LayerVertex) unwrap(configuration.getVertices().get(normalized)))
                  .getLayerConf()
                  .getLayer());
      Statistics statistics =
          layer instanceof BatchNormalization norm
              ? statistics(normalized, norm)
              : scaleAndShift(normalized);
      bias = fold(statistics, weighted);
      last = normalized;
    }
    boolean identity = weighted.activation() instanceof ActivationIdentity;
    List<String> inputs = new ArrayList<>();
    inputs.add(input);
    inputs.add(nodes.constant(name + ".weight", weighted.weights(), weighted.shape()));
    boolean dense = weighted.shape().length == 2;
    if (bias != null) {
      inputs.add(nodes.constant(name + ".bias", bias, bias.length));
    } else if (dense && nodes.opset() < 11) {
      // Gemm has to add something there.
      int width = (int) weighted.shape()[1];
      inputs.add(nodes.constant(name + ".bias", new float[width], width));
    }
    String product =
        nodes.node(
            dense ? "Gemm" : "Conv",
            identity ? last : name + ".linear",
            inputs,
            weighted.attributes().toArray(onnx.Onnx.AttributeProto.Builder[]::new));
    String activated = activation(name, last, weighted.activation(), product, types.get(name));
    tensors.put(name, activated);
    if (normalized != null) {
      tensors.put(normalized, activated);
    }
  }

  /** Whether a layer is, at inference, a scale and shift of each channel. */
  private static boolean isAffine(Layer layer) {
    return layer.getClass() == BatchNormalization.class
        || (layer.getClass() == DepthwiseConvolution2D.class
            && layer instanceof DepthwiseConvolution2D scale
            && scale.getDepthMultiplier() == 1
            && scale.getActivationFn() instanceof ActivationIdentity
            && Arrays.stream(scale.getKernelSize()).allMatch(side -> side == 1)
            && Arrays.stream(scale.getStride()).allMatch(stride -> stride == 1)
            && Arrays.stream(scale.getPadding()).allMatch(padding -> padding == 0));
  }

  /** The batch normalisation (or scale) that alone uses this layer's plain output, or null. */
  private String foldable(
      String name, Weighted weighted, Set<String> needed, List<String> outputs) {
    if (!foldBatchNormalization
        || outputs.contains(name)
        || !(weighted.activation() instanceof ActivationIdentity)) {
      return null;
    }
    List<String> users =
        needed.stream()
            .filter(
                other ->
                    configuration.getVertexInputs().getOrDefault(other, List.of()).contains(name))
            .toList();
    if (users.size() == 1
        && unwrap(configuration.getVertices().get(users.get(0))) instanceof LayerVertex vertex
        && vertex.getPreProcessor() == null
        && isAffine(unwrap(vertex.getLayerConf().getLayer()))) {
      return users.get(0);
    }
    return null;
  }

  /** Scale and shift a channel: what batch normalisation is once its statistics are fixed. */
  @SuppressWarnings("ArrayRecordComponent") // As above.
  private record Statistics(
      float[] gamma, float[] beta, float[] mean, float[] variance, double epsilon) {}

  private Statistics statistics(String name, BatchNormalization layer) {
    Map<String, INDArray> parameters = graph.getLayer(name).paramTable();
    float[] mean = floats(parameters.get("mean"));
    float[] variance;
    if (parameters.containsKey("log10stdev")) {
      float[] logarithms = floats(parameters.get("log10stdev"));
      variance = new float[logarithms.length];
      for (int i = 0; i < variance.length; i++) {
        variance[i] = (float) Math.pow(10, 2.0 * logarithms[i]);
      }
    } else {
      variance = floats(parameters.get("var"));
    }
    float[] gamma = new float[mean.length];
    float[] beta = new float[mean.length];
    if (layer.isLockGammaBeta()) {
      Arrays.fill(gamma, (float) layer.getGamma());
      Arrays.fill(beta, (float) layer.getBeta());
    } else {
      gamma = floats(parameters.get("gamma"));
      beta = floats(parameters.get("beta"));
    }
    return new Statistics(gamma, beta, mean, variance, layer.getEps());
  }

  /** A depthwise convolution of one pixel as a batch normalisation that changes nothing else. */
  private Statistics scaleAndShift(String name) {
    Map<String, INDArray> parameters = graph.getLayer(name).paramTable();
    float[] scale = floats(parameters.get("W"));
    float[] ones = new float[scale.length];
    Arrays.fill(ones, 1);
    float[] shift =
        parameters.containsKey("b") ? floats(parameters.get("b")) : new float[scale.length];
    return new Statistics(scale, shift, new float[scale.length], ones, 0);
  }

  /** Scales the weights in place and returns the new bias. */
  private static float[] fold(Statistics statistics, Weighted weighted) {
    int channels = statistics.mean().length;
    double[] scale = new double[channels];
    float[] bias = new float[channels];
    for (int c = 0; c < channels; c++) {
      scale[c] = statistics.gamma()[c] / Math.sqrt(statistics.variance()[c] + statistics.epsilon());
      double before = weighted.bias() == null ? 0 : weighted.bias()[c];
      bias[c] = (float) ((before - statistics.mean()[c]) * scale[c] + statistics.beta()[c]);
    }
    float[] weights = weighted.weights();
    int inner = 1;
    for (int axis = weighted.outputAxis() + 1; axis < weighted.shape().length; axis++) {
      inner *= (int) weighted.shape()[axis];
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (weights[i] * scale[i / inner % channels]);
    }
    return bias;
  }

  private String batchNormalization(String name, BatchNormalization layer, String input) {
    requireNchw(name, layer.getCnn2DFormat());
    Statistics statistics = statistics(name, layer);
    int channels = statistics.mean().length;
    return nodes.node(
        "BatchNormalization",
        name,
        List.of(
            input,
            nodes.constant(name + ".gamma", statistics.gamma(), channels),
            nodes.constant(name + ".beta", statistics.beta(), channels),
            nodes.constant(name + ".mean", statistics.mean(), channels),
            nodes.constant(name + ".variance", statistics.variance(), channels)),
        attribute("epsilon", statistics.epsilon()));
  }

  private Weighted convolution(String name, ConvolutionLayer layer, InputType type) {
    requireNchw(name, layer.getCnn2dDataFormat());
    INDArray weights = graph.getLayer(name).getParam("W");
    long groups = 1;
    long[] shape;
    float[] values;
    if (layer instanceof DepthwiseConvolution2D) {
      // (height, width, input, multiplier) -> (input x multiplier, 1, height, width)
      long[] from = weights.shape();
      groups = from[2];
      shape = new long[] {from[2] * from[3], 1, from[0], from[1]};
      values = floats(weights.permute(2, 3, 0, 1));
    } else {
      shape = weights.shape();
      values = floats(weights);
    }
    float[] bias = layer.isHasBias() ? floats(graph.getLayer(name).getParam("b")) : null;
    return new Weighted(
        layer.getActivationFn(),
        values,
        shape,
        0,
        bias,
        List.of(
            attribute("kernel_shape", layer.getKernelSize()),
            attribute("strides", layer.getStride()),
            attribute("dilations", layer.getDilation()),
            attribute(
                "pads",
                pads(
                    name,
                    layer.getConvolutionMode(),
                    layer.getPadding(),
                    layer.getKernelSize(),
                    layer.getStride(),
                    layer.getDilation(),
                    type)),
            attribute("group", groups)));
  }

  private Weighted dense(String name, FeedForwardLayer layer, InputType type) {
    boolean hasBias = true;
    if (layer instanceof DenseLayer dense) {
      if (dense.isHasLayerNorm()) {
        throw unsupported(name, layer, "with layer normalisation");
      }
      hasBias = dense.isHasBias();
    } else if (layer instanceof BaseOutputLayer outputLayer) {
      hasBias = outputLayer.hasBias();
    }
    if (!(type instanceof InputType.InputTypeFeedForward)) {
      throw unsupported(name, layer, "on " + type);
    }
    INDArray weights = graph.getLayer(name).getParam("W");
    return new Weighted(
        layer.getActivationFn(),
        floats(weights),
        weights.shape(),
        1,
        hasBias ? floats(graph.getLayer(name).getParam("b")) : null,
        List.of());
  }

  private String cosine(String name, CosineOutputLayer layer, String input, InputType type) {
    if (!(type instanceof InputType.InputTypeFeedForward)) {
      throw unsupported(name, layer, "on " + type);
    }
    if (nodes.opset() < 8) {
      throw unsupported(name, layer, "in operator set " + nodes.opset() + ", before 8");
    }
    INDArray weights = graph.getLayer(name).getParam(CosineOutputLayer.WEIGHTS);
    int rows = (int) weights.size(0);
    int columns = (int) weights.size(1);
    float[] values = floats(weights);
    for (int j = 0; j < columns; j++) {
      double squares = 0;
      for (int i = 0; i < rows; i++) {
        squares += (double) values[i * columns + j] * values[i * columns + j];
      }
      double factor = squares == 0 ? 0 : layer.getScale() / Math.sqrt(squares);
      for (int i = 0; i < rows; i++) {
        values[i * columns + j] = (float) (values[i * columns + j] * factor);
      }
    }
    String unit = unit(name + ".unit", input, 1e-12, 1);
    String logits =
        nodes.node(
            "MatMul",
            name + ".linear",
            List.of(unit, nodes.constant(name + ".weight", values, rows, columns)));
    return activation(name, name, layer.getActivationFn(), logits, types.get(name));
  }

  private String pooling(String name, SubsamplingLayer layer, String input, InputType type) {
    requireNchw(name, layer.getCnn2dDataFormat());
    List<onnx.Onnx.AttributeProto.Builder> attributes = new ArrayList<>();
    attributes.add(attribute("kernel_shape", layer.getKernelSize()));
    attributes.add(attribute("strides", layer.getStride()));
    attributes.add(
        attribute(
            "pads",
            pads(
                name,
                layer.getConvolutionMode(),
                layer.getPadding(),
                layer.getKernelSize(),
                layer.getStride(),
                layer.getDilation(),
                type)));
    boolean dilated = Arrays.stream(layer.getDilation()).anyMatch(d -> d != 1);
    if (dilated) {
      throw unsupported(name, layer, "with dilation");
    }
    String operator;
    switch (layer.getPoolingType()) {
      case MAX -> operator = "MaxPool";
      case AVG -> {
        operator = "AveragePool";
        attributes.add(
            attribute("count_include_pad", layer.isAvgPoolIncludePadInDivisor() ? 1L : 0L));
      }
      default -> throw unsupported(name, layer, "pooling " + layer.getPoolingType());
    }
    return nodes.node(
        operator,
        name,
        List.of(input),
        attributes.toArray(onnx.Onnx.AttributeProto.Builder[]::new));
  }

  private String globalPooling(
      String name, GlobalPoolingLayer layer, String input, InputType type) {
    if (!(type instanceof InputType.InputTypeConvolutional)) {
      throw unsupported(name, layer, "on " + type);
    }
    int[] axes = layer.getPoolingDimensions();
    if (axes != null && !Arrays.equals(axes, new int[] {2, 3})) {
      throw unsupported(name, layer, "over " + Arrays.toString(axes));
    }
    String operator =
        switch (layer.getPoolingType()) {
          case AVG -> "GlobalAveragePool";
          case MAX -> "GlobalMaxPool";
          default -> throw unsupported(name, layer, "pooling " + layer.getPoolingType());
        };
    if (!layer.isCollapseDimensions()) {
      return nodes.node(operator, name, List.of(input));
    }
    return nodes.flatten(name, nodes.node(operator, name + ".pool", List.of(input)));
  }

  private String zeroPadding(String name, ZeroPaddingLayer layer, String input) {
    requireNchw(name, layer.getDataFormat());
    int[] p = layer.getPadding();
    int[] pads = {0, 0, p[0], p[2], 0, 0, p[1], p[3]};
    if (nodes.opset() < 11) {
      return nodes.node("Pad", name, List.of(input), attribute("pads", pads));
    }
    String values = nodes.constant(name + ".pads", Arrays.stream(pads).asLongStream().toArray());
    return nodes.node("Pad", name, List.of(input, values));
  }

  private String responseNormalization(
      String name, LocalResponseNormalization layer, String input) {
    requireNchw(name, layer.getDataFormat());
    // DL4J sums over n/2 channels on each side, and does not divide by their number.
    long size = 2 * ((long) layer.getN() / 2) + 1;
    return nodes.node(
        "LRN",
        name,
        List.of(input),
        attribute("size", size),
        attribute("alpha", layer.getAlpha() * size),
        attribute("beta", layer.getBeta()),
        attribute("bias", layer.getK()));
  }

  private String activation(
      String vertex, String name, IActivation function, String input, InputType type) {
    List<String> inputs = List.of(input);
    if (function instanceof ActivationIdentity) {
      return input;
    }
    if (function instanceof ActivationReLU relu) {
      return relu(vertex, name, relu, input);
    }
    if (function instanceof ActivationReLU6) {
      return nodes.clip(name, input, 0, 6);
    }
    if (function instanceof ActivationLReLU leaky) {
      return nodes.node("LeakyRelu", name, inputs, attribute("alpha", leaky.getAlpha()));
    }
    if (function instanceof ActivationELU elu) {
      return nodes.node("Elu", name, inputs, attribute("alpha", elu.getAlpha()));
    }
    if (function instanceof ActivationSigmoid) {
      return nodes.node("Sigmoid", name, inputs);
    }
    if (function instanceof ActivationTanH) {
      return nodes.node("Tanh", name, inputs);
    }
    if (function instanceof ActivationHardSigmoid) {
      return nodes.node(
          "HardSigmoid", name, inputs, attribute("alpha", 0.2), attribute("beta", 0.5));
    }
    if (function instanceof ActivationSwish) {
      String gate = nodes.node("Sigmoid", name + ".gate", inputs);
      return nodes.node("Mul", name, List.of(input, gate));
    }
    if (function instanceof ActivationSoftmax && type instanceof InputType.InputTypeFeedForward) {
      return nodes.node("Softmax", name, inputs, attribute("axis", 1L));
    }
    throw unsupported(vertex, function, "as activation");
  }

  private String relu(String vertex, String name, ActivationReLU relu, String input) {
    double threshold = relu.getThreshold() == null ? 0 : relu.getThreshold();
    double slope = relu.getNegativeSlope() == null ? 0 : relu.getNegativeSlope();
    boolean bounded = relu.getMax() != null && relu.getMax() > 0;
    if (threshold != 0 || (slope != 0 && bounded)) {
      throw unsupported(vertex, relu, "with threshold " + threshold + " and slope " + slope);
    }
    if (slope != 0) {
      return nodes.node("LeakyRelu", name, List.of(input), attribute("alpha", slope));
    }
    return bounded
        ? nodes.clip(name, input, 0, relu.getMax())
        : nodes.node("Relu", name, List.of(input));
  }

  /** Begin and end of height and width, in ONNX's order {@code (top, left, bottom, right)}. */
  private int[] pads(
      String name,
      ConvolutionMode mode,
      int[] padding,
      int[] kernel,
      int[] stride,
      int[] dilation,
      InputType type) {
    if (mode == ConvolutionMode.Truncate || mode == ConvolutionMode.Strict) {
      return new int[] {padding[0], padding[1], padding[0], padding[1]};
    }
    if (mode == ConvolutionMode.Same && type instanceof InputType.InputTypeConvolutional planes) {
      long[] sizes = {planes.getHeight(), planes.getWidth()};
      int[] pads = new int[4];
      for (int axis = 0; axis < 2; axis++) {
        long outputs = (sizes[axis] + stride[axis] - 1) / stride[axis];
        long covered = (outputs - 1) * stride[axis] + (kernel[axis] - 1L) * dilation[axis] + 1;
        int total = (int) Math.max(0, covered - sizes[axis]);
        pads[axis] = total / 2;
        pads[axis + 2] = total - total / 2;
      }
      return pads;
    }
    throw new DataException(
        "ONNX export: layer " + name + " has convolution mode " + mode + " on " + type);
  }

  private static float[] floats(INDArray array) {
    // A copy in row-major order, whatever view it was.
    return array.dup('c').data().asFloat();
  }

  private static void requireNchw(String name, CNN2DFormat format) {
    if (format != null && format != CNN2DFormat.NCHW) {
      throw new DataException("ONNX export: layer " + name + " is " + format + ", not NCHW");
    }
  }

  private static DataException unsupported(String name, Object what, String detail) {
    return new DataException(
        "ONNX export: layer "
            + name
            + " ("
            + what.getClass().getName()
            + (detail.isEmpty() ? "" : " " + detail)
            + ") cannot be written as ONNX");
  }
}
