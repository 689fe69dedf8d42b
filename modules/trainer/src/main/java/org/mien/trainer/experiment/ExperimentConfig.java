package org.mien.trainer.experiment;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mien.core.config.Setting;
import org.mien.data.align.AlignmentConfig;
import org.mien.data.augment.AugmentationConfig;
import org.mien.data.image.Decoding;
import org.mien.data.sampling.IdentityBalancedConfig;
import org.mien.data.sampling.SplitConfig;
import org.mien.data.source.DatasetConfig;
import org.mien.model.export.ExportFormat;
import org.mien.model.loss.LossConfig;
import org.mien.model.task.TaskConfig;
import org.mien.trainer.loop.TrainingConfig;

/**
 * A recipe: everything that decides the result of an experiment.
 *
 * @param name names the run folder
 * @param seed everything random comes from it
 * @param data which faces, and which of them serve what
 * @param model which network
 * @param training how it is trained
 * @param evaluation what is reported
 * @param export in which formats the model is written
 * @param expect what the recipe promises: the process exits with 1 where it is not met
 */
public record ExperimentConfig(
    @Setting("Name of the experiment: letters, digits, '.', '-' and '_'.") String name,
    @Setting("Seed of everything random. The same recipe and seed give the same weights.")
        long seed,
    @Setting("Which faces, and which of them serve what.") Data data,
    @Setting("Which network.") ModelConfig model,
    @Setting("How it is trained.") TrainingConfig training,
    @Setting(value = "What is reported.", defaultValue = "{}") EvaluationConfig evaluation,
    @Setting(value = "Formats the trained model is written in.", defaultValue = "[onnx, dl4j]")
        List<ExportFormat> export,
    @Setting(
            value =
                "Figures the recipe promises, by protocol and metric, for example"
                    + " heldOut.accuracy: {atLeast: 0.9}.",
            defaultValue = "{}")
        Map<String, ExpectationConfig> expect) {

  public ExperimentConfig {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
      throw new IllegalArgumentException(
          "name: expected 1 to 64 letters, digits, '.', '-' or '_', was '" + name + "'");
    }
    if (data.decoding() == Decoding.REDUCED
        && (model.freeze() != ModelConfig.Freeze.BACKBONE
            || training.cache() == TrainingConfig.Cache.OFF)) {
      throw new IllegalArgumentException(
          "data.decoding: reduced works only with model.freeze: backbone and training.cache: on");
    }
    if (model.freeze() != ModelConfig.Freeze.BACKBONE
        && (training.engine() == TrainingConfig.Engine.FUSED || training.sampledIdentities() < 1)) {
      throw new IllegalArgumentException(
          (training.sampledIdentities() < 1
                  ? "training.sampledIdentities"
                  : "training.engine: fused")
              + ": works only with model.freeze: backbone, for the fused engine trains a head on"
              + " features");
    }
    if (model.freeze() == ModelConfig.Freeze.BACKBONE && training.replicas() > 1) {
      throw new IllegalArgumentException(
          "training.replicas: works only with model.freeze: none or up-to; a head on frozen features"
              + " is trained with all processors, or one GPU, as it is");
    }
    if (!model.tasks().isEmpty()
        && (training.engine() == TrainingConfig.Engine.FUSED || training.sampledIdentities() < 1)) {
      throw new IllegalArgumentException(
          (training.sampledIdentities() < 1
                  ? "training.sampledIdentities"
                  : "training.engine: fused")
              + ": works only without model.tasks, for the fused engine trains identities alone;"
              + " leave it out, and the graph engine trains all heads together");
    }
    training
        .choice()
        .task()
        .filter(task -> model.tasks().stream().noneMatch(known -> known.name().equals(task)))
        .ifPresent(
            task -> {
              throw new IllegalArgumentException(
                  "training.chooseBy: there is no task '"
                      + task
                      + "' among model.tasks; there are "
                      + model.tasks().stream().map(TaskConfig::name).toList());
            });
    if (model.identityWeight() == 0 && training.choice().task().isEmpty()) {
      throw new IllegalArgumentException(
          "training.chooseBy: with model.identityWeight: 0 the identities are not learned, so a task"
              + " has to choose the epoch: task."
              + model.tasks().get(0).name()
              + ", for example");
    }
    boolean keepsFeatures =
        model.freeze() != ModelConfig.Freeze.NONE && training.cache() == TrainingConfig.Cache.ON;
    if (keepsFeatures && !data.augmentation().isEmpty() && training.augmentedViews() == 0) {
      throw new IllegalArgumentException(
          "data.augmentation: a frozen backbone's features are computed once, of the plain images,"
              + " and kept; set training.augmentedViews: 8, say, so that they are computed of so"
              + " many views of each image too, or training.cache: off, so that the backbone runs on"
              + " a new view of each image at every step, or model.freeze: none, or leave the"
              + " augmentation out");
    }
    if (training.augmentedViews() > 0 && !(keepsFeatures && !data.augmentation().isEmpty())) {
      throw new IllegalArgumentException(
          "training.augmentedViews: works only with data.augmentation, a frozen backbone"
              + " (model.freeze: backbone or up-to) and training.cache: on; without a frozen part or"
              + " without its cache every step makes new views anyway");
    }
    if (model.loss().classifier() == LossConfig.Classifier.NONE
        && !(training.sampling() instanceof IdentityBalancedConfig balanced
            && balanced.imagesPerIdentity() > 1)) {
      throw new IllegalArgumentException(
          "training.sampling: this model.loss compares images within a batch, so every batch needs"
              + " several images of each of its people: {type: identity-balanced,"
              + " identitiesPerBatch: 8, imagesPerIdentity: 4} with training.batchSize: 32, for"
              + " example, and imagesPerIdentity at least 2");
    }
    export = List.copyOf(export);
    // In the recipe's order: Map.copyOf has another one in every process.
    expect = Collections.unmodifiableMap(new LinkedHashMap<>(expect));
  }

  /**
   * The faces of an experiment.
   *
   * @param source where they come from
   * @param alignment how faces are brought to where the network expects them
   * @param decoding at which size JPEGs are decoded
   * @param split which serve training, choosing, testing and verification
   * @param augmentation random changes of the training images, in this order
   * @param strict whether an unreadable image ends the run
   */
  public record Data(
      @Setting("Where the faces come from.") DatasetConfig source,
      @Setting(
              value = "How faces are brought to where the network expects them.",
              defaultValue = "{type: none}")
          AlignmentConfig alignment,
      @Setting(
              value =
                  "At which size JPEGs are decoded: full, or reduced where that leaves enough for the"
                      + " network's input, which is faster and changes the pixels a little. Only for"
                      + " a frozen backbone on images that are not aligned here.",
              defaultValue = "full")
          Decoding decoding,
      @Setting(
              value = "Which serve training, choosing, testing and verification.",
              defaultValue = "{}")
          SplitConfig split,
      @Setting(
              value =
                  "Random changes of the training images, in this order, after they were cropped"
                      + " and resized.",
              defaultValue = "[]")
          List<AugmentationConfig> augmentation,
      @Setting(
              value = "Whether an unreadable image ends the run rather than being listed.",
              defaultValue = "false")
          boolean strict) {
    public Data {
      if (decoding == Decoding.REDUCED && !(alignment instanceof AlignmentConfig.None)) {
        throw new IllegalArgumentException(
            "decoding: reduced works only with alignment none, for aligning needs every pixel");
      }
      augmentation = List.copyOf(augmentation);
    }
  }
}
