package org.mien.model.loss;

import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.model.layer.MarginRule;
import org.mien.model.margin.AngularMargin;
import org.mien.model.margin.TargetMargin;

/**
 * CosFace (Wang et al. 2018, "CosFace: Large Margin Cosine Loss for Deep Face Recognition",
 * equation 4): cross-entropy of {@code scale * cosine}, where the cosine with the row's own
 * identity is {@code cos(theta) - m}.
 *
 * @param margin m, in cosine
 * @param scale s
 */
@TypeName("cosface")
public record CosFaceLossConfig(
    @Setting(
            value = "m: subtracted from the cosine with the own identity.",
            defaultValue = "0.35",
            min = 0,
            max = 1)
        double margin,
    @Setting(
            value =
                "s: what cosines are multiplied with before softmax. Large for many identities, 16 to 32 for a few hundred.",
            defaultValue = "64.0",
            min = 0.01,
            max = 10000)
        double scale)
    implements LossConfig, MarginLoss {
  public CosFaceLossConfig {
    Limits.require("margin", margin, 0, 1);
    Limits.require("scale", scale, 0.01, 10000);
  }

  @Override
  public Classifier classifier() {
    return Classifier.COSINE;
  }

  @Override
  public FeedForwardLayer toOutputLayer(int dimension, int identities, IdentityWeights weights) {
    return OutputLayers.cosine(
        new MarginRule(1, 0, margin, 0), scale, dimension, identities, weights);
  }

  @Override
  public TargetMargin toMargin() {
    return new AngularMargin(1, 0, margin);
  }
}
