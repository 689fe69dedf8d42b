package org.mien.trainer.loop;

import java.nio.file.Path;
import java.util.Optional;
import org.mien.core.config.Setting;
import org.mien.data.sampling.ClassWeightsConfig;
import org.mien.data.sampling.IdentityBalancedConfig;
import org.mien.data.sampling.SamplingConfig;
import org.mien.trainer.schedule.LearningRateConfig;

/**
 * How a network is trained.
 *
 * @param epochs passes over the training images
 * @param batchSize images a step
 * @param sampling which rows an epoch visits, and in what order
 * @param classWeights how much the rows of each identity count in the loss
 * @param optimizer what turns gradients into steps
 * @param schedule how the learning rate changes
 * @param weightDecay decoupled weight decay (Loshchilov and Hutter 2019), for whole networks
 * @param cache whether a frozen backbone's features are kept on disk
 * @param cacheFolder where; by default beside the runs
 * @param keepCheckpoints how many of the newest checkpoints stay, besides the best
 */
public record TrainingConfig(
    @Setting(value = "Passes over the training images.", min = 1, max = 100_000) int epochs,
    @Setting(value = "Images a step.", defaultValue = "32", min = 1, max = 65_536) int batchSize,
    @Setting(
            value = "Which images an epoch visits, and in what order.",
            defaultValue = "{type: shuffled}")
        SamplingConfig sampling,
    @Setting(
            value = "How much the images of each identity count in the training loss.",
            defaultValue = "{type: none}")
        ClassWeightsConfig classWeights,
    @Setting(value = "What turns gradients into steps.", defaultValue = "{type: adam}")
        OptimizerConfig optimizer,
    @Setting(value = "How the learning rate changes.", defaultValue = "{type: constant}")
        LearningRateConfig schedule,
    @Setting(
            value =
                "Decoupled decay of convolution and dense weights where the whole network is"
                    + " trained; biases and batch normalisation have none.",
            defaultValue = "0.0",
            min = 0,
            max = 1)
        double weightDecay,
    @Setting(
            value =
                "on: a frozen backbone runs once an image and its features are kept on disk. off: it"
                    + " runs on every image of every step.",
            defaultValue = "on")
        Cache cache,
    @Setting("Where features are kept; by default the folder cache beside the run folders.")
        Optional<Path> cacheFolder,
    @Setting(
            value = "How many of the newest checkpoints stay, besides the best.",
            defaultValue = "2",
            min = 1,
            max = 1000)
        int keepCheckpoints) {

  public TrainingConfig {
    sampling.requireBatchSize(batchSize);
    if (sampling instanceof IdentityBalancedConfig
        && !(classWeights instanceof ClassWeightsConfig.None)) {
      throw new IllegalArgumentException(
          "classWeights: works with shuffled, over-sampling and under-sampling; identity-balanced"
              + " sampling shows every identity equally often already");
    }
  }

  /** Whether features are kept on disk. */
  public enum Cache {
    ON,
    OFF
  }
}
