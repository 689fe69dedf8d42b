package org.mien.trainer.experiment;

import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.core.random.SeedStreams;
import org.mien.data.sampling.Split;
import org.mien.model.backbone.GraphBackboneConfig;
import org.mien.model.graph.ActivationCount;
import org.mien.model.graph.FaceGraph;
import org.mien.model.graph.GraphCut;
import org.mien.trainer.feature.ReadableImages;
import org.mien.trainer.loop.OptimizerConfig;
import org.mien.trainer.loop.TrainingConfig;

/**
 * About how much memory one more training needs, besides what candidates share.
 *
 * <p>Outside the heap: the weights, their gradient, the optimiser's state of each, and twice the
 * activations of a batch (they and their gradients), all in single precision. On the heap: copies
 * of the features, or 8-bit pixels, of the images for training and validation, and a checkpoint
 * while it is written. Scratch space of operations is not counted.
 *
 * @param heapBytes on the heap
 * @param nativeBytes outside it
 */
public record CandidateMemory(long heapBytes, long nativeBytes) {

  /** Returns the larger of both kinds. */
  public CandidateMemory orMore(CandidateMemory other) {
    return new CandidateMemory(
        Math.max(heapBytes, other.heapBytes), Math.max(nativeBytes, other.nativeBytes));
  }

  /**
   * What is trained besides the head, and what is kept of each image.
   *
   * @param features length of the vectors that the head gets
   * @param parameters of the trained part of the backbone
   * @param activations numbers that an image gives rise to in it
   * @param keptNumbers floats kept of each image that is trained or validated on
   */
  record Network(long features, long parameters, long activations, long keptNumbers) {

    /** A backbone of which nothing is trained. */
    static Network frozen(OpenBackbone backbone) {
      int features = backbone.embedder().dimension();
      return new Network(features, 0, 0, features);
    }

    /** A network of which layers are trained; it is built to be measured, and let go. */
    static Network trained(GraphBackboneConfig config, Optional<String> frozenUpTo, long seed) {
      Preprocessing input = config.input();
      ComputationGraph whole =
          BackboneOpener.graph(config, new SeedStreams(seed).seedOf("model/weights"));
      int features = FaceGraph.featureDimension(whole, input);
      long activations = ActivationCount.ofOneImage(whole, input);
      if (frozenUpTo.isEmpty()) {
        return new Network(features, whole.numParams(), activations, 0);
      }
      GraphCut cut = GraphCut.behind(whole, frozenUpTo.get(), input);
      return new Network(
          features,
          cut.upper().numParams(),
          activations - ActivationCount.ofOneImage(cut.lower(), input),
          ActivationCount.ofOutput(cut.lower(), input));
    }
  }

  static CandidateMemory of(ExperimentConfig config, Split split, Network network) {
    TrainingConfig training = config.training();
    long dimension = config.model().head().dimension();
    long identities = split.identities().size();
    long parameters =
        network.parameters() + (network.features() + 1) * dimension + (dimension + 1) * identities;
    long activations = network.activations() + network.features() + dimension + 2 * identities;
    int state = numbersOfState(training.optimizer());
    long checkpoint = Float.BYTES * parameters * (1 + state);
    return new CandidateMemory(
        rows(config, split, network) + checkpoint,
        Float.BYTES
            * (parameters * (1 + training.replicas() + state)
                + 2L * training.batchSize() * activations));
  }

  private static long rows(ExperimentConfig config, Split split, Network network) {
    int trained = split.train().size();
    int validated = split.validation().size();
    if (config.model().freeze() == ModelConfig.Freeze.NONE) {
      Preprocessing input = ((GraphBackboneConfig) config.model().backbone()).input();
      return ReadableImages.keptBytes(trained, input) + ReadableImages.keptBytes(validated, input);
    }
    long views =
        config.training().cache() == TrainingConfig.Cache.OFF
            ? 0
            : 1 + config.training().augmentedViews();
    return Float.BYTES * (trained * views + validated) * network.keptNumbers();
  }

  private static int numbersOfState(OptimizerConfig optimizer) {
    if (optimizer instanceof OptimizerConfig.Sgd sgd) {
      return sgd.momentum() > 0 ? 1 : 0;
    }
    return 2;
  }
}
