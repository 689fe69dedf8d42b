package org.mien.model.onnx;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import onnx.Onnx;
import org.mien.core.error.DataException;

/**
 * Raises a model to operator set {@value #VERSION}, the first that has quantisation by channel.
 *
 * <p>Only operators whose meaning has stayed the same between 7 and 13, and those whose attributes
 * merely became inputs, are known here; a model with any other is refused.
 */
final class OpsetUpgrade {
  static final int VERSION = 13;
  private static final int OLDEST = 7;
  private static final int IR_VERSION = 7;

  /** The same with the same attributes in every version from 7 to 13. */
  private static final Set<String> UNCHANGED =
      Set.of(
          "Abs",
          "Add",
          "ArgMax",
          "AveragePool",
          "Cast",
          "Concat",
          "Constant",
          "ConstantOfShape",
          "Conv",
          "Div",
          "Elu",
          "Exp",
          "Flatten",
          "Gather",
          "Gemm",
          "GlobalAveragePool",
          "GlobalMaxPool",
          "HardSigmoid",
          "Identity",
          "InstanceNormalization",
          "LRN",
          "LeakyRelu",
          "Log",
          "MatMul",
          "Max",
          "MaxPool",
          "Mean",
          "Min",
          "Mul",
          "Neg",
          "PRelu",
          "Pow",
          "Reciprocal",
          "ReduceL2",
          "ReduceMax",
          "ReduceMean",
          "Relu",
          "Reshape",
          "Selu",
          "Shape",
          "Sigmoid",
          "Softplus",
          "Sqrt",
          "Sub",
          "Sum",
          "Tanh",
          "Transpose");

  private OpsetUpgrade() {}

  /**
   * Returns the model in operator set {@value #VERSION}, or as it is where it is newer.
   *
   * @param name what errors call it
   * @throws DataException if it is older than 7 or has an operator that is not known to be the same
   */
  static Onnx.ModelProto of(Onnx.ModelProto model, String name) {
    int opset = OnnxModelFile.opset(model);
    if (opset >= VERSION) {
      return model;
    }
    if (opset < OLDEST) {
      throw new DataException(
          name + ": expected ONNX operator set " + OLDEST + " or newer, was " + opset);
    }
    Onnx.GraphProto.Builder graph = model.getGraph().toBuilder();
    Map<String, Integer> initializers = new HashMap<>();
    for (int i = 0; i < graph.getInitializerCount(); i++) {
      initializers.put(graph.getInitializer(i).getName(), i);
    }
    // From version 4 of the format on, constants need not be inputs.
    List<Onnx.ValueInfoProto> inputs =
        graph.getInputList().stream()
            .filter(input -> !initializers.containsKey(input.getName()))
            .toList();
    graph.clearInput().addAllInput(inputs);
    OnnxNodes constants = new OnnxNodes(graph, VERSION, IR_VERSION, "upgrade/");
    for (int i = 0; i < graph.getNodeCount(); i++) {
      Onnx.NodeProto node = graph.getNode(i);
      if (node.getDomain().isEmpty() || node.getDomain().equals("ai.onnx")) {
        graph.setNode(i, upgraded(name, node, constants, opset));
      }
    }
    Onnx.ModelProto.Builder result =
        model.toBuilder()
            .setGraph(graph)
            .setIrVersion(Math.max(IR_VERSION, model.getIrVersion()))
            .clearOpsetImport();
    model.getOpsetImportList().stream()
        .filter(set -> !set.getDomain().isEmpty() && !set.getDomain().equals("ai.onnx"))
        .forEach(result::addOpsetImport);
    return result.addOpsetImport(Onnx.OperatorSetIdProto.newBuilder().setVersion(VERSION)).build();
  }

  private static Onnx.NodeProto upgraded(
      String name, Onnx.NodeProto node, OnnxNodes constants, int opset) {
    return switch (node.getOpType()) {
      case "Clip" -> opset < 11 ? clip(node, constants) : node;
      case "Pad" -> opset < 11 ? pad(name, node, constants) : node;
      case "Squeeze", "Unsqueeze" -> axes(node, constants);
      case "BatchNormalization" -> without(node, "spatial");
      case "Dropout" -> without(node, "ratio");
      default -> {
        if (!UNCHANGED.contains(node.getOpType())) {
          throw unknown(name, node);
        }
        yield node;
      }
    };
  }

  private static Onnx.NodeProto clip(Onnx.NodeProto node, OnnxNodes constants) {
    float low = OnnxAttributes.number(node, "min", -Float.MAX_VALUE);
    float high = OnnxAttributes.number(node, "max", Float.MAX_VALUE);
    return node.toBuilder()
        .clearAttribute()
        .addInput(constants.scalar(node.getOutput(0) + ".min", low))
        .addInput(constants.scalar(node.getOutput(0) + ".max", high))
        .build();
  }

  private static Onnx.NodeProto pad(String name, Onnx.NodeProto node, OnnxNodes constants) {
    if (!OnnxAttributes.text(node, "mode", "constant").equals("constant")) {
      throw unknown(name, node);
    }
    return node.toBuilder()
        .clearAttribute()
        .addInput(
            constants.constant(node.getOutput(0) + ".pads", OnnxAttributes.integers(node, "pads")))
        .addInput(
            constants.scalar(node.getOutput(0) + ".value", OnnxAttributes.number(node, "value", 0)))
        .build();
  }

  private static Onnx.NodeProto axes(Onnx.NodeProto node, OnnxNodes constants) {
    long[] axes = OnnxAttributes.integers(node, "axes");
    Onnx.NodeProto.Builder changed = node.toBuilder().clearAttribute();
    if (axes.length > 0) {
      changed.addInput(constants.constant(node.getOutput(0) + ".axes", axes));
    }
    return changed.build();
  }

  private static Onnx.NodeProto without(Onnx.NodeProto node, String attribute) {
    Onnx.NodeProto.Builder changed = node.toBuilder().clearAttribute();
    node.getAttributeList().stream()
        .filter(a -> !a.getName().equals(attribute))
        .forEach(changed::addAttribute);
    return changed.build();
  }

  private static DataException unknown(String name, Onnx.NodeProto node) {
    return new DataException(
        String.format(
            "%s: its operator %s (node %s) is not known to mean the same in ONNX operator set %d;"
                + " convert the model with ONNX's version converter first",
            name, node.getOpType(), node.getName(), VERSION));
  }
}
