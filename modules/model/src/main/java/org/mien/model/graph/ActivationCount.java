package org.mien.model.graph;

import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.preprocessing.Preprocessing;

/** How many numbers one image gives rise to on its way through a graph. */
public final class ActivationCount {
  private ActivationCount() {}

  /** Returns the numbers that all vertices give, the image's own included. */
  public static long ofOneImage(ComputationGraph graph, Preprocessing input) {
    return VertexTypes.of(graph, images(input)).values().stream()
        .mapToLong(InputType::arrayElementsPerExample)
        .sum();
  }

  /** Returns the numbers of the graph's first output. */
  public static long ofOutput(ComputationGraph graph, Preprocessing input) {
    String output = graph.getConfiguration().getNetworkOutputs().get(0);
    return VertexTypes.of(graph, images(input)).get(output).arrayElementsPerExample();
  }

  private static InputType images(Preprocessing input) {
    return InputType.convolutional(input.heightPixels(), input.widthPixels(), 3);
  }
}
