package org.mien.model.backbone;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import onnx.Onnx;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.backbone.OnnxConstants.Constant;
import org.mien.model.graph.ChannelRange;
import org.mien.model.head.HeadGraph;
import org.mien.model.layer.ChannelPReLU;
import org.mien.model.onnx.OnnxModelFile;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Rebuilds an ONNX graph from one image to one vector as a graph of Deeplearning4j, node by node in
 * the file's order. Shapes are followed on the way, so that whatever is not exactly what a layer
 * computes is refused, with the node and its operator named.
 *
 * <p>Layers are named after the nodes, or after their outputs where nodes have no names; the last
 * is called {@value NetworkBuilder#FEATURES}.
 */
final class OnnxGraphImport {
  /** More numbers than this an image in one tensor is no face network but a damaged file. */
  private static final long MOST_NUMBERS = 1L << 28;

  private static final int LARGEST_STEP = 1024;

  /**
   * What a tensor of the graph is here.
   *
   * @param vertex the vertex that computes it
   * @param shape {@code [channels, height, width]}, or {@code [length]} of a vector
   * @param notNegative whether no number can be below zero
   */
  private record Value(String vertex, List<Long> shape, boolean notNegative) {
    boolean isVector() {
      return shape.size() == 1;
    }

    long channels() {
      return shape.get(0);
    }

    long numbers() {
      return shape.stream().reduce(1L, Math::multiplyExact);
    }
  }

  private final String origin;
  private final Onnx.GraphProto proto;
  private final OnnxConstants constants;
  private final NetworkBuilder network;
  private final GraphBuilder graph;
  private final String output;
  private final Map<String, Integer> uses = new HashMap<>();
  private final Map<String, Value> values = new HashMap<>();

  /** Tensors that only say how long others are, with their own lengths. */
  private final Map<String, Long> shapeValues = new HashMap<>();

  private final Map<String, Map<String, Constant>> weights = new LinkedHashMap<>();
  private final Set<String> names = new HashSet<>();

  private OnnxGraphImport(OnnxModelFile file, long seed) {
    origin = file.name();
    proto = file.proto().getGraph();
    constants = new OnnxConstants(origin, proto);
    network = new NetworkBuilder(seed);
    graph = network.graph();
    if (proto.getOutputCount() != 1) {
      throw DataException.in(
          origin, "expected an ONNX graph with one output, it has " + proto.getOutputCount());
    }
    output = proto.getOutput(0).getName();
    for (Onnx.NodeProto node : proto.getNodeList()) {
      node.getInputList().forEach(input -> uses.merge(input, 1, Integer::sum));
    }
    names.add(NetworkBuilder.INPUT);
    names.add(NetworkBuilder.FEATURES);
    names.addAll(HeadGraph.VERTICES);
  }

  static ComputationGraph read(Path file, Preprocessing input, long seed) {
    return read(OnnxModelFile.read(file), input, seed);
  }

  static ComputationGraph read(OnnxModelFile file, Preprocessing input, long seed) {
    return new OnnxGraphImport(file, seed).build(input);
  }

  private ComputationGraph build(Preprocessing input) {
    List<Onnx.ValueInfoProto> inputs =
        proto.getInputList().stream().filter(value -> !constants.has(value.getName())).toList();
    if (inputs.size() != 1) {
      throw DataException.in(
          origin, "expected an ONNX graph with one input, it has " + inputs.size());
    }
    requireSize(inputs.get(0), input);
    values.put(
        inputs.get(0).getName(),
        new Value(
            NetworkBuilder.INPUT,
            List.of(3L, (long) input.heightPixels(), (long) input.widthPixels()),
            false));
    for (Onnx.NodeProto node : proto.getNodeList()) {
      add(new Node(node));
    }
    Value last = values.get(output);
    if (last == null || !last.isVector()) {
      throw DataException.in(
          origin,
          "expected the output "
              + output
              + " to be a vector, was "
              + (last == null ? "computed by no node" : "planes " + last.shape()));
    }
    if (!last.vertex().equals(NetworkBuilder.FEATURES)) {
      // The node that the file calls its output does nothing here.
      graph.addVertex(NetworkBuilder.FEATURES, new ScaleVertex(1), last.vertex());
    }
    ComputationGraph built = network.build(input);
    weights.forEach(
        (layer, parameters) ->
            parameters.forEach(
                (key, constant) -> {
                  INDArray parameter = built.getLayer(layer).getParam(key);
                  parameter.assign(
                      Nd4j.createFromArray(constant.values()).reshape('c', parameter.shape()));
                }));
    return built;
  }

  private void requireSize(Onnx.ValueInfoProto value, Preprocessing input) {
    List<Onnx.TensorShapeProto.Dimension> sides =
        value.getType().getTensorType().getShape().getDimList();
    long[] expected = {0, 3, input.heightPixels(), input.widthPixels()};
    boolean fits = sides.isEmpty() || sides.size() == expected.length;
    for (int i = 1; fits && i < sides.size(); i++) {
      long side = sides.get(i).getDimValue();
      fits = side <= 0 || side == expected[i];
    }
    if (!fits) {
      throw DataException.in(
          origin,
          String.format(
              "its input %s is %s; the recipe's preprocessing makes images of 3x%dx%d",
              value.getName(),
              sides.stream()
                  .map(side -> side.hasDimValue() ? "" + side.getDimValue() : "any")
                  .collect(Collectors.joining("x")),
              input.heightPixels(),
              input.widthPixels()));
    }
  }

  /** One node while it is translated. */
  private final class Node {
    private final Onnx.NodeProto node;

    Node(Onnx.NodeProto node) {
      this.node = node;
    }

    String operator() {
      return node.getOpType();
    }

    int inputs() {
      return node.getInputCount();
    }

    String input(int index) {
      if (index >= node.getInputCount()) {
        throw refused("expected an input " + index + ", it has " + node.getInputCount());
      }
      return node.getInput(index);
    }

    boolean hasInput(int index) {
      return index < node.getInputCount() && !node.getInput(index).isEmpty();
    }

    String output() {
      if (node.getOutputCount() < 1) {
        throw refused("it has no output");
      }
      return node.getOutput(0);
    }

    /** The activation that comes in. */
    Value value(int index) {
      Value value = values.get(input(index));
      if (value == null) {
        throw refused(
            "its input "
                + input(index)
                + (constants.has(input(index)) ? " is a constant" : " comes from no node before"));
      }
      return value;
    }

    Value planes(int index) {
      Value value = value(index);
      if (value.isVector()) {
        throw refused("expected planes, its input is a vector of " + value.shape().get(0));
      }
      return value;
    }

    Constant constant(int index) {
      if (!constants.has(input(index))) {
        throw refused("expected a constant as input " + index + ", was " + input(index));
      }
      return constants.floats(input(index));
    }

    Constant constant(int index, long length) {
      Constant constant = constant(index);
      if (constant.values().length != length) {
        throw refused(
            "expected "
                + length
                + " numbers as input "
                + index
                + ", was "
                + constant.values().length);
      }
      return constant;
    }

    Optional<Onnx.AttributeProto> attribute(String name) {
      return node.getAttributeList().stream().filter(a -> a.getName().equals(name)).findFirst();
    }

    long integer(String name, long otherwise) {
      return attribute(name).map(Onnx.AttributeProto::getI).orElse(otherwise);
    }

    double number(String name, double otherwise) {
      return attribute(name).map(a -> (double) a.getF()).orElse(otherwise);
    }

    String text(String name, String otherwise) {
      return attribute(name).map(a -> a.getS().toStringUtf8()).orElse(otherwise);
    }

    /** Small numbers that say how a kernel moves. */
    int[] steps(String name, int count, int otherwise, int least) {
      List<Long> found = attribute(name).map(Onnx.AttributeProto::getIntsList).orElse(List.of());
      int[] steps = new int[count];
      Arrays.fill(steps, otherwise);
      if (!found.isEmpty()) {
        if (found.size() != count
            || found.stream().anyMatch(step -> step < least || step > LARGEST_STEP)) {
          throw refused(
              String.format(
                  "expected %d numbers of %d to %d as %s, was %s",
                  count, least, LARGEST_STEP, name, found));
        }
        Arrays.setAll(steps, i -> found.get(i).intValue());
      }
      return steps;
    }

    /** The axes that a node works on, an attribute before operator set 13 and an input since. */
    long[] axes(long[] otherwise) {
      return hasInput(1) && constants.has(input(1))
          ? constants.integers(input(1))
          : attribute("axes")
              .map(a -> a.getIntsList().stream().mapToLong(Long::longValue).toArray())
              .orElse(otherwise);
    }

    void require(String name, long expected) {
      long found = integer(name, expected);
      if (found != expected) {
        throw refused("with " + name + " " + found + ", only " + expected + " is understood");
      }
    }

    /** A name that no vertex has; the last vertex is called as everywhere. */
    String vertexName() {
      String name = output();
      if (name.equals(OnnxGraphImport.this.output)) {
        return NetworkBuilder.FEATURES;
      }
      return unused(node.getName().isEmpty() ? name : node.getName());
    }

    DataException refused(String problem) {
      return DataException.in(
          origin,
          "node "
              + (node.getName().isEmpty()
                  ? String.join(", ", node.getOutputList())
                  : node.getName())
              + " ("
              + (node.getDomain().isEmpty() ? "" : node.getDomain() + ".")
              + node.getOpType()
              + "): "
              + problem);
    }
  }

  private String unused(String wanted) {
    // What begins like a task's vertex would be taken for one.
    String start =
        HeadGraph.isHead(wanted) && !HeadGraph.VERTICES.contains(wanted) ? "_" + wanted : wanted;
    String name = start;
    for (int i = 2; !names.add(name); i++) {
      name = start + "_" + i;
    }
    return name;
  }

  private void add(Node node) {
    if (isConstantRenamed(node) || isShapeComputation(node)) {
      return;
    }
    switch (node.operator()) {
      case "Constant" -> {}
      case "Identity", "Dropout" -> values.put(node.output(), node.value(0));
      case "Conv" -> convolution(node);
      case "Gemm" -> gemm(node);
      case "MatMul" -> matMul(node);
      case "BatchNormalization" -> batchNormalization(node);
      case "PRelu" -> prelu(node);
      case "Relu" -> activation(node, new ActivationReLU(), true);
      case "LeakyRelu" -> activation(node, new ActivationLReLU(node.number("alpha", 0.01)), false);
      case "Elu" -> activation(node, new ActivationELU(node.number("alpha", 1)), false);
      case "Sigmoid" -> activation(node, new ActivationSigmoid(), true);
      case "Tanh" -> activation(node, new ActivationTanH(), false);
      case "HardSigmoid" -> hardSigmoid(node);
      case "Clip" -> clip(node);
      case "Add", "Sum", "Sub", "Mul", "Div" -> arithmetic(node);
      case "Concat" -> concatenation(node);
      case "MaxPool", "AveragePool" -> pooling(node);
      case "GlobalAveragePool" -> globalPooling(node, PoolingType.AVG);
      case "ReduceMean" -> {
        Set<Long> axes = axes(node);
        if (!axes.equals(Set.of(2L, 3L))) {
          throw node.refused("along " + axes + "; only over each plane is understood");
        }
        node.require("keepdims", 1);
        globalPooling(node, PoolingType.AVG);
      }
      case "GlobalMaxPool" -> globalPooling(node, PoolingType.MAX);
      case "Flatten" -> {
        node.require("axis", 1);
        flatten(node);
      }
      case "Reshape" -> reshape(node);
      case "Squeeze" -> squeeze(node);
      default ->
          throw node.refused(
              "this operator is not understood; the file can still be used frozen, as type: onnx");
    }
  }

  /** What exporters that fold no constants leave of a constant on its way to its use. */
  private boolean isConstantRenamed(Node node) {
    if (node.inputs() == 0 || !constants.has(node.input(0))) {
      return false;
    }
    switch (node.operator()) {
      case "Identity" -> constants.alias(node.output(), node.input(0));
      case "Cast" -> {
        long type = node.integer("to", 0);
        if (type != constants.type(node.input(0))) {
          throw node.refused("of a constant to another type");
        }
        constants.alias(node.output(), node.input(0));
      }
      case "Unsqueeze" ->
          constants.unsqueezed(node.output(), node.input(0), node.axes(new long[0]));
      default -> {
        return false;
      }
    }
    return true;
  }

  /** What exporters write to flatten planes of any batch: arithmetic on shapes alone. */
  private boolean isShapeComputation(Node node) {
    switch (node.operator()) {
      case "Shape" -> {
        long rank = node.value(0).shape().size() + 1L;
        shapeValues.put(node.output(), rank);
        return true;
      }
      case "Gather", "Unsqueeze", "Squeeze", "Cast" -> {
        Long length = shapeValues.get(node.input(0));
        if (length != null) {
          shapeValues.put(node.output(), node.operator().equals("Cast") ? length : 1L);
        }
        return length != null;
      }
      case "Concat" -> {
        if (node.node.getInputList().stream().noneMatch(shapeValues::containsKey)) {
          return false;
        }
        long length = 0;
        for (String part : node.node.getInputList()) {
          length +=
              constants.has(part) ? constants.length(part) : shapeValues.getOrDefault(part, 1L);
        }
        shapeValues.put(node.output(), length);
        return true;
      }
      default -> {
        return false;
      }
    }
  }

  private void layer(Node node, Layer layer, Value input, List<Long> shape, boolean notNegative) {
    layer(node, node.vertexName(), layer, input, shape, notNegative);
  }

  private void layer(
      Node node, String name, Layer layer, Value input, List<Long> shape, boolean notNegative) {
    graph.addLayer(name, layer, input.vertex());
    put(node, new Value(name, shape, notNegative));
  }

  private void vertex(
      Node node, GraphVertex vertex, List<Value> inputs, List<Long> shape, boolean notNegative) {
    String name = node.vertexName();
    graph.addVertex(name, vertex, inputs.stream().map(Value::vertex).toArray(String[]::new));
    put(node, new Value(name, shape, notNegative));
  }

  private void put(Node node, Value value) {
    long numbers;
    try {
      numbers = value.numbers();
    } catch (ArithmeticException e) {
      throw new DataException(node.refused("gives " + value.shape()).getMessage(), e);
    }
    if (value.shape().stream().anyMatch(side -> side < 1) || numbers > MOST_NUMBERS) {
      throw node.refused("gives a tensor of " + value.shape());
    }
    values.put(node.output(), value);
  }

  private void convolution(Node node) {
    Value input = node.planes(0);
    Constant weight = node.constant(1);
    long[] shape = weight.shape();
    long groups = node.integer("group", 1);
    if (shape.length != 4
        || groups < 1
        || input.channels() % groups != 0
        || shape[1] != input.channels() / groups
        || shape[0] < 1
        || shape[0] % groups != 0
        || Math.max(shape[2], shape[3]) > LARGEST_STEP
        || Math.min(shape[2], shape[3]) < 1) {
      throw node.refused(
          String.format(
              "weights of %s in %d groups do not fit %d planes",
              Arrays.toString(shape), groups, input.channels()));
    }
    Optional<Constant> bias =
        node.hasInput(2) ? Optional.of(node.constant(2, shape[0])) : Optional.empty();
    Window window = new Window(node, (int) shape[2], (int) shape[3], input);
    Value padded = window.padded(input);
    List<Long> out = window.shape(shape[0]);
    if (groups == 1) {
      ConvolutionLayer layer = window.layer(input.channels(), shape[0], bias.isPresent());
      weightedLayer(node, node.vertexName(), layer, padded, out, weight, bias);
    } else if (groups == input.channels()) {
      int multiplier = Math.toIntExact(shape[0] / groups);
      DepthwiseConvolution2D layer =
          new DepthwiseConvolution2D.Builder(window.kernel, window.stride, window.padding)
              .dilation(window.dilation)
              .nIn(groups)
              .nOut(shape[0])
              .depthMultiplier(multiplier)
              .hasBias(bias.isPresent())
              .build();
      weightedLayer(
          node,
          node.vertexName(),
          layer,
          padded,
          out,
          movedAxes(weight, new long[] {groups, multiplier, shape[2], shape[3]}, 2, 3, 0, 1),
          bias);
    } else {
      grouped(node, window, padded, out, weight, bias, (int) groups);
    }
  }

  /** Each group is a convolution of its own on its part of the planes; their results are joined. */
  private void grouped(
      Node node,
      Window window,
      Value input,
      List<Long> out,
      Constant weight,
      Optional<Constant> bias,
      int groups) {
    String joined = node.vertexName();
    int in = (int) (input.channels() / groups);
    int each = (int) (out.get(0) / groups);
    String[] parts = new String[groups];
    for (int group = 0; group < groups; group++) {
      String subset = unused(joined + ".in" + group);
      parts[group] = unused(joined + ".group" + group);
      graph.addVertex(subset, new ChannelRange(group * in, (group + 1) * in - 1), input.vertex());
      graph.addLayer(parts[group], window.layer(in, each, bias.isPresent()), subset);
      Map<String, Constant> parameters = new HashMap<>();
      parameters.put(DefaultParamInitializer.WEIGHT_KEY, part(weight, group, groups));
      if (bias.isPresent()) {
        parameters.put(DefaultParamInitializer.BIAS_KEY, part(bias.get(), group, groups));
      }
      weights.put(parts[group], parameters);
    }
    graph.addVertex(joined, new MergeVertex(), parts);
    put(node, new Value(joined, out, false));
  }

  private static Constant part(Constant whole, int index, int parts) {
    int length = whole.values().length / parts;
    return new Constant(
        new long[] {length},
        Arrays.copyOfRange(whole.values(), index * length, (index + 1) * length));
  }

  private void weightedLayer(
      Node node,
      String name,
      Layer layer,
      Value input,
      List<Long> out,
      Constant weight,
      Optional<Constant> bias) {
    Map<String, Constant> parameters = new HashMap<>();
    parameters.put(DefaultParamInitializer.WEIGHT_KEY, weight);
    bias.ifPresent(constant -> parameters.put(DefaultParamInitializer.BIAS_KEY, constant));
    weights.put(name, parameters);
    layer(node, name, layer, input, out, false);
  }

  /** How a kernel goes over planes, and what comes out. */
  private final class Window {
    final int[] kernel;
    final int[] stride;
    final int[] dilation;

    /** Equal on both sides; what is not is padded before. */
    final int[] padding = new int[2];

    /** Top, left, bottom, right. */
    final int[] pads;

    private final boolean even;
    private final long[] out = new long[2];

    Window(Node node, int height, int width, Value input) {
      kernel = new int[] {height, width};
      int[] stated = node.steps("kernel_shape", 2, 0, 1);
      if (stated[0] != 0 && !Arrays.equals(stated, kernel)) {
        throw node.refused(
            "kernel_shape " + Arrays.toString(stated) + ", weights " + Arrays.toString(kernel));
      }
      stride = node.steps("strides", 2, 1, 1);
      dilation = node.steps("dilations", 2, 1, 1);
      pads = node.steps("pads", 4, 0, 0);
      String auto = node.text("auto_pad", "NOTSET");
      for (int axis = 0; axis < 2; axis++) {
        long side = input.shape().get(axis + 1);
        long covered = (kernel[axis] - 1L) * dilation[axis] + 1;
        if (auto.startsWith("SAME_")) {
          long outputs = (side + stride[axis] - 1) / stride[axis];
          int total = (int) Math.max(0, (outputs - 1) * stride[axis] + covered - side);
          pads[axis] = auto.equals("SAME_UPPER") ? total / 2 : total - total / 2;
          pads[axis + 2] = total - pads[axis];
        } else if (auto.equals("VALID")) {
          pads[axis] = 0;
          pads[axis + 2] = 0;
        } else if (!auto.equals("NOTSET")) {
          throw node.refused("auto_pad " + auto + " is not understood");
        }
        long left = side + pads[axis] + pads[axis + 2] - covered;
        if (left < 0) {
          throw node.refused("a kernel of " + covered + " does not fit a side of " + side);
        }
        out[axis] = left / stride[axis] + 1;
      }
      even = pads[0] == pads[2] && pads[1] == pads[3];
      if (even) {
        padding[0] = pads[0];
        padding[1] = pads[1];
      }
    }

    boolean pads() {
      return Arrays.stream(pads).anyMatch(pad -> pad != 0);
    }

    List<Long> shape(long channels) {
      return List.of(channels, out[0], out[1]);
    }

    /** The input, with zeros around it where the two sides differ. */
    Value padded(Value input) {
      if (even) {
        return input;
      }
      String name = unused(input.vertex() + ".padded");
      graph.addLayer(
          name, new ZeroPaddingLayer(pads[0], pads[2], pads[1], pads[3]), input.vertex());
      return new Value(name, input.shape(), input.notNegative());
    }

    ConvolutionLayer layer(long in, long channels, boolean bias) {
      return new ConvolutionLayer.Builder(kernel, stride, padding)
          .dilation(dilation)
          .nIn(in)
          .nOut(channels)
          .hasBias(bias)
          .build();
    }
  }

  private void gemm(Node node) {
    node.require("transA", 0);
    Constant weight = node.constant(1);
    boolean transposed = node.integer("transB", 0) == 1;
    double alpha = node.number("alpha", 1);
    double beta = node.number("beta", 1);
    Optional<Constant> bias = Optional.empty();
    if (weight.shape().length != 2) {
      throw node.refused("weights of " + Arrays.toString(weight.shape()) + " are no matrix");
    }
    long out = weight.shape()[transposed ? 0 : 1];
    if (node.hasInput(2)) {
      Constant stated = node.constant(2);
      float[] each = new float[Math.toIntExact(out)];
      if (stated.scalar().isPresent()) {
        Arrays.fill(each, stated.values()[0]);
      } else {
        System.arraycopy(node.constant(2, out).values(), 0, each, 0, each.length);
      }
      bias = Optional.of(scaled(new Constant(new long[] {out}, each), beta));
    }
    Constant matrix = transposed ? movedAxes(weight, weight.shape(), 1, 0) : weight;
    dense(node, scaled(matrix, alpha), bias);
  }

  /** A product whose sum with a constant follows is one dense layer with a bias. */
  private void matMul(Node node) {
    dense(node, node.constant(1), Optional.empty());
  }

  private void dense(Node node, Constant matrix, Optional<Constant> bias) {
    Value input = node.value(0);
    long[] shape = matrix.shape();
    if (!input.isVector() || shape.length != 2 || shape[0] != input.channels()) {
      throw node.refused(
          "a matrix of " + Arrays.toString(shape) + " does not fit an input of " + input.shape());
    }
    weightedLayer(
        node,
        node.vertexName(),
        new DenseLayer.Builder().nIn(shape[0]).nOut(shape[1]).hasBias(bias.isPresent()).build(),
        input,
        List.of(shape[1]),
        matrix,
        bias);
  }

  private void batchNormalization(Node node) {
    Value input = node.value(0);
    node.require("training_mode", 0);
    long channels = input.channels();
    String name = node.vertexName();
    weights.put(
        name,
        Map.of(
            BatchNormalizationParamInitializer.GAMMA, node.constant(1, channels),
            BatchNormalizationParamInitializer.BETA, node.constant(2, channels),
            BatchNormalizationParamInitializer.GLOBAL_MEAN, node.constant(3, channels),
            BatchNormalizationParamInitializer.GLOBAL_VAR, node.constant(4, channels)));
    layer(
        node,
        name,
        new BatchNormalization.Builder()
            .nIn(channels)
            .nOut(channels)
            .eps(node.number("epsilon", 1e-5))
            .useLogStd(false)
            .build(),
        input,
        input.shape(),
        false);
  }

  private void prelu(Node node) {
    Value input = node.value(0);
    Constant slope = node.constant(1);
    long channels = input.channels();
    PReLULayer layer;
    if (input.isVector() && slope.values().length == channels) {
      layer = new PReLULayer.Builder().inputShape(channels).build();
    } else if (!input.isVector() && slope.aPlane(channels)) {
      layer = ChannelPReLU.of(channels);
    } else if (slope.scalar().isPresent()) {
      activation(node, new ActivationLReLU(slope.values()[0]), false);
      return;
    } else {
      throw node.refused(
          "slopes of " + Arrays.toString(slope.shape()) + " on an input of " + input.shape());
    }
    String name = node.vertexName();
    weights.put(name, Map.of(DefaultParamInitializer.WEIGHT_KEY, slope));
    layer(node, name, layer, input, input.shape(), false);
  }

  private void activation(Node node, IActivation function, boolean notNegative) {
    Value input = node.value(0);
    layer(node, new ActivationLayer(function), input, input.shape(), notNegative);
  }

  private void hardSigmoid(Node node) {
    float alpha = (float) node.number("alpha", 0.2);
    float beta = (float) node.number("beta", 0.5);
    if (alpha != 0.2f || beta != 0.5f) {
      throw node.refused("with alpha " + alpha + " and beta " + beta + ", expected 0.2 and 0.5");
    }
    activation(node, new ActivationHardSigmoid(), true);
  }

  private void clip(Node node) {
    double least = limit(node, "min", 1, -Float.MAX_VALUE);
    double most = limit(node, "max", 2, Float.MAX_VALUE);
    if (least != 0) {
      throw node.refused("from " + least + " to " + most + "; only limits from 0 are understood");
    }
    boolean open = most >= Float.MAX_VALUE;
    if (most != 6 && !open) {
      throw node.refused("from 0 to " + most + "; expected 0 to 6 (ReLU6)");
    }
    activation(node, open ? new ActivationReLU() : new ActivationReLU6(), true);
  }

  /** A limit, an attribute before operator set 11 and an input since. */
  private static double limit(Node node, String name, int index, double otherwise) {
    return node.hasInput(index)
        ? node.constant(index, 1).values()[0]
        : node.number(name, otherwise);
  }

  private void arithmetic(Node node) {
    boolean commutes = Set.of("Add", "Sum", "Mul").contains(node.operator());
    if (node.inputs() == 2 && constants.has(node.input(1))) {
      withConstant(node, node.value(0), node.constant(1));
    } else if (node.inputs() == 2 && commutes && constants.has(node.input(0))) {
      withConstant(node, node.value(1), node.constant(0));
    } else {
      betweenActivations(node);
    }
  }

  private void betweenActivations(Node node) {
    List<Value> inputs = IntStream.range(0, node.inputs()).mapToObj(node::value).toList();
    ElementWiseVertex.Op operation =
        switch (node.operator()) {
          case "Add", "Sum" -> ElementWiseVertex.Op.Add;
          case "Sub" -> ElementWiseVertex.Op.Subtract;
          case "Mul" -> ElementWiseVertex.Op.Product;
          default -> throw node.refused("a quotient of two activations is not understood");
        };
    if (node.operator().equals("Mul") && inputs.size() == 2 && gated(node, inputs)) {
      return;
    }
    if (inputs.stream().map(Value::shape).distinct().count() != 1) {
      throw node.refused(
          "of "
              + inputs.stream().map(Value::shape).toList()
              + "; only equal shapes are understood");
    }
    boolean notNegative =
        operation != ElementWiseVertex.Op.Subtract && inputs.stream().allMatch(Value::notNegative);
    vertex(node, new ElementWiseVertex(operation), inputs, inputs.get(0).shape(), notNegative);
  }

  /** Squeeze and excitation: planes times one number for each. */
  private boolean gated(Node node, List<Value> inputs) {
    for (int gate = 0; gate < 2; gate++) {
      Value planes = inputs.get(1 - gate);
      if (!planes.isVector()
          && planes.numbers() > planes.channels()
          && inputs.get(gate).shape().equals(List.of(planes.channels(), 1L, 1L))) {
        vertex(
            node,
            new ChannelGateVertex(),
            List.of(planes, inputs.get(gate)),
            planes.shape(),
            planes.notNegative() && inputs.get(gate).notNegative());
        return true;
      }
    }
    return false;
  }

  private void withConstant(Node node, Value input, Constant constant) {
    boolean sum = Set.of("Add", "Sum", "Sub").contains(node.operator());
    Constant second =
        switch (node.operator()) {
          case "Sub" -> scaled(constant, -1);
          case "Div" -> inverse(constant);
          default -> constant;
        };
    if (second.scalar().isPresent()) {
      double number = second.values()[0];
      vertex(
          node,
          sum ? new ShiftVertex(number) : new ScaleVertex(number),
          List.of(input),
          input.shape(),
          input.notNegative() && number >= 0);
      return;
    }
    long channels = input.channels();
    float[] neutral = new float[Math.toIntExact(channels)];
    Arrays.fill(neutral, sum ? 1 : 0);
    Constant other = new Constant(new long[] {channels}, neutral);
    if (!input.isVector() && second.aPlane(channels)) {
      weightedLayer(
          node,
          node.vertexName(),
          new DepthwiseConvolution2D.Builder(1, 1)
              .nIn(channels)
              .nOut(channels)
              .depthMultiplier(1)
              .hasBias(true)
              .build(),
          input,
          input.shape(),
          sum ? other : second,
          Optional.of(sum ? second : other));
    } else if (input.isVector() && sum && second.values().length == channels && isNewDense(input)) {
      // The dense layer just before had no bias: this is it.
      biasOf(input.vertex(), second);
      if (node.output().equals(output)) {
        graph.addVertex(NetworkBuilder.FEATURES, new ScaleVertex(1), input.vertex());
        put(node, new Value(NetworkBuilder.FEATURES, input.shape(), false));
      } else {
        put(node, new Value(input.vertex(), input.shape(), false));
      }
    } else {
      throw node.refused(
          "a constant of "
              + Arrays.toString(constant.shape())
              + " on an input of "
              + input.shape()
              + " is not understood");
    }
  }

  private boolean isNewDense(Value input) {
    return graph.getVertices().get(input.vertex()) instanceof LayerVertex vertex
        && vertex.getLayerConf().getLayer() instanceof DenseLayer dense
        && !dense.isHasBias()
        && onlyUse(input.vertex());
  }

  private boolean onlyUse(String vertex) {
    return values.entrySet().stream()
            .filter(entry -> entry.getValue().vertex().equals(vertex))
            .mapToInt(entry -> uses.getOrDefault(entry.getKey(), 0))
            .sum()
        == 1;
  }

  private void biasOf(String vertex, Constant bias) {
    DenseLayer dense =
        (DenseLayer) ((LayerVertex) graph.getVertices().get(vertex)).getLayerConf().getLayer();
    dense.setHasBias(true);
    Map<String, Constant> parameters = new HashMap<>(weights.get(vertex));
    parameters.put(DefaultParamInitializer.BIAS_KEY, bias);
    weights.put(vertex, parameters);
  }

  private void concatenation(Node node) {
    long axis = node.integer("axis", 1);
    List<Value> inputs = IntStream.range(0, node.inputs()).mapToObj(node::value).toList();
    List<Long> first = inputs.get(0).shape();
    boolean fits =
        inputs.stream()
            .allMatch(
                value ->
                    value
                        .shape()
                        .subList(1, value.shape().size())
                        .equals(first.subList(1, first.size())));
    if (!fits || (axis != 1 && axis != -first.size())) {
      throw node.refused(
          "along axis " + axis + " of " + inputs.stream().map(Value::shape).toList());
    }
    long channels = inputs.stream().mapToLong(Value::channels).reduce(0, Math::addExact);
    List<Long> shape =
        first.size() == 1 ? List.of(channels) : List.of(channels, first.get(1), first.get(2));
    vertex(node, new MergeVertex(), inputs, shape, inputs.stream().allMatch(Value::notNegative));
  }

  private void pooling(Node node) {
    Value input = node.planes(0);
    node.require("ceil_mode", 0);
    node.require("storage_order", 0);
    boolean max = node.operator().equals("MaxPool");
    int[] kernel = node.steps("kernel_shape", 2, 1, 1);
    Window window = new Window(node, kernel[0], kernel[1], input);
    if (Arrays.stream(window.dilation).anyMatch(step -> step != 1)) {
      throw node.refused("with dilation");
    }
    boolean counted = node.integer("count_include_pad", 0) == 1;
    if (window.pads() && (max ? !input.notNegative() : !counted && !window.even)) {
      throw node.refused(
          "pads "
              + Arrays.toString(window.pads)
              + (max
                  ? " on numbers that may be negative: zeros stand for the padding here"
                  : " of unequal width that are not counted"));
    }
    SubsamplingLayer.Builder layer =
        new SubsamplingLayer.Builder(max ? PoolingType.MAX : PoolingType.AVG)
            .kernelSize(window.kernel)
            .stride(window.stride)
            .padding(window.padding);
    if (!max) {
      layer.avgPoolIncludePadInDivisor(counted);
    }
    layer(
        node,
        layer.build(),
        window.padded(input),
        window.shape(input.channels()),
        input.notNegative());
  }

  private void globalPooling(Node node, PoolingType type) {
    Value input = node.planes(0);
    layer(
        node,
        new GlobalPoolingLayer.Builder(type).collapseDimensions(false).build(),
        input,
        List.of(input.channels(), 1L, 1L),
        input.notNegative());
  }

  private void flatten(Node node) {
    Value input = node.value(0);
    if (input.isVector()) {
      values.put(node.output(), input);
      return;
    }
    List<Long> s = input.shape();
    vertex(
        node,
        new PreprocessorVertex(new CnnToFeedForwardPreProcessor(s.get(1), s.get(2), s.get(0))),
        List.of(input),
        List.of(input.numbers()),
        input.notNegative());
  }

  /** To a matrix of one row an image; whatever else reshapes is refused. */
  private void reshape(Node node) {
    Value input = node.value(0);
    String target = node.input(1);
    boolean flattens;
    if (constants.has(target)) {
      long[] sides = constants.integers(target);
      flattens = sides.length == 2 && (sides[1] == -1 || sides[1] == input.numbers());
    } else {
      flattens = shapeValues.getOrDefault(target, 0L) == 2;
    }
    if (!flattens) {
      throw node.refused(
          "of "
              + input.shape()
              + " to "
              + (constants.has(target)
                  ? Arrays.toString(constants.integers(target))
                  : "a computed shape")
              + "; only to one row an image is understood");
    }
    flatten(node);
  }

  private void squeeze(Node node) {
    Value input = node.planes(0);
    Set<Long> axes = axes(node);
    if (!axes.equals(Set.of(2L, 3L)) || input.numbers() != input.channels()) {
      throw node.refused("along " + axes + " of " + input.shape());
    }
    flatten(node);
  }

  /** The axes of planes that a node works on, counted from the batch. */
  private static Set<Long> axes(Node node) {
    return Arrays.stream(node.axes(new long[0]))
        .mapToObj(axis -> axis < 0 ? axis + 4 : axis)
        .collect(Collectors.toSet());
  }

  private static Constant scaled(Constant constant, double factor) {
    float[] scaled = constant.values().clone();
    for (int i = 0; factor != 1 && i < scaled.length; i++) {
      scaled[i] = (float) (scaled[i] * factor);
    }
    return new Constant(constant.shape(), scaled);
  }

  private static Constant inverse(Constant constant) {
    float[] inverse = constant.values().clone();
    for (int i = 0; i < inverse.length; i++) {
      inverse[i] = 1 / inverse[i];
    }
    return new Constant(constant.shape(), inverse);
  }

  /** Axis {@code i} of the result is axis {@code axes[i]} of the constant seen as {@code shape}. */
  private static Constant movedAxes(Constant constant, long[] shape, int... axes) {
    INDArray moved =
        Nd4j.createFromArray(constant.values()).reshape('c', shape).permute(axes).dup('c');
    return new Constant(moved.shape(), moved.data().asFloat());
  }
}
