package org.mien.trainer.experiment;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mien.core.config.Setting;
import org.mien.model.backbone.BackboneConfig;
import org.mien.model.embed.Engine;
import org.mien.model.graph.LearningRateFactors;
import org.mien.model.head.HeadConfig;
import org.mien.model.loss.CentreLossConfig;
import org.mien.model.loss.LossConfig;
import org.mien.model.task.TaskConfig;

/**
 * The network of an experiment.
 *
 * @param backbone from images to features
 * @param freeze which part of it keeps its weights
 * @param frozenUpTo the last layer or stage that keeps them, with freeze up-to
 * @param batchNormStatistics where batch normalisation takes its statistics from in the trained
 *     part of the backbone
 * @param learningRateFactors how fast layers of the trained part learn compared with the others
 * @param engine what runs a frozen backbone
 * @param head from features to embeddings
 * @param loss what training lowers
 * @param tasks what else is learned of each face, by heads of their own
 * @param identityWeight weight of the identities' loss beside those of the tasks
 */
public record ModelConfig(
    @Setting("From images to features.") BackboneConfig backbone,
    @Setting(
            value =
                "backbone: only the head is trained, on features computed once. up-to: the layers"
                    + " behind frozenUpTo and the head. none: the whole network.",
            defaultValue = "backbone")
        Freeze freeze,
    @Setting(
            "With freeze up-to: the last layer that keeps its weights, or a stage such as layer3; it"
                + " and all that leads to it run once an image.")
        Optional<String> frozenUpTo,
    @Setting(
            value =
                "Where batch normalisation in the trained part of the backbone takes its statistics"
                    + " from: batch takes each batch's own and keeps a running mean, running uses the"
                    + " pretrained ones and leaves them as they are.",
            defaultValue = "batch")
        BatchNormStatistics batchNormStatistics,
    @Setting(
            value =
                "Factors of the learning rate by layer or stage of the trained part, such as {layer3:"
                    + " 0.1, layer4: 0.3}; 1 where none is given.",
            defaultValue = "{}")
        Map<String, Double> learningRateFactors,
    @Setting(
            value =
                "What runs a frozen backbone. auto: ONNX Runtime where it gives the same vectors,"
                    + " else ND4J.",
            defaultValue = "auto")
        Engine engine,
    @Setting(value = "From features to embeddings.", defaultValue = "{type: linear}")
        HeadConfig head,
    @Setting(value = "What training lowers.", defaultValue = "{type: softmax}") LossConfig loss,
    @Setting(
            value =
                "What else is learned of each face, each by a head of its own on the same backbone:"
                    + " an expression, an age, glasses.",
            defaultValue = "[]")
        List<TaskConfig> tasks,
    @Setting(
            value =
                "With tasks: weight of the identities' loss. With 0 the network learns the tasks"
                    + " alone, and the classifier of identities keeps its first weights.",
            defaultValue = "1.0",
            min = 0,
            max = 1_000_000)
        double identityWeight) {

  public ModelConfig {
    if (identityWeight != 1 && tasks.isEmpty()) {
      throw new IllegalArgumentException(
          "identityWeight: works only with tasks; alone, a loss has nothing to be weighed against");
    }
    if (identityWeight != 1 && loss instanceof CentreLossConfig) {
      throw new IllegalArgumentException(
          "identityWeight: does not work with the loss centre, whose centres move by themselves;"
              + " weigh the tasks instead");
    }
    learningRateFactors = new LearningRateFactors(learningRateFactors).byName();
    if (freeze == Freeze.BACKBONE && !learningRateFactors.isEmpty()) {
      throw new IllegalArgumentException(
          "learningRateFactors: works with freeze: up-to and none; with a frozen backbone the head"
              + " alone is trained");
    }
    tasks = List.copyOf(tasks);
    if (tasks.stream().map(TaskConfig::name).distinct().count() != tasks.size()) {
      throw new IllegalArgumentException(
          "tasks: expected different names, were "
              + String.join(", ", tasks.stream().map(TaskConfig::name).toList()));
    }
    if (frozenUpTo.isPresent() != (freeze == Freeze.UP_TO)) {
      throw new IllegalArgumentException(
          freeze == Freeze.UP_TO
              ? "freeze: up-to needs frozenUpTo, the last layer or stage that keeps its weights"
              : "frozenUpTo: works only with freeze: up-to");
    }
    if (freeze == Freeze.BACKBONE && batchNormStatistics == BatchNormStatistics.RUNNING) {
      throw new IllegalArgumentException(
          "batchNormStatistics: running is what a frozen backbone uses anyway; it works with freeze:"
              + " up-to and none");
    }
  }

  /** Which part of a network keeps its weights. */
  public enum Freeze {
    /** All but the head. */
    BACKBONE,
    /** All up to a named layer. */
    UP_TO,
    /** Nothing. */
    NONE
  }

  /** What batch normalisation that is trained divides by. */
  public enum BatchNormStatistics {
    /** Mean and variance of the batch. */
    BATCH,
    /** The running ones, which do not change. */
    RUNNING
  }
}
