package org.mien.model.onnx;

import onnx.Onnx;

/** Reads attributes of nodes. */
final class OnnxAttributes {
  private OnnxAttributes() {}

  static long integer(Onnx.NodeProto node, String name, long otherwise) {
    Onnx.AttributeProto attribute = find(node, name);
    return attribute == null ? otherwise : attribute.getI();
  }

  static float number(Onnx.NodeProto node, String name, float otherwise) {
    Onnx.AttributeProto attribute = find(node, name);
    return attribute == null ? otherwise : attribute.getF();
  }

  static String text(Onnx.NodeProto node, String name, String otherwise) {
    Onnx.AttributeProto attribute = find(node, name);
    return attribute == null ? otherwise : attribute.getS().toStringUtf8();
  }

  /** Empty if the node has no such attribute. */
  static long[] integers(Onnx.NodeProto node, String name) {
    Onnx.AttributeProto attribute = find(node, name);
    return attribute == null
        ? new long[0]
        : attribute.getIntsList().stream().mapToLong(Long::longValue).toArray();
  }

  private static Onnx.AttributeProto find(Onnx.NodeProto node, String name) {
    return node.getAttributeList().stream()
        .filter(attribute -> attribute.getName().equals(name))
        .findFirst()
        .orElse(null);
  }
}
