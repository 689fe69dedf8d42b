package org.mien.model.onnx;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onnx.Onnx;

/**
 * What an ONNX network is made of and what one image costs.
 *
 * @param nodes number of operators
 * @param parameters numbers in its constants of floats or bytes
 * @param multiplyAdds multiplications with addition of one image; convolutions and matrix products
 *     with constant weights only, as is usual
 * @param opset version of ONNX's operator set
 * @param irVersion version of the file format
 */
public record OnnxSummary(
    int nodes, long parameters, long multiplyAdds, int opset, long irVersion) {

  /**
   * Summarises a network by running one grey image through it.
   *
   * @param heightPixels image height, where the model leaves it open
   * @param widthPixels image width, likewise
   */
  public static OnnxSummary of(OnnxModelFile file, int heightPixels, int widthPixels) {
    Onnx.ModelProto model = file.proto();
    Map<String, List<Long>> weights = new HashMap<>();
    long parameters = 0;
    for (Onnx.TensorProto tensor : model.getGraph().getInitializerList()) {
      weights.put(tensor.getName(), tensor.getDimsList());
      parameters += countsAsParameter(tensor) ? TensorValues.count(tensor) : 0;
    }
    // Weights of an 8-bit network are read from their stored form by a node.
    for (Onnx.NodeProto node : model.getGraph().getNodeList()) {
      if (node.getOpType().equals("DequantizeLinear") && weights.containsKey(node.getInput(0))) {
        weights.put(node.getOutput(0), weights.get(node.getInput(0)));
      } else if (node.getOpType().equals("Constant") && node.getOutputCount() == 1) {
        for (Onnx.AttributeProto attribute : node.getAttributeList()) {
          if (attribute.hasT()) {
            weights.put(node.getOutput(0), attribute.getT().getDimsList());
            parameters +=
                countsAsParameter(attribute.getT()) ? TensorValues.count(attribute.getT()) : 0;
          }
        }
      }
    }
    List<Onnx.NodeProto> products =
        model.getGraph().getNodeList().stream()
            .filter(node -> Set.of("Conv", "Gemm", "MatMul").contains(node.getOpType()))
            .filter(node -> weights.containsKey(node.getInput(1)))
            .toList();
    Set<String> results = new LinkedHashSet<>();
    products.forEach(node -> results.add(node.getOutput(0)));
    long multiplyAdds = 0;
    try (OnnxProbe probe = new OnnxProbe(model, file.name(), Set.of(), results)) {
      Map<String, List<Long>> shapes = probe.shapes(heightPixels, widthPixels);
      for (Onnx.NodeProto node : products) {
        multiplyAdds +=
            product(shapes.get(node.getOutput(0))) * perNumber(node, weights.get(node.getInput(1)));
      }
    }
    return new OnnxSummary(
        model.getGraph().getNodeCount(),
        parameters,
        multiplyAdds,
        OnnxModelFile.opset(model),
        model.getIrVersion());
  }

  /** Integers are shapes and indices. */
  private static boolean countsAsParameter(Onnx.TensorProto tensor) {
    return switch (tensor.getDataType()) {
      case Onnx.TensorProto.DataType.FLOAT_VALUE,
          Onnx.TensorProto.DataType.FLOAT16_VALUE,
          Onnx.TensorProto.DataType.DOUBLE_VALUE,
          Onnx.TensorProto.DataType.INT8_VALUE ->
          true;
      default -> false;
    };
  }

  /** Multiplications for one number of the result. */
  private static long perNumber(Onnx.NodeProto node, List<Long> weights) {
    if (node.getOpType().equals("Conv")) {
      // (out, in / groups, height, width)
      return product(weights.subList(1, weights.size()));
    }
    boolean transposed = OnnxAttributes.integer(node, "transB", 0) != 0;
    return weights.get(transposed ? weights.size() - 1 : Math.max(0, weights.size() - 2));
  }

  private static long product(List<Long> dimensions) {
    return dimensions.stream().reduce(1L, Math::multiplyExact);
  }
}
