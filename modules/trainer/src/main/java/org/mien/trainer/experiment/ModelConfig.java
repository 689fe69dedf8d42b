package org.mien.trainer.experiment;

import org.mien.core.config.Setting;
import org.mien.model.backbone.BackboneConfig;
import org.mien.model.embed.Engine;
import org.mien.model.head.HeadConfig;
import org.mien.model.loss.LossConfig;

/**
 * The network of an experiment.
 *
 * @param backbone from images to features
 * @param freeze which part of it keeps its weights
 * @param engine what runs a frozen backbone
 * @param head from features to embeddings
 * @param loss what training lowers
 */
public record ModelConfig(
    @Setting("From images to features.") BackboneConfig backbone,
    @Setting(
            value =
                "backbone: only the head is trained, on features computed once. none: the whole"
                    + " network is trained.",
            defaultValue = "backbone")
        Freeze freeze,
    @Setting(
            value =
                "What runs a frozen backbone. auto: ONNX Runtime where it gives the same vectors,"
                    + " else ND4J.",
            defaultValue = "auto")
        Engine engine,
    @Setting(value = "From features to embeddings.", defaultValue = "{type: linear}")
        HeadConfig head,
    @Setting(value = "What training lowers.", defaultValue = "{type: softmax}") LossConfig loss) {

  /** Which part of a network keeps its weights. */
  public enum Freeze {
    /** All but the head. */
    BACKBONE,
    /** Nothing. */
    NONE
  }
}
