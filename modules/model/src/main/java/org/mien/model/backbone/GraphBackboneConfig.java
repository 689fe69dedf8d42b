package org.mien.model.backbone;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.weights.TensorNaming;

/**
 * A network that Mien builds layer by layer: it can be trained, frozen up to a layer, and filled
 * with weights of the framework it comes from.
 */
public sealed interface GraphBackboneConfig extends BackboneConfig
    permits ResNetConfig,
        SmallResNetConfig,
        VggConfig,
        VggFaceConfig,
        GoogLeNetConfig,
        SeResNetConfig,
        InceptionResNetV1Config,
        IResNetConfig,
        MobileFaceNetConfig,
        GhostFaceNetConfig,
        DlibResNetConfig,
        OnnxGraphConfig {

  /** The input contract, given or default. */
  Preprocessing input();

  @Override
  default Optional<Preprocessing> statedInput() {
    return Optional.of(input());
  }

  /** The file of pretrained weights; empty for random ones. */
  Optional<Path> weights();

  /** What people call the network, for example {@code ResNet-50}. */
  String describe();

  /**
   * Builds the network with random weights; {@link #weights()} is not read here.
   *
   * @param seed of the weights
   * @return one input {@value NetworkBuilder#INPUT} {@code (batch, 3, height, width)}, one output
   *     {@value NetworkBuilder#FEATURES} {@code (batch, features)}
   */
  ComputationGraph build(long seed);

  /** Whether {@link #build} gives the weights of {@link #weights()} already. */
  default boolean buildsWithWeights() {
    return false;
  }

  /**
   * Chooses how the tensors of a file are called and laid out.
   *
   * @param found the names and shapes of the file's tensors, by which one framework is told from
   *     another
   */
  TensorNaming naming(Map<String, List<Long>> found);
}
