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
 * GoogLeNet (Szegedy et al. 2015) in torchvision's layout: with batch normalisation, with 3x3 where
 * the paper has 5x5, without the auxiliary classifiers. Features: the mean over each of the last
 * 1024 planes.
 *
 * @param weights a torchvision state dictionary; without it the weights are random
 * @param preprocessing the input contract; by default 224x224 RGB, {@code (pixel - 127.5) / 127.5}.
 *     Torchvision normalises by ImageNet's mean and deviation and then, for its pretrained weights,
 *     undoes that inside the network ({@code transform_input}); the two together are this
 */
@TypeName("googlenet")
public record GoogLeNetConfig(
    @Setting("A .pth file with a torchvision state dictionary; random weights without it.")
        Optional<Path> weights,
    @Setting(
            "Input contract; by default 224x224 RGB with mean and std 127.5, which is what"
                + " torchvision's weights see after its transform_input.")
        Optional<Preprocessing> preprocessing)
    implements GraphBackboneConfig {

  private static final int SMALLEST_SIDE = 15;

  private static final Preprocessing DEFAULT_INPUT =
      new Preprocessing(
          224,
          224,
          ColorOrder.RGB,
          List.of(127.5, 127.5, 127.5),
          List.of(127.5, 127.5, 127.5),
          new Crop.None(),
          "any");

  public GoogLeNetConfig {
    preprocessing.ifPresent(input -> PlaneSize.requireAtLeast(input, SMALLEST_SIDE));
  }

  @Override
  public Preprocessing input() {
    return preprocessing.orElse(DEFAULT_INPUT);
  }

  @Override
  public String describe() {
    return "GoogLeNet";
  }

  @Override
  public ComputationGraph build(long seed) {
    return GoogLeNetGraph.build(1, input(), seed);
  }

  /** Torchvision's; the classifier and the two auxiliary ones are left out. */
  @Override
  public TensorNaming naming(Map<String, List<Long>> found) {
    return TensorNaming.torch(
        tensor ->
            tensor.startsWith("fc.") || tensor.startsWith("aux1.") || tensor.startsWith("aux2."));
  }
}
