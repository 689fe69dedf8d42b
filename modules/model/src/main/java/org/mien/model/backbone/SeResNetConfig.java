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
 * A ResNet with squeeze and excitation (Hu, Shen and Sun 2018), as VGGFace2's SE-ResNet-50 (Cao et
 * al. 2018): a bottleneck's stride is on its first 1x1 convolution, and the stem's pooling has no
 * padding but reaches over the edge, as in the Caffe original. Features: the mean over each of the
 * last 2048 planes.
 *
 * <p>Weights are read in three layouts, told apart by their tensors: VGGFace2's own PyTorch files
 * ({@code conv2_1_1x1_reduce}, as in {@code senet50_ft_dag.pth} and {@code senet50_256.pth}),
 * Cadene's pretrained-models ({@code layer1.0.se_module.fc1}, ImageNet's weights) and
 * VGGFace2-pytorch's ({@code layer1.0.conv4}). The names are after the source code of the three;
 * they were not checked against a file of weights. The Keras conversion is another network (padding
 * and epsilon differ) and is not read.
 *
 * @param depth 50, 101 or 152
 * @param weights a state dictionary; without it the weights are random
 * @param preprocessing the input contract; by default VGGFace2's: 224x224 RGB, the training set's
 *     mean colour subtracted, no division. Cadene's weights want ImageNet's mean and deviation
 */
@TypeName("se-resnet")
public record SeResNetConfig(
    @Setting(value = "50, 101 or 152; VGGFace2's has 50.", defaultValue = "50", min = 50, max = 152)
        int depth,
    @Setting(
            "A .pth file of VGGFace2's SE-ResNet-50 or of pretrained-models; random weights without"
                + " it.")
        Optional<Path> weights,
    @Setting(
            "Input contract; by default VGGFace2's: 224x224 RGB with the mean 131.0912, 103.8827,"
                + " 91.4953 subtracted.")
        Optional<Preprocessing> preprocessing)
    implements GraphBackboneConfig {

  private static final Preprocessing VGGFACE2 =
      new Preprocessing(
          224,
          224,
          ColorOrder.RGB,
          List.of(131.0912, 103.8827, 91.4953),
          List.of(1.0, 1.0, 1.0),
          new Crop.None(),
          "any");

  public SeResNetConfig {
    SeResNetPlan.ofDepth(depth);
    preprocessing.ifPresent(input -> PlaneSize.requireAtLeast(input, 32));
  }

  @Override
  public Preprocessing input() {
    return preprocessing.orElse(VGGFACE2);
  }

  @Override
  public String describe() {
    return "SE-ResNet-" + depth;
  }

  @Override
  public ComputationGraph build(long seed) {
    return SeResNetGraph.build(SeResNetPlan.ofDepth(depth), input(), seed);
  }

  /** One of the three layouts; classifiers and VGGFace2's reduction to 256 are left out. */
  @Override
  public TensorNaming naming(Map<String, List<Long>> found) {
    return SeResNetNaming.of(found.keySet());
  }
}
