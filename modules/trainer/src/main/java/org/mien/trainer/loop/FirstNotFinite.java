package org.mien.trainer.loop;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.longer.MatchCondition;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.conditions.Conditions;

/** Finds where in a graph numbers stop being finite. */
final class FirstNotFinite {
  private FirstNotFinite() {}

  /** Says what is not finite in an array, {@code NaN} or {@code Infinity}. */
  static Optional<String> in(INDArray values) {
    // One fast pass nearly always; a sum of finite numbers may overflow, so it is no proof.
    if (Double.isFinite(values.sumNumber().doubleValue())) {
      return Optional.empty();
    }
    if (count(new MatchCondition(values, Conditions.isNan())) > 0) {
      return Optional.of("NaN");
    }
    return count(new MatchCondition(values, Conditions.isInfinite())) > 0
        ? Optional.of("Infinity")
        : Optional.empty();
  }

  private static long count(MatchCondition condition) {
    return Nd4j.getExecutioner().exec(condition).getLong(0);
  }

  /**
   * Runs a batch forward once more and looks at the layers in the order of the graph: first at a
   * layer's parameters, then at its activations; and, if all of them are finite, at the gradients
   * the graph holds.
   *
   * @param graph with the weights that gave the loss or the gradient that is not finite
   * @return where, in words that go on after "the loss is NaN; "
   */
  static String of(ComputationGraph graph, INDArray input) {
    Map<String, INDArray> activations = graph.feedForward(new INDArray[] {input}, true);
    for (int index : graph.topologicalSortOrder()) {
      GraphVertex vertex = graph.getVertices()[index];
      Optional<String> found = ofParameters(vertex);
      if (found.isEmpty() && activations.containsKey(vertex.getVertexName())) {
        String kind = vertex.isInputVertex() ? "the input" : "the activations of layer ";
        found =
            in(activations.get(vertex.getVertexName()))
                .map(
                    what ->
                        kind
                            + (vertex.isInputVertex() ? "" : vertex.getVertexName())
                            + (vertex.isInputVertex() ? " holds " : " hold ")
                            + what);
      }
      if (found.isPresent()) {
        return found.get() + ", the first in the order of the network";
      }
    }
    return ofGradient(graph)
        .orElse("every weight and activation of the network is finite, and only the loss is not");
  }

  /** Backpropagation runs from the last layer to the first: both ends of what it spoilt matter. */
  private static Optional<String> ofGradient(ComputationGraph graph) {
    Map<String, INDArray> gradients = graph.gradient().gradientForVariable();
    Map<String, String> bad = new LinkedHashMap<>();
    for (int index : graph.topologicalSortOrder()) {
      GraphVertex vertex = graph.getVertices()[index];
      for (String name : parameters(vertex).keySet()) {
        INDArray gradient = gradients.get(vertex.getVertexName() + "_" + name);
        if (gradient != null) {
          in(gradient)
              .ifPresent(
                  what ->
                      bad.putIfAbsent(
                          vertex.getVertexName(),
                          "the gradient of its " + name + " holds " + what));
        }
      }
    }
    if (bad.isEmpty()) {
      return Optional.empty();
    }
    String first = bad.keySet().iterator().next();
    String last = bad.keySet().stream().reduce((a, b) -> b).orElseThrow();
    return Optional.of(
        "layer "
            + first
            + ": "
            + bad.get(first)
            + (first.equals(last)
                ? ""
                : ", the first of "
                    + bad.size()
                    + " such layers in the order of the network; backpropagation meets "
                    + last
                    + " first"));
  }

  private static Map<String, INDArray> parameters(GraphVertex vertex) {
    return vertex.hasLayer() && vertex.getLayer().numParams() > 0
        ? vertex.getLayer().paramTable()
        : Map.of();
  }

  private static Optional<String> ofParameters(GraphVertex vertex) {
    for (Map.Entry<String, INDArray> parameter : parameters(vertex).entrySet()) {
      Optional<String> what = in(parameter.getValue());
      if (what.isPresent()) {
        return Optional.of(
            "layer "
                + vertex.getVertexName()
                + ": its "
                + parameter.getKey()
                + " holds "
                + what.get());
      }
    }
    return Optional.empty();
  }

  /** Looks at weights and optimiser alone: what a checkpoint would keep. */
  static Optional<String> inState(ComputationGraph graph) {
    if (in(graph.params()).isPresent()) {
      for (int index : graph.topologicalSortOrder()) {
        Optional<String> found = ofParameters(graph.getVertices()[index]);
        if (found.isPresent()) {
          return found.map(where -> where + ", the first in the order of the network");
        }
      }
    }
    INDArray state = graph.getUpdater().getStateViewArray();
    return state == null || state.isEmpty()
        ? Optional.empty()
        : in(state).map(what -> "the optimiser's state holds " + what);
  }

  /** Names the parameter with the largest number, for a loss that grew without overflowing. */
  static String largest(ComputationGraph graph) {
    String name = "none";
    double largest = 0;
    for (int index : graph.topologicalSortOrder()) {
      GraphVertex vertex = graph.getVertices()[index];
      for (Map.Entry<String, INDArray> parameter : parameters(vertex).entrySet()) {
        double value = parameter.getValue().amaxNumber().doubleValue();
        if (value > largest) {
          largest = value;
          name = "layer " + vertex.getVertexName() + ": its " + parameter.getKey();
        }
      }
    }
    return String.format(java.util.Locale.ROOT, "%s holds %.3g", name, largest);
  }
}
