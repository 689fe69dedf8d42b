package org.mien.model.loss;

import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.model.layer.CurriculumRule;

/**
 * CurricularFace (Huang et al. 2020, "CurricularFace: Adaptive Curriculum Learning Loss for Deep
 * Face Recognition", equations 5 to 10): cross-entropy of {@code scale * cosine}, where the cosine
 * with the row's own identity is that of ArcFace, and one with another identity that is higher is
 * {@code cosine (t + cosine)}. The running {@code t} is saved with the classifier; a step uses the
 * one that the step before has left ({@link org.mien.model.layer.CurriculumRule}).
 *
 * @param marginRadians m
 * @param momentum weight of a batch in t, alpha
 * @param scale s
 */
@TypeName("curricularface")
public record CurricularFaceLossConfig(
    @Setting(
            value = "m: added to the angle to the own identity, in radians.",
            defaultValue = "0.5",
            min = 0,
            max = 1.57)
        double marginRadians,
    @Setting(
            value = "Weight of a batch in the running t.",
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
  public CurricularFaceLossConfig {
    Limits.require("marginRadians", marginRadians, 0, 1.57);
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
        new CurriculumRule(marginRadians, momentum), scale, dimension, identities, weights);
  }
}
