package org.mien.model.onnx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import onnx.Onnx;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.preprocessing.Preprocessing;

/**
 * Writes a {@link ComputationGraph} from images to a vector as an ONNX model.
 *
 * <p>Input {@code images} {@code (batch, 3, height, width)}, output {@code embedding} {@code
 * (batch, dimension)}, 32-bit floats, and further outputs on demand. Operator set 13 in format
 * version 7, which ONNX Runtime reads from 1.8 on.
 */
public final class OnnxGraphWriter {
  /** Version of ONNX's default operator set that is written. */
  public static final int OPSET = 13;

  /** Version of the file format that is written. */
  public static final int IR_VERSION = 7;

  /** Name of the input of what is written. */
  public static final String INPUT = "images";

  /** Name of the output of what is written. */
  public static final String OUTPUT = "embedding";

  static final String PRODUCER = "Mien";
  static final String BATCH = "batch";

  private OnnxGraphWriter() {}

  /**
   * Translates a graph.
   *
   * @param graph one input, images as {@code preprocessing} makes them
   * @param outputVertex the vertex whose activation, a vector, becomes the output
   * @param metadata goes into the model's {@code metadata_props}
   * @throws org.mien.core.error.DataException if a layer cannot be written, naming it and its class
   */
  public static Onnx.ModelProto write(
      ComputationGraph graph,
      String outputVertex,
      Preprocessing preprocessing,
      Map<String, String> metadata) {
    return write(graph, outputVertex, preprocessing, metadata, true);
  }

  /**
   * Translates a graph with several outputs.
   *
   * @param outputs from vertices that give vectors to the names of the outputs, in their order
   */
  public static Onnx.ModelProto write(
      ComputationGraph graph,
      Map<String, String> outputs,
      Preprocessing preprocessing,
      Map<String, String> metadata) {
    return write(graph, outputs, preprocessing, metadata, true);
  }

  static Onnx.ModelProto write(
      ComputationGraph graph,
      String outputVertex,
      Preprocessing preprocessing,
      Map<String, String> metadata,
      boolean foldBatchNormalization) {
    return write(
        graph, Map.of(outputVertex, OUTPUT), preprocessing, metadata, foldBatchNormalization);
  }

  private static Onnx.ModelProto write(
      ComputationGraph graph,
      Map<String, String> outputs,
      Preprocessing preprocessing,
      Map<String, String> metadata,
      boolean foldBatchNormalization) {
    InputType images =
        InputType.convolutional(preprocessing.heightPixels(), preprocessing.widthPixels(), 3);
    List<String> vertices = List.copyOf(outputs.keySet());
    List<Long> widths = new ArrayList<>();
    for (String vertex : vertices) {
      widths.add(GraphTranslation.width(graph, images, vertex));
    }
    Onnx.GraphProto.Builder built = Onnx.GraphProto.newBuilder().setName("mien");
    built.addInput(floats(INPUT, 3, preprocessing.heightPixels(), preprocessing.widthPixels()));
    OnnxNodes nodes = new OnnxNodes(built, OPSET, IR_VERSION, "");
    List<String> results =
        GraphTranslation.write(graph, images, INPUT, vertices, nodes, foldBatchNormalization);
    Map<String, String> renamed = new LinkedHashMap<>();
    for (int i = 0; i < results.size(); i++) {
      String wanted = outputs.get(vertices.get(i));
      built.addOutput(floats(results.get(i), widths.get(i)));
      renamed.put(results.get(i), wanted);
      if (!results.contains(wanted)) {
        // Another vertex may have the name: it makes way.
        renamed.putIfAbsent(wanted, nodes.unused(wanted + ".inner"));
      }
    }
    return model(
        OnnxNames.rename(built.build(), name -> renamed.getOrDefault(name, name)), metadata);
  }

  private static Onnx.ModelProto model(Onnx.GraphProto graph, Map<String, String> metadata) {
    Onnx.ModelProto.Builder model =
        Onnx.ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName(PRODUCER)
            .addOpsetImport(Onnx.OperatorSetIdProto.newBuilder().setVersion(OPSET))
            .setGraph(graph);
    addMetadata(model, metadata);
    return model.build();
  }

  /** Adds entries in the order of their keys, so that equal models give equal bytes. */
  static void addMetadata(Onnx.ModelProto.Builder model, Map<String, String> metadata) {
    new TreeMap<>(metadata)
        .forEach(
            (key, value) ->
                model.addMetadataProps(
                    Onnx.StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
  }

  /** Describes a tensor {@code (batch, dimensions...)} of 32-bit floats. */
  static Onnx.ValueInfoProto floats(String name, long... dimensions) {
    Onnx.ValueInfoProto.Builder value = Onnx.ValueInfoProto.newBuilder().setName(name);
    Onnx.TypeProto.Tensor.Builder tensor = value.getTypeBuilder().getTensorTypeBuilder();
    tensor.setElemType(Onnx.TensorProto.DataType.FLOAT_VALUE);
    tensor.getShapeBuilder().addDimBuilder().setDimParam(BATCH);
    for (long dimension : dimensions) {
      tensor.getShapeBuilder().addDimBuilder().setDimValue(dimension);
    }
    return value.build();
  }
}
