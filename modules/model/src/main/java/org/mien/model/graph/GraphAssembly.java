package org.mien.model.graph;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.model.layer.FixedStatisticsNormalization;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * Builds a graph out of the vertices of others, with their names and weights. Sources stay as they
 * are: configurations are cloned, weights copied.
 */
final class GraphAssembly {
  private final GraphBuilder builder;
  private final Map<String, org.deeplearning4j.nn.api.Layer> weightSources = new LinkedHashMap<>();

  GraphAssembly(DataType dataType, long seed, String... inputs) {
    builder =
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .dataType(dataType)
            // Every layer brings its own; the library wants one.
            .updater(new Sgd(0))
            .graphBuilder()
            .addInputs(inputs);
  }

  /** The vertices of a graph in an order in which each comes after its inputs. */
  static List<String> order(ComputationGraph graph) {
    List<String> inputs = graph.getConfiguration().getNetworkInputs();
    return Arrays.stream(graph.topologicalSortOrder())
        .mapToObj(index -> graph.getVertices()[index].getVertexName())
        .filter(name -> !inputs.contains(name))
        .toList();
  }

  static List<String> inputsOf(ComputationGraph graph, String vertex) {
    return graph.getConfiguration().getVertexInputs().get(vertex);
  }

  /** The configuration of a layer, out of its frozen wrapper if it has one; null if not a layer. */
  static Layer layerOf(ComputationGraph graph, String vertex) {
    GraphVertex configuration = graph.getConfiguration().getVertices().get(vertex);
    if (!(configuration instanceof LayerVertex layerVertex)) {
      return null;
    }
    Layer layer = layerVertex.getLayerConf().getLayer();
    return layer instanceof FrozenLayer frozen ? frozen.getLayer() : layer;
  }

  /** A vertex's configuration that is not a layer, out of its frozen wrapper if it has one. */
  static GraphVertex vertexOf(ComputationGraph graph, String vertex) {
    GraphVertex configuration = graph.getConfiguration().getVertices().get(vertex);
    return configuration instanceof FrozenVertex frozen ? frozen.getUnderlying() : configuration;
  }

  /** The network's layer, out of its frozen wrapper if it has one. */
  static org.deeplearning4j.nn.api.Layer networkLayerOf(ComputationGraph graph, String vertex) {
    org.deeplearning4j.nn.api.Layer layer = graph.getLayer(vertex);
    return layer instanceof org.deeplearning4j.nn.layers.FrozenLayer frozen
        ? frozen.getInsideLayer()
        : layer;
  }

  /** Adds a copy of a vertex, not frozen, with its weights. */
  void add(ComputationGraph source, String vertex, UnaryOperator<Layer> change, String... inputs) {
    Layer layer = layerOf(source, vertex);
    if (layer == null) {
      builder.addVertex(vertex, vertexOf(source, vertex).clone(), inputs);
      return;
    }
    addLayer(vertex, change.apply(layer.clone()), preprocessorOf(source, vertex), inputs);
    weightSources.put(vertex, networkLayerOf(source, vertex));
  }

  /**
   * Cuts out everything that leads to one vertex, which becomes the output, unfrozen and with its
   * weights. Batch normalisation whose statistics were fixed for training becomes a plain one.
   */
  static ComputationGraph upTo(ComputationGraph source, String output) {
    Set<String> needed = new HashSet<>(Set.of(output));
    List<String> order = order(source);
    for (int i = order.size() - 1; i >= 0; i--) {
      if (needed.contains(order.get(i))) {
        needed.addAll(inputsOf(source, order.get(i)));
      }
    }
    GraphAssembly assembly =
        new GraphAssembly(
            source.getConfiguration().getDataType(),
            source.getConfiguration().getDefaultConfiguration().getSeed(),
            source.getConfiguration().getNetworkInputs().stream()
                .filter(needed::contains)
                .toArray(String[]::new));
    for (String vertex : order) {
      if (needed.contains(vertex)) {
        assembly.add(
            source,
            vertex,
            GraphAssembly::released,
            inputsOf(source, vertex).toArray(String[]::new));
      }
    }
    return assembly.build(output);
  }

  private static Layer released(Layer layer) {
    return layer instanceof FixedStatisticsNormalization fixed ? fixed.released() : layer;
  }

  /** Adds a copy of a vertex that training leaves as it is, with its weights. */
  void addFrozen(ComputationGraph source, String vertex, String... inputs) {
    if (layerOf(source, vertex) == null) {
      builder.addVertex(vertex, new FrozenVertex(vertexOf(source, vertex).clone()), inputs);
    } else {
      add(source, vertex, FrozenLayer::new, inputs);
    }
  }

  /** Adds a vertex without weights. */
  void addVertex(String name, GraphVertex vertex, String... inputs) {
    builder.addVertex(name, vertex, inputs);
  }

  /** Adds a layer whose weights the caller sets afterwards. */
  void addLayer(String name, Layer layer, InputPreProcessor preprocessor, String... inputs) {
    layer.setLayerName(name);
    if (preprocessor == null) {
      builder.addLayer(name, layer, inputs);
    } else {
      builder.addLayer(name, layer, preprocessor.clone(), inputs);
    }
  }

  static InputPreProcessor preprocessorOf(ComputationGraph graph, String vertex) {
    return ((LayerVertex) graph.getConfiguration().getVertices().get(vertex)).getPreProcessor();
  }

  ComputationGraph build(String... outputs) {
    builder.setOutputs(outputs);
    ComputationGraph graph = new ComputationGraph(builder.build());
    graph.init();
    weightSources.forEach(
        (name, source) -> {
          Map<String, INDArray> from = source.paramTable(false);
          networkLayerOf(graph, name)
              .paramTable(false)
              .forEach((key, to) -> to.assign(from.get(key)));
        });
    return graph;
  }
}
