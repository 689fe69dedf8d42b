package org.mien.model.weights;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * The parameters of a graph as a PyTorch module of the same layers has them: {@code LAYER.weight},
 * {@code LAYER.bias}, {@code LAYER.running_mean}, {@code LAYER.running_var}, in PyTorch's shapes
 * and order of axes. A parameter that only Deeplearning4j has is {@code LAYER.PARAMETER}, as it is.
 *
 * <p>It looks at the graph and copies nothing before values are asked for.
 */
public final class GraphWeights implements StateDictionary {
  private final Map<String, LayerParameter> parameters = new LinkedHashMap<>();

  private GraphWeights(ComputationGraph graph) {
    TensorNaming naming = TensorNaming.torch(name -> false);
    for (LayerParameter parameter : LayerParameter.of(graph, naming.layout())) {
      String name =
          parameter
              .role()
              .flatMap(role -> naming.tensor(parameter.layer(), role))
              .orElse(parameter.layer() + "." + parameter.key());
      if (parameters.put(name, parameter) != null) {
        throw new IllegalStateException("two parameters are called " + name);
      }
    }
  }

  /** Views a graph's parameters. */
  public static GraphWeights of(ComputationGraph graph) {
    return new GraphWeights(graph);
  }

  /**
   * Sets every parameter to the tensor of its name.
   *
   * @param weights has tensors of these names and shapes, and perhaps others
   * @throws IllegalArgumentException if a tensor is missing or of another shape
   */
  public void assign(StateDictionary weights) {
    Map<String, List<Long>> shapes = weights.shapes();
    parameters.forEach(
        (name, parameter) -> {
          if (!parameter.shape().equals(shapes.get(name))) {
            throw new IllegalArgumentException(
                String.format(
                    "%s: expected '%s' with the shape %s, was %s",
                    weights.origin(), name, parameter.shape(), shapes.get(name)));
          }
          parameter.assign(weights.values(name));
        });
  }

  @Override
  public String origin() {
    return "graph";
  }

  @Override
  public Map<String, List<Long>> shapes() {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    parameters.forEach((name, parameter) -> shapes.put(name, parameter.shape()));
    return Collections.unmodifiableMap(shapes);
  }

  @Override
  public float[] values(String name) {
    LayerParameter parameter = parameters.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException("the graph has no tensor " + name);
    }
    return parameter.toFile();
  }
}
