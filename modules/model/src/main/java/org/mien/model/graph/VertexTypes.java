package org.mien.model.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * What each vertex of a graph gives. Deeplearning4j's {@code getLayerActivationTypes} forgets
 * preprocessors and refuses a fully connected layer on planes.
 */
final class VertexTypes {
  private VertexTypes() {}

  /**
   * @param input what the graph's only input gets
   */
  static Map<String, InputType> of(ComputationGraph graph, InputType input) {
    ComputationGraphConfiguration configuration = graph.getConfiguration();
    Map<String, InputType> types = new HashMap<>();
    types.put(configuration.getNetworkInputs().get(0), input);
    List<String> order = GraphAssembly.order(graph);
    for (int index = 0; index < order.size(); index++) {
      InputType[] inputs =
          GraphAssembly.inputsOf(graph, order.get(index)).stream()
              .map(types::get)
              .toArray(InputType[]::new);
      // A copy: some vertices note what they were asked about.
      types.put(
          order.get(index),
          configuration.getVertices().get(order.get(index)).clone().getOutputType(index, inputs));
    }
    return types;
  }
}
