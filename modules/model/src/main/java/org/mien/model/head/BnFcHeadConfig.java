package org.mien.model.head;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.model.layer.SeededDropout;
import org.nd4j.linalg.activations.Activation;

/**
 * Batch normalisation, dropout, a linear layer, batch normalisation: the head E of Deng et al. 2019
 * ("ArcFace", section 3.1), there with dropout 0.4. The linear layer has no bias, for the
 * normalisation after it would take it away. The embedding is what the last normalisation gives.
 *
 * @param dimension length of the embedding
 * @param dropout share of the features that each training step drops
 * @param decay of the running mean and variance: a batch counts {@code 1 - decay}
 * @param epsilon added to the variance
 * @param embeddingLength length that each embedding is scaled to before a linear classifier
 */
@TypeName("bn-fc")
public record BnFcHeadConfig(
    @Setting(value = "Length of the embedding.", defaultValue = "512", min = 1, max = 65536)
        int dimension,
    @Setting(
            value = "Share of the features that each training step drops.",
            defaultValue = "0.4",
            min = 0,
            max = 1,
            exclusiveMax = true)
        double dropout,
    @Setting(
            value = "Decay of the running mean and variance of batch normalisation.",
            defaultValue = "0.9",
            min = 0,
            max = 1,
            exclusiveMax = true)
        double decay,
    @Setting(
            value = "Added to the variance in batch normalisation.",
            defaultValue = "1e-5",
            min = 0,
            exclusiveMin = true,
            max = 1)
        double epsilon,
    @Setting(
            value =
                "Length that each embedding is scaled to before a linear classifier; 0 leaves it as"
                    + " it is. Losses over cosines or distances do not depend on it.",
            defaultValue = "0.0",
            min = 0,
            max = 1000)
        double embeddingLength)
    implements HeadConfig {
  public BnFcHeadConfig {
    LinearHeadConfig.requireDimension(dimension);
    LinearHeadConfig.requireDropout(dropout);
    LinearHeadConfig.requireEmbeddingLength(embeddingLength);
    if (!(decay >= 0 && decay < 1) || !(epsilon > 0 && epsilon <= 1)) {
      throw new IllegalArgumentException(
          "expected a decay in [0, 1) and an epsilon in (0, 1], was " + decay + " and " + epsilon);
    }
  }

  @Override
  public void addTo(GraphBuilder graph, int features, long seed) {
    graph.addLayer(HeadGraph.FEATURE_NORM, norm(features), HeadGraph.INPUT);
    DenseLayer.Builder projection =
        new DenseLayer.Builder()
            .nIn(features)
            .nOut(dimension)
            .hasBias(false)
            .activation(Activation.IDENTITY);
    if (dropout > 0) {
      projection.dropOut(new SeededDropout(dropout, seed));
    }
    graph.addLayer(HeadGraph.PROJECTION, projection.build(), HeadGraph.FEATURE_NORM);
    graph.addLayer(HeadGraph.EMBEDDING, norm(dimension), HeadGraph.PROJECTION);
  }

  private BatchNormalization norm(int size) {
    return new BatchNormalization.Builder()
        .decay(decay)
        .nIn(size)
        .nOut(size)
        .eps(epsilon)
        .activation(Activation.IDENTITY)
        .build();
  }
}
