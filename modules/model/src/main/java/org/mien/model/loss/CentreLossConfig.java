package org.mien.model.loss;

import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.model.layer.CentreOutputLayer;

/**
 * Centre loss (Wen et al. 2016, "A Discriminative Feature Learning Approach for Deep Face
 * Recognition", equation 5): softmax cross-entropy plus {@code lambda / 2 |x - c_y|^2}, the
 * distance of what the classifier gets to the centre of its identity. Centres are saved with the
 * classifier and moved by each batch ({@link org.mien.model.layer.CentreOutputLayer}). Weights of
 * identities multiply both parts.
 *
 * @param lambda weight of the distance
 * @param rate how far a batch moves the centres, alpha
 */
@TypeName("centre")
public record CentreLossConfig(
    @Setting(
            value =
                "Weight of the squared distance to the centre. It grows with the embeddings' length.",
            defaultValue = "0.003",
            min = 0,
            max = 1000)
        double lambda,
    @Setting(
            value = "How far a batch moves the centres.",
            defaultValue = "0.5",
            min = 0.0001,
            max = 1)
        double rate)
    implements LossConfig {
  public CentreLossConfig {
    Limits.require("lambda", lambda, 0, 1000);
    Limits.require("rate", rate, 0.0001, 1);
  }

  @Override
  public Classifier classifier() {
    return Classifier.LINEAR;
  }

  @Override
  public FeedForwardLayer toOutputLayer(int dimension, int identities, IdentityWeights weights) {
    return CentreOutputLayer.of(
        dimension,
        identities,
        new SoftmaxCrossEntropyLoss(0, weights),
        lambda,
        rate,
        weights.toArray());
  }
}
