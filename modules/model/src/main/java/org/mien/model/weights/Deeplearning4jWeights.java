package org.mien.model.weights;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.error.DataException;
import org.mien.model.file.BoundedZip;
import org.mien.model.file.GraphArchive;
import org.mien.model.head.HeadGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The parameters of a zip that Deeplearning4j's {@code ModelSerializer} or Mien wrote, by the names
 * {@code LAYER/PARAMETER}: {@code conv1/W}, {@code conv1/b}, {@code bn1/gamma}, in the graph's own
 * shapes.
 *
 * <p>Only a {@code ComputationGraph} is read, which is what Mien saves; its classes are held to
 * those of Deeplearning4j, ND4J and Mien. The whole graph is built, and kept in memory as long as
 * this is.
 */
public final class Deeplearning4jWeights implements StateDictionary {
  private final String origin;
  private final Map<String, INDArray> parameters = new LinkedHashMap<>();

  private Deeplearning4jWeights(Path file, ComputationGraph graph) {
    this.origin = file.toString();
    graph
        .getConfiguration()
        .getVertices()
        .keySet()
        .forEach(
            vertex -> {
              if (graph.getLayer(vertex) != null) {
                graph
                    .getLayer(vertex)
                    .paramTable(false)
                    .forEach((name, values) -> parameters.put(vertex + "/" + name, values));
              }
            });
  }

  /**
   * Reads a zip.
   *
   * @throws DataException if it is missing, damaged, names a foreign class or is no graph
   */
  public static StateDictionary read(Path zip) {
    try (BoundedZip entries = BoundedZip.open(zip)) {
      return new Deeplearning4jWeights(zip, GraphArchive.read(entries, false));
    }
  }

  @Override
  public String origin() {
    return origin;
  }

  @Override
  public Map<String, List<Long>> shapes() {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    parameters.forEach(
        (name, values) -> shapes.put(name, LongStream.of(values.shape()).boxed().toList()));
    return Collections.unmodifiableMap(shapes);
  }

  @Override
  public float[] values(String name) {
    INDArray values = parameters.get(name);
    if (values == null) {
      throw new IllegalArgumentException(origin + " has no tensor " + name);
    }
    return values.dup('c').data().asFloat();
  }

  /** Deeplearning4j's, without Mien's head. */
  @Override
  public Optional<TensorNaming> naming() {
    return Optional.of(
        TensorNaming.deeplearning4j(
            tensor ->
                tensor.startsWith(HeadGraph.EMBEDDING + "/")
                    || tensor.startsWith(HeadGraph.CLASSIFIER + "/")));
  }
}
