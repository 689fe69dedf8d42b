package org.mien.model.loss;

import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.model.layer.MarginRule;
import org.mien.model.margin.AngularMargin;
import org.mien.model.margin.TargetMargin;

/**
 * The combined margin (Deng et al. 2019, "ArcFace", equation 4): cross-entropy of {@code scale *
 * cosine}, where the cosine with the row's own identity is {@code cos(m1 theta + m2) - m3},
 * continued as {@link org.mien.model.margin.AngularMargin} says. The paper's choice is (1, 0.3,
 * 0.2).
 *
 * @param factor m1, of the angle
 * @param marginRadians m2, added to the angle
 * @param offset m3, subtracted from the cosine
 * @param scale s
 */
@TypeName("combined-margin")
public record CombinedMarginLossConfig(
    @Setting(
            value = "m1: the angle to the own identity is multiplied with it.",
            defaultValue = "1.0",
            min = 1,
            max = 8)
        double factor,
    @Setting(value = "m2: added to that, in radians.", defaultValue = "0.3", min = 0, max = 1.57)
        double marginRadians,
    @Setting(
            value = "m3: subtracted from the cosine of that.",
            defaultValue = "0.2",
            min = 0,
            max = 1)
        double offset,
    @Setting(
            value =
                "s: what cosines are multiplied with before softmax. Large for many identities, 16 to 32 for a few hundred.",
            defaultValue = "64.0",
            min = 0.01,
            max = 10000)
        double scale)
    implements LossConfig, MarginLoss {
  public CombinedMarginLossConfig {
    Limits.require("factor", factor, 1, 8);
    Limits.require("marginRadians", marginRadians, 0, 1.57);
    Limits.require("offset", offset, 0, 1);
    Limits.require("scale", scale, 0.01, 10000);
  }

  @Override
  public Classifier classifier() {
    return Classifier.COSINE;
  }

  @Override
  public FeedForwardLayer toOutputLayer(int dimension, int identities, IdentityWeights weights) {
    return OutputLayers.cosine(
        new MarginRule(factor, marginRadians, offset, 0), scale, dimension, identities, weights);
  }

  @Override
  public TargetMargin toMargin() {
    return new AngularMargin(factor, marginRadians, offset);
  }
}
