package org.mien.model.weights;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.model.weights.TensorNaming.Role;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The names and shapes that a file of PyTorch's has for a graph. */
public final class ExpectedTensors {
  private static final Map<String, Role> NORM =
      Map.of("gamma", Role.GAMMA, "beta", Role.BETA, "mean", Role.MEAN, "var", Role.VARIANCE);

  private ExpectedTensors() {}

  public static Map<String, List<Long>> of(ComputationGraph graph, TensorNaming naming) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    for (Layer layer : graph.getLayers()) {
      var configuration = layer.conf().getLayer();
      Map<String, INDArray> parameters = layer.paramTable();
      if (parameters == null) {
        continue;
      }
      parameters.forEach(
          (key, values) -> {
            Role role = key.equals("W") ? Role.WEIGHT : Role.BIAS;
            List<Long> shape = List.of(values.length());
            if (configuration instanceof BatchNormalization) {
              role = NORM.get(key);
            } else if (configuration instanceof PReLULayer) {
              role = Role.SLOPE;
            } else if (role == Role.WEIGHT && configuration instanceof DepthwiseConvolution2D) {
              shape = List.of(values.size(2) * values.size(3), 1L, values.size(0), values.size(1));
            } else if (role == Role.WEIGHT && configuration instanceof ConvolutionLayer) {
              shape = LongStream.of(values.shape()).boxed().toList();
            } else if (role == Role.WEIGHT) {
              shape = List.of(values.size(1), values.size(0));
            }
            shapes.put(naming.tensor(configuration.getLayerName(), role).orElseThrow(), shape);
          });
    }
    return shapes;
  }

  /** Gives a graph the weights and statistics that are a function of their names. */
  public static ComputationGraph fill(ComputationGraph graph, TensorNaming naming) {
    WeightLoader.apply(graph, new FormulaWeights(of(graph, naming)), naming);
    return graph;
  }
}
