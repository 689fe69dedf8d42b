package org.mien.model.graph;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.provenance.Fingerprint;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** SHA-256 of a graph's architecture and weights. */
public final class GraphFingerprint {
  /**
   * What a configuration says about training only: two graphs that differ here compute the same.
   */
  private static final Set<String> TRAINING_ONLY =
      Set.of(
          "iterationCount",
          "epochCount",
          "seed",
          "iupdater",
          "iUpdater",
          "biasUpdater",
          "regularization",
          "regularizationBias",
          "weightInitFn",
          "biasInit",
          "gainInit",
          "gradientNormalization",
          "gradientNormalizationThreshold",
          "decay",
          "cacheMode",
          "trainingWorkspaceMode",
          "inferenceWorkspaceMode",
          "optimizationAlgo",
          "maxNumLineSearchIterations",
          "stepFunction",
          "variables",
          "minimize",
          "miniBatch",
          "minibatch",
          "tbpttFwdLength",
          "tbpttBackLength",
          "backpropType");

  private GraphFingerprint() {}

  /**
   * Returns 64 hexadecimal digits, equal for graphs that compute the same function with the same
   * layers and names: the state of training, its seed and its optimiser do not enter.
   */
  public static String of(ComputationGraph graph) {
    Fingerprint fingerprint = new Fingerprint().add(architecture(graph));
    INDArray parameters = graph.params();
    // In pieces: a copy of a large network's parameters would double its memory.
    long length = parameters == null ? 0 : parameters.length();
    INDArray flat = length == 0 ? null : parameters.reshape(length);
    int piece = 1 << 20;
    for (long start = 0; start < length; start += piece) {
      long end = Math.min(start + piece, length);
      fingerprint.add(flat.get(NDArrayIndex.interval(start, end)).toFloatVector());
    }
    return fingerprint.hex();
  }

  private static String architecture(ComputationGraph graph) {
    ObjectMapper mapper = new ObjectMapper();
    try {
      JsonNode configuration = mapper.readTree(graph.getConfiguration().toJson());
      strip(configuration);
      return mapper.writeValueAsString(configuration);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a graph's configuration is not JSON", e);
    }
  }

  private static void strip(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove(TRAINING_ONLY);
    }
    node.forEach(GraphFingerprint::strip);
  }
}
