package org.mien.model.file;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.model.head.HeadGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.NoOp;

/** Cuts the head out of a joined graph: what comes after the features, with its weights. */
final class HeadOfGraph {
  private HeadOfGraph() {}

  /**
   * Copies the head.
   *
   * @param whole backbone and head as one graph
   * @param features the vertex the head starts from; it becomes the input {@value HeadGraph#INPUT}
   */
  static ComputationGraph of(ComputationGraph whole, String features) {
    ComputationGraphConfiguration configuration = whole.getConfiguration();
    Map<String, List<String>> inputs = configuration.getVertexInputs();
    Set<String> backbone = withAncestors(features, inputs);
    GraphBuilder head =
        new NeuralNetConfiguration.Builder()
            .dataType(configuration.getDataType())
            .updater(new NoOp())
            .graphBuilder()
            .addInputs(HeadGraph.INPUT);
    List<String> layers = new ArrayList<>();
    for (int index : whole.topologicalSortOrder()) {
      String name = whole.getVertices()[index].getVertexName();
      if (backbone.contains(name)) {
        continue;
      }
      String[] from =
          inputs.get(name).stream()
              .map(input -> input.equals(features) ? HeadGraph.INPUT : input)
              .toArray(String[]::new);
      GraphVertex vertex = configuration.getVertices().get(name);
      if (vertex instanceof LayerVertex layerVertex) {
        Layer layer = layerVertex.getLayerConf().getLayer().clone();
        if (layerVertex.getPreProcessor() == null) {
          head.addLayer(name, layer, from);
        } else {
          head.addLayer(name, layer, layerVertex.getPreProcessor().clone(), from);
        }
        layers.add(name);
      } else {
        head.addVertex(name, vertex.clone(), from);
      }
    }
    head.setOutputs(configuration.getNetworkOutputs().toArray(String[]::new));
    ComputationGraph cut = new ComputationGraph(head.build());
    cut.init();
    for (String layer : layers) {
      Map<String, INDArray> source = whole.getLayer(layer).paramTable();
      cut.getLayer(layer).paramTable().forEach((name, values) -> values.assign(source.get(name)));
    }
    return cut;
  }

  private static Set<String> withAncestors(String vertex, Map<String, List<String>> inputs) {
    Set<String> found = new HashSet<>(Set.of(vertex));
    List<String> open = new ArrayList<>(found);
    while (!open.isEmpty()) {
      for (String input : inputs.getOrDefault(open.remove(open.size() - 1), List.of())) {
        if (found.add(input)) {
          open.add(input);
        }
      }
    }
    return found;
  }
}
