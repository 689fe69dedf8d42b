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
 * A small ResNet of basic blocks for training from scratch on a CPU: a 3x3 convolution of stride 2,
 * then one stage a width, each but the first halving the side.
 *
 * @param widths channels of each stage; the last is the length of the feature vector
 * @param blocksPerStage residual blocks of each stage
 * @param preprocessing the input contract; by default 64x64 RGB, {@code (pixel - 127.5) / 127.5}
 */
@TypeName("small-resnet")
public record SmallResNetConfig(
    @Setting(
            value = "Channels of each stage; the last is the length of the feature vector.",
            defaultValue = "[16, 32, 64, 128]")
        List<Integer> widths,
    @Setting(value = "Residual blocks of each stage.", defaultValue = "[1, 1, 1, 1]")
        List<Integer> blocksPerStage,
    @Setting("Input contract; by default 64x64 RGB with mean and std 127.5.")
        Optional<Preprocessing> preprocessing)
    implements GraphBackboneConfig {

  private static final Preprocessing DEFAULT_INPUT =
      new Preprocessing(
          64,
          64,
          ColorOrder.RGB,
          List.of(127.5, 127.5, 127.5),
          List.of(127.5, 127.5, 127.5),
          new Crop.None(),
          "any");

  public SmallResNetConfig {
    widths = List.copyOf(widths);
    blocksPerStage = List.copyOf(blocksPerStage);
    if (widths.isEmpty() || widths.size() > 6 || widths.size() != blocksPerStage.size()) {
      throw new IllegalArgumentException(
          "expected one to six widths and as many blocksPerStage, was "
              + widths
              + " and "
              + blocksPerStage);
    }
    if (widths.stream().anyMatch(w -> w < 1 || w > 4096)) {
      throw new IllegalArgumentException("expected widths of 1 to 4096, was " + widths);
    }
    if (blocksPerStage.stream().anyMatch(b -> b < 1 || b > 64)) {
      throw new IllegalArgumentException("expected 1 to 64 blocks a stage, was " + blocksPerStage);
    }
  }

  @Override
  public Preprocessing input() {
    return preprocessing.orElse(DEFAULT_INPUT);
  }

  /** Empty: nobody else has networks of this layout. */
  @Override
  public Optional<Path> weights() {
    return Optional.empty();
  }

  @Override
  public String describe() {
    return "small ResNet " + widths;
  }

  @Override
  public ComputationGraph build(long seed) {
    return ResNetGraph.build(ResNetPlan.of(this), input(), seed);
  }

  @Override
  public TensorNaming naming(Map<String, List<Long>> found) {
    return TensorNaming.torch(tensor -> tensor.startsWith("fc."));
  }
}
