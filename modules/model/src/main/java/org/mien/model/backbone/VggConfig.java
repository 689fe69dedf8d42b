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
 * A VGG (Simonyan and Zisserman 2015, configurations A, B, D and E) in torchvision's layout.
 *
 * <p>Deviations: torchvision pools the last planes to 7x7 whatever their size, repeating pixels
 * where they are fewer; here {@code fc7} takes only inputs that leave 7x7 planes, where that
 * pooling changes nothing. There is no dropout between the fully connected layers, which matters
 * only in training.
 *
 * @param depth 11, 13, 16 or 19 layers with weights, the classifier included
 * @param batchNorm whether a batch normalisation follows every convolution (torchvision's {@code
 *     vgg16_bn} and so on)
 * @param features the vector that the network gives
 * @param weights a torchvision state dictionary; without it the weights are random
 * @param preprocessing the input contract; by default RGB with ImageNet's mean and standard
 *     deviation, 224x224 for {@code fc7}, 112x112 for {@code pooled}
 */
@TypeName("vgg")
public record VggConfig(
    @Setting(value = "11, 13, 16 or 19.", min = 11, max = 19) int depth,
    @Setting(
            value = "Whether a batch normalisation follows every convolution.",
            defaultValue = "false")
        boolean batchNorm,
    @Setting(
            value =
                "fc7: 4096 outputs of the second fully connected layer, for 224x224; pooled: the"
                    + " mean over each of the last 512 planes, for any size.",
            defaultValue = "fc7")
        VggFeatures features,
    @Setting("A .pth file with a torchvision state dictionary; random weights without it.")
        Optional<Path> weights,
    @Setting(
            "Input contract; by default RGB with ImageNet's mean and std, 224x224 for fc7 and"
                + " 112x112 for pooled.")
        Optional<Preprocessing> preprocessing)
    implements GraphBackboneConfig {

  public VggConfig {
    VggPlan.of(depth, batchNorm, features, VggPlan.Names.TORCHVISION);
    preprocessing.ifPresent(features::require);
  }

  @Override
  public Preprocessing input() {
    int side = features == VggFeatures.FC7 ? 224 : 112;
    return preprocessing.orElseGet(
        () ->
            new Preprocessing(
                side,
                side,
                ColorOrder.RGB,
                List.of(123.675, 116.28, 103.53),
                List.of(58.395, 57.12, 57.375),
                new Crop.None(),
                "any"));
  }

  @Override
  public String describe() {
    return "VGG-" + depth + (batchNorm ? " with batch normalisation" : "");
  }

  @Override
  public ComputationGraph build(long seed) {
    return VggGraph.build(plan(), input(), seed);
  }

  VggPlan plan() {
    return VggPlan.of(depth, batchNorm, features, VggPlan.Names.TORCHVISION);
  }

  /**
   * Torchvision's; ImageNet's classifier is left out, for {@code pooled} with both layers before
   * it.
   */
  @Override
  public TensorNaming naming(Map<String, List<Long>> found) {
    String unused = features == VggFeatures.FC7 ? "classifier.6." : "classifier.";
    return TensorNaming.torch(tensor -> tensor.startsWith(unused));
  }
}
