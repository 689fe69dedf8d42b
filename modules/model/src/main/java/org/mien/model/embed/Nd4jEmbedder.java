package org.mien.model.embed;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.graph.FaceGraph;
import org.mien.model.graph.GraphFingerprint;
import org.mien.model.nd4j.Nd4jRuntime;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Runs a graph of Deeplearning4j up to one vertex. It is the reference engine: a frozen backbone
 * that is folded first ({@link org.mien.model.graph.FoldedGraph}) runs half as fast again.
 *
 * <p>Calls from several threads are served one after another. The graph must not be trained or
 * changed while the embedder is used: the fingerprint is taken once. Where the vertex is not the
 * graph's output the embedder keeps a copy of the part that leads to it.
 */
public final class Nd4jEmbedder implements Embedder {
  private final ComputationGraph graph;
  private final String vertex;
  private final Preprocessing preprocessing;
  private final String fingerprint;
  private final int dimension;

  /**
   * @param graph one input {@code (batch, 3, height, width)}
   * @param vertex whose output is the vector, {@code (batch, dimension)}
   * @throws IllegalArgumentException if the vertex is missing or gives no vectors
   */
  public Nd4jEmbedder(ComputationGraph graph, String vertex, Preprocessing preprocessing) {
    // Deeplearning4j can stop at an inner vertex, but leaves a workspace open where paths fork.
    this.graph =
        graph.getConfiguration().getNetworkOutputs().equals(List.of(vertex))
            ? graph
            : FaceGraph.upTo(graph, vertex);
    this.vertex = vertex;
    this.preprocessing = preprocessing;
    this.fingerprint = GraphFingerprint.of(this.graph);
    // One grey image tells the length, and that the graph takes images of this size.
    this.dimension = run(new float[preprocessing.imageLength()], 1).length;
  }

  @Override
  public Preprocessing preprocessing() {
    return preprocessing;
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public String engine() {
    return Nd4jRuntime.start().backend();
  }

  @Override
  public float[] embed(float[] images, int count) {
    if (count < 1 || images.length < (long) count * preprocessing.imageLength()) {
      throw new IllegalArgumentException(
          String.format(
              "%d floats do not hold %d images of %d",
              images.length, count, preprocessing.imageLength()));
    }
    return run(images, count);
  }

  private synchronized float[] run(float[] images, int count) {
    int length = count * preprocessing.imageLength();
    float[] exact = images.length == length ? images : Arrays.copyOf(images, length);
    INDArray input =
        Nd4j.create(
            exact,
            new long[] {count, 3, preprocessing.heightPixels(), preprocessing.widthPixels()},
            'c');
    INDArray output = graph.outputSingle(false, input);
    if (output.rank() != 2 || output.size(0) != count) {
      throw new IllegalArgumentException(
          "expected vectors from " + vertex + ", was shape " + Arrays.toString(output.shape()));
    }
    float[] vectors = output.dup('c').data().asFloat();
    output.close();
    input.close();
    return vectors;
  }

  /** Nothing to release: the graph belongs to the caller. */
  @Override
  public void close() {}
}
