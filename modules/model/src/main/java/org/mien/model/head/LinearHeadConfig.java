package org.mien.model.head;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.error.ConfigException;
import org.mien.model.layer.SeededDropout;
import org.nd4j.linalg.activations.Activation;

/**
 * One linear layer with bias from features to the embedding.
 *
 * @param dimension length of the embedding
 * @param normalizeInput whether each feature vector is first scaled to Euclidean length {@code
 *     sqrt(features)}, so that a component's mean square is 1 whatever the backbone's range
 * @param embeddingLength length that each embedding is scaled to before the classifier, so that
 *     only its direction counts, as it does in verification (Wang et al. 2017, NormFace, section
 *     3.3, normalises the classifier's weights too); 0 leaves it as it is. Losses over cosines or
 *     distances do not depend on it: they normalise by themselves
 * @param dropout share of the features that each training step drops
 * @param startAsIdentity whether the embedding starts as the feature vector itself rather than at
 *     random, so that training begins at the accuracy of the backbone; the dimension must then be
 *     the backbone's
 */
@TypeName("linear")
public record LinearHeadConfig(
    @Setting(value = "Length of the embedding.", defaultValue = "512", min = 1, max = 65536)
        int dimension,
    @Setting(
            value =
                "Whether each feature vector is first scaled so that the mean square of its"
                    + " components is 1.",
            defaultValue = "true")
        boolean normalizeInput,
    @Setting(
            value =
                "Length that each embedding is scaled to before a linear classifier, so that only"
                    + " its direction counts; 0 leaves it as it is. Losses over cosines or distances"
                    + " do not depend on it.",
            defaultValue = "16.0",
            min = 0,
            max = 1000)
        double embeddingLength,
    @Setting(
            value = "Share of the features that each training step drops.",
            defaultValue = "0.0",
            min = 0,
            max = 1,
            exclusiveMax = true)
        double dropout,
    @Setting(
            value =
                "Whether the embedding starts as the feature vector itself rather than at random, so"
                    + " that training begins at the accuracy of the backbone; dimension must then be"
                    + " the backbone's.",
            defaultValue = "false")
        boolean startAsIdentity)
    implements HeadConfig {
  public LinearHeadConfig {
    requireDimension(dimension);
    requireEmbeddingLength(embeddingLength);
    requireDropout(dropout);
  }

  /** A head that starts at random. */
  public LinearHeadConfig(
      int dimension, boolean normalizeInput, double embeddingLength, double dropout) {
    this(dimension, normalizeInput, embeddingLength, dropout, false);
  }

  /** A head that starts at random, without dropout. */
  public LinearHeadConfig(int dimension, boolean normalizeInput, double embeddingLength) {
    this(dimension, normalizeInput, embeddingLength, 0);
  }

  static void requireDimension(int dimension) {
    if (dimension < 1 || dimension > 65536) {
      throw new IllegalArgumentException(
          "expected an embedding of 1 to 65536 numbers, was " + dimension);
    }
  }

  static void requireEmbeddingLength(double length) {
    if (!(length >= 0 && length <= 1000)) {
      throw new IllegalArgumentException(
          "expected an embedding length of 0 to 1000, was " + length);
    }
  }

  static void requireDropout(double rate) {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException("expected a dropout in [0, 1), was " + rate);
    }
  }

  @Override
  public void requireFeatures(int features) {
    if (startAsIdentity && dimension != features) {
      throw new ConfigException(
          "model.head: startAsIdentity needs the dimension of the features, "
              + features
              + ", was "
              + dimension);
    }
  }

  @Override
  public void addTo(GraphBuilder graph, int features, long seed) {
    requireFeatures(features);
    String top = HeadGraph.INPUT;
    if (normalizeInput) {
      graph.addVertex(HeadGraph.UNIT, new L2NormalizeVertex(), top);
      graph.addVertex(HeadGraph.SCALED, new ScaleVertex(Math.sqrt(features)), HeadGraph.UNIT);
      top = HeadGraph.SCALED;
    }
    DenseLayer.Builder embedding =
        new DenseLayer.Builder().nIn(features).nOut(dimension).activation(Activation.IDENTITY);
    if (startAsIdentity) {
      embedding.weightInit(WeightInit.IDENTITY);
    }
    if (dropout > 0) {
      embedding.dropOut(new SeededDropout(dropout, seed));
    }
    graph.addLayer(HeadGraph.EMBEDDING, embedding.build(), top);
  }
}
