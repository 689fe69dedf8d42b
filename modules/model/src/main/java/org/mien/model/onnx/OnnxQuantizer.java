package org.mien.model.onnx;

import static org.mien.model.onnx.OnnxNodes.attribute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onnx.Onnx;
import org.mien.core.error.DataException;

/**
 * Turns a network of 32-bit floats into one of 8-bit integers for edge devices, after training and
 * with static ranges (Jacob et al., "Quantization and Training of Neural Networks for Efficient
 * Integer-Arithmetic-Only Inference", CVPR 2018, equation 1: {@code real = scale (stored - zero)}).
 *
 * <p>The format is QDQ: a tensor that is kept as integers is followed by {@code QuantizeLinear} and
 * {@code DequantizeLinear}, which an engine fuses with the float operators between them into
 * integer ones; an engine that cannot still computes the same. Weights are signed, symmetric, one
 * scale an output channel; activations unsigned, one scale and zero a tensor, their ranges taken
 * from running the float network on given images; biases 32-bit with the product of both scales.
 *
 * <p>Convolutions, matrix products, sums and products of two tensors, concatenations and pooling
 * become integer. All else, such as PReLU or a sigmoid, stays float between two conversions, and so
 * does the vector that comes out.
 */
public final class OnnxQuantizer {
  /**
   * Largest magnitude of a stored weight: 7 bits. Processors with AVX2 alone add pairs of products
   * of unsigned and signed bytes in 16 bits; with 64 as the largest weight they cannot overflow
   * (255 x 64 x 2 is 32,640).
   */
  static final int LARGEST_WEIGHT = 64;

  /**
   * Share of the calibration images whose least and largest numbers a range covers. On LFW it gave
   * a MobileFaceNet a mean cosine with its float embeddings of 0.984, the whole range 0.976.
   */
  private static final double COVERED = 0.9;

  private static final int LARGEST_ACTIVATION = 255;
  private static final String PREFIX = "int8/";

  /** Operators that have an integer form when all their inputs are activations. */
  private static final Set<String> OF_ACTIVATIONS =
      Set.of("Add", "Mul", "Concat", "GlobalAveragePool", "AveragePool");

  /** What only clips is part of the conversion after it. */
  private static final Set<String> CLIPPING = Set.of("Relu", "Clip");

  /** What moves numbers without changing them keeps their scale. */
  private static final Set<String> MOVING = Set.of("MaxPool", "Reshape", "Flatten", "Transpose");

  private final Onnx.ModelProto model;
  private final String name;
  private final Onnx.GraphProto graph;
  private final Map<String, Onnx.TensorProto> constants = new HashMap<>();
  private final Map<String, List<Onnx.NodeProto>> users = new HashMap<>();
  private final Map<String, Onnx.NodeProto> producers = new HashMap<>();
  private final Set<String> outputs = new HashSet<>();

  /** Tensors that become integers, in the order of the graph. */
  private final Set<String> quantized = new LinkedHashSet<>();

  /** Tensors that have the scale of another one. */
  private final Map<String, String> sameScale = new LinkedHashMap<>();

  private OnnxQuantizer(Onnx.ModelProto model, String name) {
    this.model = model;
    this.name = name;
    this.graph = model.getGraph();
    graph.getInitializerList().forEach(tensor -> constants.put(tensor.getName(), tensor));
    graph.getOutputList().forEach(value -> outputs.add(value.getName()));
    for (Onnx.NodeProto node : graph.getNodeList()) {
      node.getInputList()
          .forEach(in -> users.computeIfAbsent(in, unused -> new ArrayList<>()).add(node));
      node.getOutputList().forEach(out -> producers.put(out, node));
    }
  }

  /**
   * Quantises a network.
   *
   * @param model one input of floats {@code (batch, 3, height, width)}
   * @param name what errors call it
   * @param images {@code (count, 3, height, width)} preprocessed pixels of faces like those to come
   * @param count number of images, at least 1; some hundred of different people are enough
   * @return the network in operator set 13 or newer; its metadata is kept
   * @throws DataException if it has an operator that is not known, or gives numbers that are not
   *     finite
   */
  public static Onnx.ModelProto quantize(
      Onnx.ModelProto model,
      String name,
      float[] images,
      int count,
      int heightPixels,
      int widthPixels) {
    int length = 3 * heightPixels * widthPixels;
    if (count < 1 || images.length < (long) count * length) {
      throw new IllegalArgumentException(
          String.format(
              "expected at least 1 image of %d floats to calibrate with, was %d images in %d floats",
              length, count, images.length));
    }
    Onnx.ModelProto simple = OpsetUpgrade.of(OptimizedGraph.of(model, name), name);
    OnnxQuantizer quantizer = new OnnxQuantizer(simple, name);
    quantizer.plan();
    Map<String, List<OnnxProbe.Range>> ofImages = new HashMap<>();
    try (OnnxProbe probe = new OnnxProbe(simple, name, quantizer.quantized, Set.of())) {
      for (int image = 0; image < count; image++) {
        probe
            .ranges(images, image * length, heightPixels, widthPixels)
            .forEach(
                (tensor, range) ->
                    ofImages.computeIfAbsent(tensor, unused -> new ArrayList<>()).add(range));
      }
    }
    Map<String, OnnxProbe.Range> ranges = new HashMap<>();
    ofImages.forEach((tensor, found) -> ranges.put(tensor, usual(found)));
    return quantizer.write(ranges);
  }

  /**
   * The range that {@value #COVERED} of the images keep within: what a few reach beyond it is worth
   * less than the finer steps for all.
   */
  private static OnnxProbe.Range usual(List<OnnxProbe.Range> ofImages) {
    double[] depths = ofImages.stream().mapToDouble(range -> -range.minimum()).sorted().toArray();
    double[] heights = ofImages.stream().mapToDouble(OnnxProbe.Range::maximum).sorted().toArray();
    int index = Math.min(depths.length - 1, (int) (COVERED * depths.length));
    return new OnnxProbe.Range((float) -depths[index], (float) heights[index]);
  }

  private void plan() {
    for (Onnx.NodeProto node : graph.getNodeList()) {
      if (isInteger(node)) {
        activations(node).forEach(quantized::add);
        String result = behindClipping(node.getOutput(0));
        if (!leadsStraightOut(result)) {
          quantized.add(result);
        }
      }
    }
    // In the graph's order, so that a chain of moves finds its beginning.
    for (Onnx.NodeProto node : graph.getNodeList()) {
      if (MOVING.contains(node.getOpType())
          && quantized.contains(node.getInput(0))
          && !leadsStraightOut(node.getOutput(0))) {
        quantized.add(node.getOutput(0));
        sameScale.put(node.getOutput(0), node.getInput(0));
      }
    }
  }

  private boolean isInteger(Onnx.NodeProto node) {
    return switch (node.getOpType()) {
      case "Conv" -> hasWeights(node);
      case "Gemm" ->
          hasWeights(node)
              && OnnxAttributes.number(node, "alpha", 1) == 1
              && OnnxAttributes.number(node, "beta", 1) == 1
              && OnnxAttributes.integer(node, "transA", 0) == 0;
      case "MatMul" -> hasWeights(node) && constants.get(node.getInput(1)).getDimsCount() == 2;
      default ->
          OF_ACTIVATIONS.contains(node.getOpType())
              && node.getInputList().stream().noneMatch(constants::containsKey);
    };
  }

  private boolean hasWeights(Onnx.NodeProto node) {
    boolean constantBias =
        node.getInputCount() < 3
            || node.getInput(2).isEmpty()
            || (isFloatConstant(node.getInput(2))
                && constants.get(node.getInput(2)).getDimsCount() == 1);
    return !constants.containsKey(node.getInput(0))
        && isFloatConstant(node.getInput(1))
        && constantBias;
  }

  private boolean isFloatConstant(String tensor) {
    return constants.containsKey(tensor)
        && constants.get(tensor).getDataType() == Onnx.TensorProto.DataType.FLOAT_VALUE;
  }

  private List<String> activations(Onnx.NodeProto node) {
    return OF_ACTIVATIONS.contains(node.getOpType())
        ? node.getInputList()
        : List.of(node.getInput(0));
  }

  /** The tensor after a clipping that alone uses this one, else the tensor itself. */
  private String behindClipping(String tensor) {
    List<Onnx.NodeProto> using = users.getOrDefault(tensor, List.of());
    return !outputs.contains(tensor)
            && using.size() == 1
            && CLIPPING.contains(using.get(0).getOpType())
        ? using.get(0).getOutput(0)
        : tensor;
  }

  /** Whether nothing is computed between a tensor and the vector: it then stays float. */
  private boolean leadsStraightOut(String tensor) {
    return outputs.contains(tensor)
        || users.getOrDefault(tensor, List.of()).stream()
            .anyMatch(
                node ->
                    Set.of("Reshape", "Flatten", "Squeeze", "Identity").contains(node.getOpType())
                        && leadsStraightOut(node.getOutput(0)));
  }

  /** How a tensor is stored: {@code real = scale (stored - zero)}. */
  private record Scale(float scale, int zero, String scaleName, String zeroName) {}

  private Onnx.ModelProto write(Map<String, OnnxProbe.Range> ranges) {
    Onnx.GraphProto.Builder result =
        graph.toBuilder().clearNode().clearInitializer().clearValueInfo();
    Set<String> constantNames = constants.keySet();
    List<Onnx.ValueInfoProto> inputs =
        graph.getInputList().stream().filter(v -> !constantNames.contains(v.getName())).toList();
    result.clearInput().addAllInput(inputs);
    // Reserves every name that is taken.
    OnnxNodes names =
        new OnnxNodes(graph.toBuilder(), OnnxModelFile.opset(model), model.getIrVersion(), PREFIX);
    OnnxNodes nodes = names.writingTo(result);

    Map<String, Scale> scales = new HashMap<>();
    for (String tensor : quantized) {
      String origin = tensor;
      while (sameScale.containsKey(origin)) {
        origin = sameScale.get(origin);
      }
      String first = origin;
      if (!scales.containsKey(first)) {
        scales.put(first, scale(first, ranges.get(first), nodes));
      }
      scales.put(tensor, scales.get(first));
    }

    Map<String, String> standIns = new HashMap<>();
    inputs.forEach(input -> convert(input.getName(), scales, standIns, nodes));
    for (Onnx.NodeProto node : graph.getNodeList()) {
      Onnx.NodeProto.Builder copy = node.toBuilder();
      for (int i = 0; i < node.getInputCount(); i++) {
        copy.setInput(i, standIns.getOrDefault(node.getInput(i), node.getInput(i)));
      }
      if (isInteger(node) && !OF_ACTIVATIONS.contains(node.getOpType())) {
        quantizeWeights(node, copy, scales.get(node.getInput(0)), nodes);
      }
      result.addNode(copy);
      node.getOutputList().forEach(out -> convert(out, scales, standIns, nodes));
    }
    keepUsedConstants(result);
    return model.toBuilder()
        .setGraph(result)
        .setIrVersion(Math.max(7, model.getIrVersion()))
        .build();
  }

  private Scale scale(String tensor, OnnxProbe.Range range, OnnxNodes nodes) {
    // Zero has to be a stored number: it is what padding adds.
    float low = Math.min(0, range.minimum());
    float high = Math.max(0, range.maximum());
    if (!Float.isFinite(low) || !Float.isFinite(high)) {
      throw new DataException(
          name
              + ": its tensor "
              + tensor
              + " has numbers that are not finite on the images it is calibrated with");
    }
    float scale = Math.max((high - low) / LARGEST_ACTIVATION, 1e-12f);
    int zero = Math.max(0, Math.min(LARGEST_ACTIVATION, Math.round(-low / scale)));
    return new Scale(
        scale,
        zero,
        nodes.scalar(tensor + ".scale", scale),
        nodes.unsignedByte(tensor + ".zero", zero));
  }

  private static void convert(
      String tensor, Map<String, Scale> scales, Map<String, String> standIns, OnnxNodes nodes) {
    Scale scale = scales.get(tensor);
    if (scale == null) {
      return;
    }
    List<String> parameters = List.of(scale.scaleName(), scale.zeroName());
    List<String> in = new ArrayList<>(List.of(tensor));
    in.addAll(parameters);
    List<String> stored =
        new ArrayList<>(List.of(nodes.node("QuantizeLinear", tensor + ".stored", in)));
    stored.addAll(parameters);
    standIns.put(tensor, nodes.node("DequantizeLinear", tensor + ".read", stored));
  }

  private void quantizeWeights(
      Onnx.NodeProto node, Onnx.NodeProto.Builder copy, Scale input, OnnxNodes nodes) {
    Onnx.TensorProto tensor = constants.get(node.getInput(1));
    float[] weights = TensorValues.floats(tensor);
    long[] shape = tensor.getDimsList().stream().mapToLong(Long::longValue).toArray();
    boolean rowsAreChannels =
        node.getOpType().equals("Conv") || OnnxAttributes.integer(node, "transB", 0) != 0;
    int axis = rowsAreChannels ? 0 : 1;
    int channels = Math.toIntExact(shape[axis]);
    int inner = 1;
    for (int i = axis + 1; i < shape.length; i++) {
      inner = Math.toIntExact(inner * shape[i]);
    }
    boolean biased = node.getInputCount() > 2 && !node.getInput(2).isEmpty();
    float[] bias =
        biased ? TensorValues.floats(constants.get(node.getInput(2))) : new float[channels];
    if (bias.length != channels) {
      throw new DataException(
          String.format(
              "%s: node %s has %d biases for %d channels",
              name, node.getName(), bias.length, channels));
    }

    float[] scales = new float[channels];
    for (int i = 0; i < weights.length; i++) {
      int channel = i / inner % channels;
      scales[channel] = Math.max(scales[channel], Math.abs(weights[i]) / LARGEST_WEIGHT);
    }
    for (int c = 0; c < channels; c++) {
      // A channel of tiny weights with a large bias: the bias has to fit into 32 bits.
      float least = Math.abs(bias[c]) / input.scale() / (1 << 30);
      scales[c] = Math.max(scales[c], Math.max(least, 1e-12f));
    }
    byte[] stored = new byte[weights.length];
    for (int i = 0; i < weights.length; i++) {
      stored[i] = (byte) Math.rint(weights[i] / scales[i / inner % channels]);
    }
    String base = node.getOutput(0);
    String weightScale = nodes.constant(base + ".weight.scale", scales, channels);
    byte[] zeros = new byte[channels];
    copy.setInput(
        1,
        nodes.node(
            "DequantizeLinear",
            base + ".weight.read",
            List.of(
                nodes.signedBytes(base + ".weight", stored, shape),
                weightScale,
                nodes.signedBytes(base + ".weight.zero", zeros, channels)),
            attribute("axis", (long) axis)));
    if (biased) {
      int[] storedBias = new int[channels];
      float[] biasScales = new float[channels];
      for (int c = 0; c < channels; c++) {
        biasScales[c] = input.scale() * scales[c];
        storedBias[c] = (int) Math.rint((double) bias[c] / biasScales[c]);
      }
      copy.setInput(
          2,
          nodes.node(
              "DequantizeLinear",
              base + ".bias.read",
              List.of(
                  nodes.integers(base + ".bias", storedBias),
                  nodes.constant(base + ".bias.scale", biasScales, channels),
                  nodes.integers(base + ".bias.zero", new int[channels])),
              attribute("axis", 0L)));
    }
  }

  private void keepUsedConstants(Onnx.GraphProto.Builder result) {
    Set<String> used = new HashSet<>();
    result.getNodeList().forEach(node -> OnnxHeadAppender.collectUsed(node, used));
    outputs.forEach(used::add);
    graph.getInitializerList().stream()
        .filter(tensor -> used.contains(tensor.getName()))
        .forEach(result::addInitializer);
  }

  @Override
  public String toString() {
    return name + ": " + Arrays.toString(quantized.toArray());
  }
}
