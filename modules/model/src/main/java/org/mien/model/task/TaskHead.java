package org.mien.model.task;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.random.SeedStreams;
import org.mien.model.loss.TaskLoss;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/**
 * The layers of one task: an optional hidden layer, then {@code task.NAME} with its outputs.
 *
 * @param config as the recipe says
 * @param task what the outputs mean
 */
public record TaskHead(TaskConfig config, ModelTask task) {
  private static final String PREFIX = "task.";
  private static final String HIDDEN = ".hidden";

  /** The vertex whose activation a task's outputs are. */
  public static String vertex(String task) {
    return PREFIX + task;
  }

  /** Whether a vertex belongs to a task. */
  public static boolean isTask(String vertex) {
    return vertex.startsWith(PREFIX);
  }

  /**
   * Adds the layers.
   *
   * @param input the vertex they read, {@code (batch, size)}
   */
  public void addTo(GraphBuilder graph, String input, int size) {
    String top = vertex(config.name());
    String read = input;
    int width = size;
    if (config.hidden() > 0) {
      DenseLayer.Builder hidden =
          new DenseLayer.Builder().nIn(size).nOut(config.hidden()).activation(Activation.RELU);
      if (config.weight() == 0) {
        hidden.updater(new NoOp());
      }
      read = top + HIDDEN;
      width = config.hidden();
      graph.addLayer(read, hidden.build(), input);
    }
    OutputLayer.Builder output =
        new OutputLayer.Builder(new TaskLoss(config.loss().toLossFunction(), config.weight()))
            .nIn(width)
            .nOut(task.outputs())
            .activation(task.activation());
    if (config.weight() == 0) {
      output.updater(new NoOp());
    }
    graph.addLayer(top, output.build(), read);
  }

  /**
   * Sets the weights to random ones (Glorot and Bengio 2010, uniform) that depend on seed and name
   * alone: other tasks, and the order of tasks, change nothing.
   */
  public void initialise(ComputationGraph graph, long seed) {
    String top = vertex(config.name());
    if (config.hidden() > 0) {
      initialise(graph, top + HIDDEN, seed);
    }
    initialise(graph, top, seed);
  }

  private static void initialise(ComputationGraph graph, String layer, long seed) {
    INDArray weights = graph.getLayer(layer).getParam("W");
    int rows = (int) weights.size(0);
    int columns = (int) weights.size(1);
    double bound = Math.sqrt(6.0 / (rows + columns));
    var random = new SeedStreams(seed).stream(layer);
    double[][] values = new double[rows][columns];
    for (double[] row : values) {
      for (int j = 0; j < columns; j++) {
        row[j] = random.nextDouble(-bound, bound);
      }
    }
    weights.assign(Nd4j.createFromArray(values).castTo(weights.dataType()));
    graph.getLayer(layer).getParam("b").assign(0);
  }
}
