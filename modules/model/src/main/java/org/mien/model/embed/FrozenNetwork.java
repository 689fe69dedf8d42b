package org.mien.model.embed;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import onnx.Onnx;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.graph.FaceGraph;
import org.mien.model.graph.FoldedGraph;
import org.mien.model.onnx.OnnxGraphWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a frozen graph of Deeplearning4j on the engine that was asked for.
 *
 * <p>For ONNX Runtime the graph is written as ONNX once, in memory, with batch normalisation folded
 * into the layers before it. Two engines add up in different orders: their vectors differ by
 * rounding, which {@link Engine#AUTO} measures on two images of noise before it takes the faster
 * one.
 */
public final class FrozenNetwork {
  /** Largest difference between the engines, relative to a vector's largest magnitude. */
  public static final double TOLERANCE = 1e-5;

  private static final Logger LOG = LoggerFactory.getLogger(FrozenNetwork.class);
  private static final int PROBES = 2;

  private FrozenNetwork() {}

  /**
   * Opens a graph.
   *
   * @param graph one input {@code (batch, 3, height, width)}; is not changed
   * @param vertex whose output is the vector, {@code (batch, dimension)}
   * @param options how ONNX Runtime runs it; their {@code output} has no meaning here
   * @return its fingerprint is the same on both engines, its {@link Embedder#engine()} is not
   * @throws DataException if ONNX Runtime is asked for and the graph cannot be written as ONNX
   */
  public static Embedder open(
      ComputationGraph graph,
      String vertex,
      Preprocessing preprocessing,
      Engine engine,
      OnnxEmbedder.Options options) {
    ComputationGraph network =
        graph.getConfiguration().getNetworkOutputs().equals(List.of(vertex))
            ? graph
            : FaceGraph.upTo(graph, vertex);
    Nd4jEmbedder reference = new Nd4jEmbedder(FoldedGraph.of(network), vertex, preprocessing);
    if (engine == Engine.ND4J) {
      return reference;
    }
    OnnxEmbedder faster;
    try {
      Onnx.ModelProto onnx = OnnxGraphWriter.write(network, vertex, preprocessing, Map.of());
      faster =
          OnnxEmbedder.ofTranslated(
              onnx.toByteArray(), vertex, reference.fingerprint(), preprocessing, options);
    } catch (DataException e) {
      if (engine == Engine.ONNX_RUNTIME) {
        throw new DataException(
            "engine onnx-runtime: " + e.getMessage() + "; engine nd4j or auto runs it on ND4J", e);
      }
      LOG.info("runs on ND4J, which is slower: {}", e.getMessage());
      return reference;
    }
    Optional<String> difference = difference(reference, faster);
    if (difference.isEmpty()) {
      return faster;
    }
    if (engine == Engine.ONNX_RUNTIME) {
      LOG.warn("runs on ONNX Runtime as asked, although {}", difference.get());
      return faster;
    }
    LOG.warn("runs on ND4J, which is slower: {}", difference.get());
    faster.close();
    return reference;
  }

  /** Says how far the engines are apart on noise where that is further than rounding explains. */
  private static Optional<String> difference(Embedder reference, Embedder other) {
    Preprocessing preprocessing = reference.preprocessing();
    float[] images = noise(preprocessing);
    float[] expected = reference.embed(images, PROBES);
    float[] actual = other.embed(images, PROBES);
    int dimension = reference.dimension();
    if (actual.length != expected.length) {
      return Optional.of(
          "ONNX Runtime gives vectors of " + other.dimension() + " numbers, ND4J of " + dimension);
    }
    double largest = 0;
    for (int row = 0; row < expected.length; row += dimension) {
      double difference = 0;
      double scale = 0;
      for (int i = row; i < row + dimension; i++) {
        // Math.max passes NaN on.
        difference = Math.max(difference, Math.abs((double) expected[i] - actual[i]));
        scale = Math.max(scale, Math.abs(expected[i]));
      }
      // Vectors of zeros agree; otherwise 0/0 would not.
      largest = Math.max(largest, difference == 0 ? 0 : difference / scale);
    }
    // Written so that NaN does not agree.
    return largest <= TOLERANCE
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "its vectors there differ from those on ND4J by %.2g of the largest value (%.0e is"
                    + " allowed)",
                largest,
                TOLERANCE));
  }

  /** Pixels of 0 to 255 at random, preprocessed: the range that faces are in. */
  private static float[] noise(Preprocessing preprocessing) {
    SplittableRandom random = new SplittableRandom(0x6D69656EL);
    int plane = preprocessing.heightPixels() * preprocessing.widthPixels();
    float[] images = new float[PROBES * preprocessing.imageLength()];
    for (int i = 0; i < images.length; i++) {
      int channel = i / plane % 3;
      images[i] =
          (float)
              ((random.nextDouble() * 255 - preprocessing.mean().get(channel))
                  / preprocessing.std().get(channel));
    }
    return images;
  }
}
