package org.mien.model.onnx;

import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.mien.model.nd4j.Nd4jRuntime;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Graphs with random weights and, unlike freshly initialised ones, random statistics and biases.
 */
public final class RandomGraph {
  public static final String INPUT = "pixels";

  private RandomGraph() {}

  public static ComputationGraph onImages(int side, Consumer<GraphBuilder> layers) {
    return build(InputType.convolutional(side, side, 3), layers);
  }

  public static ComputationGraph onVectors(int length, Consumer<GraphBuilder> layers) {
    return build(InputType.feedForward(length), layers);
  }

  private static ComputationGraph build(InputType type, Consumer<GraphBuilder> layers) {
    Nd4jRuntime.start();
    GraphBuilder builder =
        new NeuralNetConfiguration.Builder()
            .seed(5)
            .weightInit(WeightInit.XAVIER)
            .graphBuilder()
            .addInputs(INPUT);
    layers.accept(builder);
    builder.setInputTypes(type);
    ComputationGraph graph = new ComputationGraph(builder.build());
    graph.init();
    randomize(graph, 11);
    return graph;
  }

  /** Gives biases, batch statistics and slopes values that matter. */
  public static void randomize(ComputationGraph graph, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (Layer layer : graph.getLayers()) {
      layer
          .paramTable()
          .forEach(
              (name, values) -> {
                if (!name.equals("W") || values.rank() < 2 || isSlope(values)) {
                  boolean positive = name.equals("var") || name.equals("gamma");
                  for (long i = 0; i < values.length(); i++) {
                    double value = random.nextDouble(-1, 1);
                    values.putScalar(i, positive ? 0.5 + Math.abs(value) : value * 0.5);
                  }
                }
              });
    }
  }

  /** A PReLU's slope is called W too, and has no more than one number a plane. */
  private static boolean isSlope(INDArray values) {
    return values.rank() == 3;
  }

  public static float[] numbers(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }
}
