package org.mien.model.backbone;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.weights.TensorNaming;

/**
 * A ResNet in torchvision's layout (He et al. 2016, with the stride of a bottleneck on its 3x3
 * convolution, "v1.5").
 *
 * @param depth 18, 34, 50, 101 or 152
 * @param weights a torchvision state dictionary; without it the weights are random
 * @param preprocessing the input contract; by default 112x112 RGB with ImageNet's mean and standard
 *     deviation, which is what torchvision's weights were trained with
 */
@TypeName("resnet")
public record ResNetConfig(
    @Setting(value = "18, 34, 50, 101 or 152.", min = 18, max = 152) int depth,
    @Setting("A .pth file with a torchvision state dictionary; random weights without it.")
        Optional<Path> weights,
    @Setting("Input contract; by default 112x112 RGB with ImageNet's mean and std.")
        Optional<Preprocessing> preprocessing)
    implements GraphBackboneConfig {

  private static final Preprocessing IMAGENET =
      new Preprocessing(
          112,
          112,
          ColorOrder.RGB,
          List.of(123.675, 116.28, 103.53),
          List.of(58.395, 57.12, 57.375),
          new Crop.None(),
          "any");

  public ResNetConfig {
    ResNetPlan.ofDepth(depth);
    preprocessing.ifPresent(ResNetPlan::requireReducible);
  }

  @Override
  public Preprocessing input() {
    return preprocessing.orElse(IMAGENET);
  }

  @Override
  public String describe() {
    return "ResNet-" + depth;
  }

  @Override
  public ComputationGraph build(long seed) {
    return ResNetGraph.build(ResNetPlan.ofDepth(depth), input(), seed);
  }

  /** Torchvision's; ImageNet's classifier {@code fc} is left out. */
  @Override
  public TensorNaming naming(Map<String, List<Long>> found) {
    return TensorNaming.torch(tensor -> tensor.startsWith("fc."));
  }
}
