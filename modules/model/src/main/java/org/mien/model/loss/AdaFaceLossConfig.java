package org.mien.model.loss;

import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.model.layer.QualityRule;

/**
 * AdaFace (Kim et al. 2022, "AdaFace: Quality Adaptive Margin for Face Recognition", equations 14
 * to 16): cross-entropy of {@code scale * cosine}, where the cosine with the row's own identity is
 * {@code cos(theta - m z) - (m z + m)} and {@code z = clip((|x| - mean) h / deviation, -1, 1)}
 * stands for the image's quality: hard images count more where they are good, less where they are
 * bad. No gradient goes through z.
 *
 * <p>Mean and deviation of the lengths are running statistics that are saved with the classifier
 * ({@link org.mien.model.layer.QualityRule} says how they start). A step uses those that the step
 * before has left; the paper's code updates them first.
 *
 * @param margin m
 * @param concentration h
 * @param momentum weight of a batch in the running statistics, alpha
 * @param scale s
 */
@TypeName("adaface")
public record AdaFaceLossConfig(
    @Setting(value = "m: the largest margin.", defaultValue = "0.4", min = 0, max = 1)
        double margin,
    @Setting(
            value = "h: how many standard deviations of the length span the qualities.",
            defaultValue = "0.333",
            min = 0.001,
            max = 100)
        double concentration,
    @Setting(
            value =
                "Weight of a batch in the running mean and deviation of the embeddings' length.",
            defaultValue = "0.01",
            min = 0.0001,
            max = 1)
        double momentum,
    @Setting(
            value =
                "s: what cosines are multiplied with before softmax. Large for many identities, 16 to 32 for a few hundred.",
            defaultValue = "64.0",
            min = 0.01,
            max = 10000)
        double scale)
    implements LossConfig {
  public AdaFaceLossConfig {
    Limits.require("margin", margin, 0, 1);
    Limits.require("concentration", concentration, 0.001, 100);
    Limits.require("momentum", momentum, 0.0001, 1);
    Limits.require("scale", scale, 0.01, 10000);
  }

  @Override
  public Classifier classifier() {
    return Classifier.COSINE;
  }

  @Override
  public FeedForwardLayer toOutputLayer(int dimension, int identities, IdentityWeights weights) {
    return OutputLayers.cosine(
        new QualityRule(margin, concentration, momentum), scale, dimension, identities, weights);
  }
}
