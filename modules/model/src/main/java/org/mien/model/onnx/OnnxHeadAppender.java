package org.mien.model.onnx;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import onnx.Onnx;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Preprocessing;

/**
 * Puts a trained head behind a backbone that was given as an ONNX file.
 *
 * <p>The backbone's nodes, weights, operator set and format version stay as they are; its names get
 * the prefix {@code backbone/}, the head's {@code head/}, so that they cannot clash. Input and
 * output are called {@code images} and {@code embedding}; other outputs of the backbone, and what
 * only they need, are dropped. A batch fixed to 1 becomes dynamic where that verifiably changes
 * nothing.
 */
public final class OnnxHeadAppender {
  /** Operators as the head uses them have not changed in meaning since this version. */
  private static final int OLDEST_OPSET = 7;

  /** The newest version these nodes were checked against. */
  private static final int NEWEST_OPSET = 23;

  private static final String BACKBONE = "backbone/";
  private static final String HEAD = "head/";

  private OnnxHeadAppender() {}

  /**
   * Joins backbone and head.
   *
   * @param backbone gives {@code (batch, features)} or {@code (batch, features, 1, 1)}
   * @param backboneOutput which of its outputs, where there are several
   * @param preprocessing what the backbone expects
   * @param head one input, the features; or nothing, to give the backbone's own vectors
   * @param headOutputs from the head's vertices whose activations become outputs to their names, in
   *     order; without a head they have no meaning
   * @param features length of the backbone's vectors
   * @param metadata added to the model's {@code metadata_props}; replaces entries of the same key
   * @throws DataException if a layer of the head cannot be written in the backbone's operator set
   */
  public static Onnx.ModelProto append(
      OnnxModelFile backbone,
      Optional<String> backboneOutput,
      Preprocessing preprocessing,
      Optional<ComputationGraph> head,
      Map<String, String> headOutputs,
      int features,
      Map<String, String> metadata) {
    int opset = OnnxModelFile.opset(backbone.proto());
    if (opset < OLDEST_OPSET || opset > NEWEST_OPSET) {
      throw new DataException(
          backbone.name()
              + ": expected ONNX operator set "
              + OLDEST_OPSET
              + " to "
              + NEWEST_OPSET
              + " to put a head behind it, it uses "
              + opset);
    }
    Onnx.ModelProto model =
        DynamicBatch.verified(
                backbone, backboneOutput, preprocessing.heightPixels(), preprocessing.widthPixels())
            .model();
    Onnx.GraphProto original = model.getGraph();
    Onnx.ValueInfoProto images = imageInput(backbone.name(), original);
    Onnx.ValueInfoProto vectors = output(backbone.name(), original, backboneOutput);

    Onnx.GraphProto prefixed = OnnxNames.rename(original, name -> BACKBONE + name);
    String tensor = BACKBONE + vectors.getName();
    Onnx.GraphProto.Builder graph = prefixed.toBuilder().clearOutput();
    if (original.getOutputCount() > 1) {
      dropUnneeded(graph, tensor);
    }
    OnnxNodes nodes = new OnnxNodes(graph, opset, model.getIrVersion(), HEAD);
    if (vectors.getType().getTensorType().getShape().getDimCount() != 2) {
      tensor = nodes.flatten("features", tensor);
    }
    Map<String, String> outward = new HashMap<>();
    outward.put(BACKBONE + images.getName(), OnnxGraphWriter.INPUT);
    boolean dynamic = batchOf(images).hasDimParam() || !batchOf(images).hasDimValue();
    if (head.isPresent()) {
      InputType input = InputType.feedForward(features);
      List<String> vertices = List.copyOf(headOutputs.keySet());
      List<String> tensors =
          GraphTranslation.write(head.get(), input, tensor, vertices, nodes, true);
      for (int i = 0; i < vertices.size(); i++) {
        String vertex = vertices.get(i);
        Onnx.ValueInfoProto result =
            OnnxGraphWriter.floats(
                tensors.get(i), GraphTranslation.width(head.get(), input, vertex));
        graph.addOutput(dynamic ? result : withBatch(result, batchOf(images)));
        outward.put(tensors.get(i), headOutputs.get(vertex));
      }
    } else {
      Onnx.ValueInfoProto result = OnnxGraphWriter.floats(tensor, features);
      graph.addOutput(dynamic ? result : withBatch(result, batchOf(images)));
      outward.put(tensor, OnnxGraphWriter.OUTPUT);
    }
    Onnx.ModelProto.Builder joined =
        model.toBuilder()
            .setGraph(OnnxNames.rename(graph.build(), name -> outward.getOrDefault(name, name)))
            .setProducerName(OnnxGraphWriter.PRODUCER)
            .clearProducerVersion()
            .clearMetadataProps();
    Map<String, String> entries = new TreeMap<>();
    model.getMetadataPropsList().forEach(entry -> entries.put(entry.getKey(), entry.getValue()));
    entries.putAll(metadata);
    entries.put("mien.backbone.sha256", backbone.sha256());
    entries.put(
        "mien.backbone.producer",
        (model.getProducerName() + " " + model.getProducerVersion()).strip());
    OnnxGraphWriter.addMetadata(joined, entries);
    return joined.build();
  }

  private static Onnx.ValueInfoProto imageInput(String name, Onnx.GraphProto graph) {
    Set<String> constants = new HashSet<>();
    graph.getInitializerList().forEach(tensor -> constants.add(tensor.getName()));
    List<Onnx.ValueInfoProto> inputs =
        graph.getInputList().stream().filter(v -> !constants.contains(v.getName())).toList();
    if (inputs.size() != 1) {
      throw new DataException(
          name
              + ": expected one input, the images; it has "
              + inputs.stream().map(Onnx.ValueInfoProto::getName).toList());
    }
    return inputs.get(0);
  }

  private static Onnx.ValueInfoProto output(
      String name, Onnx.GraphProto graph, Optional<String> chosen) {
    List<String> names = graph.getOutputList().stream().map(Onnx.ValueInfoProto::getName).toList();
    if (chosen.isEmpty() && names.size() > 1) {
      throw new ConfigException(name + ": it has several outputs; name one of " + names);
    }
    int index = chosen.isEmpty() ? 0 : names.indexOf(chosen.get());
    if (index < 0) {
      throw new ConfigException(
          name + ": there is no output " + chosen.get() + "; its outputs are " + names);
    }
    return graph.getOutput(index);
  }

  private static Onnx.TensorShapeProto.Dimension batchOf(Onnx.ValueInfoProto value) {
    Onnx.TensorShapeProto shape = value.getType().getTensorType().getShape();
    return shape.getDimCount() == 0
        ? Onnx.TensorShapeProto.Dimension.getDefaultInstance()
        : shape.getDim(0);
  }

  private static Onnx.ValueInfoProto withBatch(
      Onnx.ValueInfoProto value, Onnx.TensorShapeProto.Dimension batch) {
    Onnx.ValueInfoProto.Builder copy = value.toBuilder();
    copy.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder().setDim(0, batch);
    return copy.build();
  }

  /** Removes nodes and constants that the wanted value does not depend on. */
  private static void dropUnneeded(Onnx.GraphProto.Builder graph, String wanted) {
    Set<String> needed = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(wanted));
    Map<String, Onnx.NodeProto> producers = new HashMap<>();
    graph
        .getNodeList()
        .forEach(node -> node.getOutputList().forEach(value -> producers.put(value, node)));
    while (!open.isEmpty()) {
      String value = open.pop();
      if (needed.add(value) && producers.containsKey(value)) {
        Set<String> used = new HashSet<>();
        collectUsed(producers.get(value), used);
        open.addAll(used);
      }
    }
    List<Onnx.NodeProto> nodes =
        graph.getNodeList().stream()
            .filter(node -> node.getOutputList().stream().anyMatch(needed::contains))
            .toList();
    List<Onnx.TensorProto> constants =
        graph.getInitializerList().stream().filter(t -> needed.contains(t.getName())).toList();
    Set<String> dropped = new HashSet<>();
    graph.getInitializerList().forEach(tensor -> dropped.add(tensor.getName()));
    constants.forEach(tensor -> dropped.remove(tensor.getName()));
    List<Onnx.ValueInfoProto> inputs =
        graph.getInputList().stream().filter(v -> !dropped.contains(v.getName())).toList();
    graph
        .clearNode()
        .addAllNode(nodes)
        .clearInitializer()
        .addAllInitializer(constants)
        .clearInput()
        .addAllInput(inputs)
        .clearValueInfo();
  }

  /** What a node reads, including what the graphs inside it take from outside. */
  static void collectUsed(Onnx.NodeProto node, Set<String> used) {
    used.addAll(node.getInputList());
    for (Onnx.AttributeProto attribute : node.getAttributeList()) {
      if (attribute.hasG()) {
        collectUsed(attribute.getG(), used);
      }
      attribute.getGraphsList().forEach(graph -> collectUsed(graph, used));
    }
  }

  private static void collectUsed(Onnx.GraphProto graph, Set<String> used) {
    graph.getNodeList().forEach(node -> collectUsed(node, used));
    // A branch may pass an outer value straight on.
    graph.getOutputList().forEach(value -> used.add(value.getName()));
  }
}
