package org.mien.model.loss;

import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.model.layer.MarginRule;
import org.mien.model.margin.AngularMargin;
import org.mien.model.margin.AnnealedMargin;
import org.mien.model.margin.TargetMargin;

/**
 * SphereFace (Liu et al. 2017, "SphereFace: Deep Hypersphere Embedding for Face Recognition",
 * equations 6 and 7): cross-entropy of {@code scale * cosine}, where the cosine with the row's own
 * identity is {@code (lambda cos(theta) + psi(m theta)) / (1 + lambda)}, {@code psi(phi) = (-1)^k
 * cos(phi) - 2k}, {@code k = floor(phi / pi)}, which falls monotonically on [0, pi].
 *
 * <p>The paper scales by the embedding's length and lets lambda fall from 1000 to 5 during the
 * training; here the scale is fixed, as in all other margin losses (and in the authors' later
 * SphereFace-R), and so is lambda.
 *
 * @param margin m, a factor of the angle
 * @param lambda weight of the plain cosine, the annealing's end
 * @param scale s
 */
@TypeName("sphereface")
public record SphereFaceLossConfig(
    @Setting(
            value = "m: the angle to the own identity is multiplied with it.",
            defaultValue = "4",
            min = 1,
            max = 8)
        int margin,
    @Setting(
            value = "Weight of the plain cosine beside the margin.",
            defaultValue = "5.0",
            min = 0,
            max = 100000)
        double lambda,
    @Setting(
            value =
                "s: what cosines are multiplied with before softmax. Large for many identities, 16 to 32 for a few hundred.",
            defaultValue = "30.0",
            min = 0.01,
            max = 10000)
        double scale)
    implements LossConfig, MarginLoss {
  public SphereFaceLossConfig {
    Limits.require("margin", margin, 1, 8);
    Limits.require("lambda", lambda, 0, 100000);
    Limits.require("scale", scale, 0.01, 10000);
  }

  @Override
  public Classifier classifier() {
    return Classifier.COSINE;
  }

  @Override
  public FeedForwardLayer toOutputLayer(int dimension, int identities, IdentityWeights weights) {
    return OutputLayers.cosine(
        new MarginRule(margin, 0, 0, lambda), scale, dimension, identities, weights);
  }

  @Override
  public TargetMargin toMargin() {
    return new AnnealedMargin(new AngularMargin(margin, 0, 0), lambda);
  }
}
