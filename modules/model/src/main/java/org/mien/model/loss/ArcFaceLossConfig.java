package org.mien.model.loss;

import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.model.layer.MarginRule;
import org.mien.model.margin.AngularMargin;
import org.mien.model.margin.TargetMargin;

/**
 * ArcFace (Deng et al. 2019, "ArcFace: Additive Angular Margin Loss for Deep Face Recognition",
 * equation 3): cross-entropy of {@code scale * cosine}, where the cosine with the row's own
 * identity is {@code cos(theta + m)}. Past {@code theta = pi - m}, where that rises again, it is
 * continued as {@link org.mien.model.margin.AngularMargin} says, so that it falls over all of [0,
 * pi].
 *
 * @param marginRadians m
 * @param scale s
 */
@TypeName("arcface")
public record ArcFaceLossConfig(
    @Setting(
            value = "m: added to the angle to the own identity, in radians.",
            defaultValue = "0.5",
            min = 0,
            max = 1.57)
        double marginRadians,
    @Setting(
            value =
                "s: what cosines are multiplied with before softmax. Large for many identities, 16 to 32 for a few hundred.",
            defaultValue = "64.0",
            min = 0.01,
            max = 10000)
        double scale)
    implements LossConfig, MarginLoss {
  public ArcFaceLossConfig {
    Limits.require("marginRadians", marginRadians, 0, 1.57);
    Limits.require("scale", scale, 0.01, 10000);
  }

  @Override
  public Classifier classifier() {
    return Classifier.COSINE;
  }

  @Override
  public FeedForwardLayer toOutputLayer(int dimension, int identities, IdentityWeights weights) {
    return OutputLayers.cosine(
        new MarginRule(1, marginRadians, 0, 0), scale, dimension, identities, weights);
  }

  @Override
  public TargetMargin toMargin() {
    return new AngularMargin(1, marginRadians, 0);
  }
}
