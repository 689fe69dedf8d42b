package org.mien.model.onnx;

import java.util.function.UnaryOperator;
import onnx.Onnx;

/** Renames values and nodes of an ONNX graph, in the graphs inside its nodes too. */
final class OnnxNames {
  private OnnxNames() {}

  /**
   * Returns the graph with every name replaced. An empty name marks an input that is left out, and
   * stays empty.
   */
  static Onnx.GraphProto rename(Onnx.GraphProto graph, UnaryOperator<String> names) {
    UnaryOperator<String> renamed = name -> name.isEmpty() ? name : names.apply(name);
    Onnx.GraphProto.Builder copy = graph.toBuilder();
    copy.getInputBuilderList().forEach(v -> v.setName(renamed.apply(v.getName())));
    copy.getOutputBuilderList().forEach(v -> v.setName(renamed.apply(v.getName())));
    copy.getValueInfoBuilderList().forEach(v -> v.setName(renamed.apply(v.getName())));
    copy.getInitializerBuilderList().forEach(t -> t.setName(renamed.apply(t.getName())));
    copy.getSparseInitializerBuilderList()
        .forEach(t -> t.getValuesBuilder().setName(renamed.apply(t.getValues().getName())));
    copy.getQuantizationAnnotationBuilderList()
        .forEach(
            annotation -> {
              annotation.setTensorName(renamed.apply(annotation.getTensorName()));
              annotation
                  .getQuantParameterTensorNamesBuilderList()
                  .forEach(entry -> entry.setValue(renamed.apply(entry.getValue())));
            });
    copy.getNodeBuilderList().forEach(node -> rename(node, renamed));
    return copy.build();
  }

  private static void rename(Onnx.NodeProto.Builder node, UnaryOperator<String> renamed) {
    node.setName(renamed.apply(node.getName()));
    for (int i = 0; i < node.getInputCount(); i++) {
      node.setInput(i, renamed.apply(node.getInput(i)));
    }
    for (int i = 0; i < node.getOutputCount(); i++) {
      node.setOutput(i, renamed.apply(node.getOutput(i)));
    }
    for (Onnx.AttributeProto.Builder attribute : node.getAttributeBuilderList()) {
      if (attribute.hasG()) {
        attribute.setG(rename(attribute.getG(), renamed));
      }
      for (int i = 0; i < attribute.getGraphsCount(); i++) {
        attribute.setGraphs(i, rename(attribute.getGraphs(i), renamed));
      }
    }
  }
}
