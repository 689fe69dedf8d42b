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
 * @param weightDecay decoupled weight decay (Loshchilov and Hutter 2019)
 * @param gradientClipping largest length of the gradient of all parameters; 0 for any
 * @param accumulateSteps batches whose gradients are averaged for one step of the optimiser
 * @param replicas copies of the network that share each batch
 * @param averaging which weights are validated and saved
 * @param chooseBy which epoch is kept
 * @param lossExplosion how many times the first loss a loss may be
 * @param earlyStopping when a training ends before its last epoch
 * @param engine what does the steps
 * @param sampledIdentities share of the identities that takes part in a step's softmax
 * @param cache whether a frozen backbone's features are kept on disk
 * @param augmentedViews how many augmented views of each training image a cache holds
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
                "Decoupled decay of convolution and dense weights, times the learning rate; biases"
                    + " and batch normalisation have none. The optimizer adamw has its own.",
            defaultValue = "0.0",
            min = 0,
            max = 1)
        double weightDecay,
    @Setting(
            value =
                "Largest Euclidean length of the gradient of all parameters together: a longer one is"
                    + " shortened to it. 0: it is left as it is.",
            defaultValue = "0.0",
            min = 0,
            max = 1e9)
        double gradientClipping,
    @Setting(
            value =
                "Batches whose gradients are averaged for one step of the optimizer: as a larger"
                    + " batchSize, in less memory.",
            defaultValue = "1",
            min = 1,
            max = 65_536)
        int accumulateSteps,
    @Setting(
            value =
                "Copies of the network that work on shares of each batch at the same time, one a GPU"
                    + " where there are several. Batch normalisation, and losses over pairs or triplets,"
                    + " look at each share by itself. Only for networks that are trained themselves"
                    + " (model.freeze: none or up-to).",
            defaultValue = "1",
            min = 1,
            max = 64)
        int replicas,
    @Setting(
            value =
                "Which weights are validated and saved: those of the last step, or an average over"
                    + " the steps.",
            defaultValue = "{type: none}")
        AveragingConfig averaging,
    @Setting(
            value =
                "Which epoch is kept, by a figure of the validation images: accuracy or loss of the"
                    + " identities, task.NAME for a task's accuracy or mean absolute error,"
                    + " task.NAME.loss for its loss.",
            defaultValue = "accuracy")
        String chooseBy,
    @Setting(
            value =
                "The training ends with exit code 4 where the mean loss of a step is more than this"
                    + " many times that of the first (which counts at least 1). 0: never for that"
                    + " reason.",
            defaultValue = "1000.0",
            min = 0,
            max = 1e9)
        double lossExplosion,
    @Setting("Ends the training when the validation images no longer get better.")
        Optional<EarlyStopping> earlyStopping,
    @Setting(
            value =
                "What does the steps. auto: fused where it can, else graph. fused: Mien's own trainer"
                    + " of a linear head with softmax or a fixed margin on cosines, on a frozen"
                    + " backbone and the CPU. graph: Deeplearning4j. Results differ by rounding"
                    + " only.",
            defaultValue = "auto")
        Engine engine,
    @Setting(
            value =
                "Share of the identities that takes part in a step's softmax: those of the batch and"
                    + " a random sample of the others (Partial FC). For very many identities; only"
                    + " with the fused engine.",
            defaultValue = "1.0",
            min = 0,
            exclusiveMin = true,
            max = 1)
        double sampledIdentities,
    @Setting(
            value =
                "on: a frozen backbone runs once an image and its features are kept on disk. off: it"
                    + " runs on every image of every step.",
            defaultValue = "on")
        Cache cache,
    @Setting(
            value =
                "With a frozen backbone, its cache on and data.augmentation: so many augmented views"
                    + " of each training image are run through the backbone once, besides the plain"
                    + " image, and every epoch picks one of them all by chance. Memory, disk and the"
                    + " time of the first run grow with it.",
            defaultValue = "0",
            min = 0,
            max = 1000)
        int augmentedViews,
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
    if (replicas > 1 && batchSize < 2 * replicas) {
      throw new IllegalArgumentException(
          "replicas: expected at most half of batchSize, for each works on two images at least; was "
              + replicas
              + " with batchSize: "
              + batchSize);
    }
    if (replicas > 1
        && sampling instanceof IdentityBalancedConfig balanced
        && balanced.identitiesPerBatch() % replicas != 0) {
      throw new IllegalArgumentException(
          "replicas: expected a divisor of sampling.identitiesPerBatch, which is "
              + balanced.identitiesPerBatch()
              + ", or images of one identity would be on several replicas; was "
              + replicas);
    }
    if (weightDecay != 0 && optimizer instanceof OptimizerConfig.AdamW) {
      throw new IllegalArgumentException(
          "weightDecay: adamw has its own, optimizer.weightDecay; leave one of them out");
    }
    try {
      new EpochChoice(chooseBy);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("chooseBy: " + e.getMessage(), e);
    }
    if (sampledIdentities < 1 && !(averaging instanceof AveragingConfig.None)) {
      throw new IllegalArgumentException(
          "averaging: works only with sampledIdentities: 1.0; an average touches the weights of"
              + " every identity at every step, and not to do that is what sampling is for");
    }
    if (sampledIdentities < 1 && engine == Engine.GRAPH) {
      throw new IllegalArgumentException(
          "sampledIdentities: works only with the fused engine, was "
              + sampledIdentities
              + " with engine: graph");
    }
  }

  /** Which epoch is kept. */
  public EpochChoice choice() {
    return new EpochChoice(chooseBy);
  }

  /** What a weight loses of itself in a step, before it is multiplied with the learning rate. */
  public double decay() {
    return Math.max(weightDecay, optimizer.weightDecay());
  }

  /** What does the steps. */
  public enum Engine {
    AUTO,
    FUSED,
    GRAPH
  }

  /** Whether features are kept on disk. */
  public enum Cache {
    ON,
    OFF
  }
}
