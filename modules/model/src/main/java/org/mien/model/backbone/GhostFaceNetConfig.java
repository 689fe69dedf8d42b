package org.mien.model.backbone;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.weights.TensorNaming;

/**
 * GhostFaceNet (Alansari et al. 2023), for small devices: GhostNet (Han et al. 2020, table 1), half
 * of whose planes are made from the other half by a depthwise convolution, with PReLU in place of
 * ReLU and a depthwise convolution over the whole plane in place of the mean.
 *
 * <p>Deviations: gates are sigmoids, where GhostNet has a piecewise linear stand-in for one.
 * Published weights are Keras files whose layers have numbers for names; they are not read, so
 * networks of this layout are trained here. Their sizes were not compared with published ones.
 *
 * @param dimension length of the feature vector
 * @param width what the numbers of planes of GhostNet are multiplied with
 * @param stride of the first convolution: 1 keeps small faces large and costs four times the work
 * @param weights that Mien saved; without them they are random
 * @param preprocessing the input contract; by default 112x112 RGB, {@code (pixel - 127.5) / 127.5}
 */
@TypeName("ghostfacenet")
public record GhostFaceNetConfig(
    @Setting(
            value = "Length of the feature vector.",
            defaultValue = "512",
            min = 1,
            max = FaceNetworkInput.LONGEST)
        int dimension,
    @Setting(
            value = "What GhostNet's numbers of planes are multiplied with; 1.3 is usual too.",
            defaultValue = "1.0",
            min = 0.25,
            max = 4)
        double width,
    @Setting(
            value = "Stride of the first convolution, 1 or 2; 1 costs four times the work.",
            defaultValue = "2",
            min = 1,
            max = 2)
        int stride,
    @Setting("Weights that Mien saved, .safetensors or model.zip; random weights without them.")
        Optional<Path> weights,
    @Setting("Input contract; by default 112x112 RGB with mean and std 127.5.")
        Optional<Preprocessing> preprocessing)
    implements GraphBackboneConfig {

  public GhostFaceNetConfig {
    FaceNetworkInput.requireDimension(dimension);
    if (!(width >= 0.25 && width <= 4) || stride < 1 || stride > 2) {
      throw new IllegalArgumentException(
          "expected a width of 0.25 to 4 and a stride of 1 or 2, were " + width + ", " + stride);
    }
    preprocessing.ifPresent(input -> FaceNetworkInput.requireSides(input, 16));
  }

  @Override
  public Preprocessing input() {
    return preprocessing.orElse(FaceNetworkInput.ARCFACE);
  }

  @Override
  public String describe() {
    return "GhostFaceNet";
  }

  @Override
  public ComputationGraph build(long seed) {
    return GhostFaceNetGraph.build(this, seed);
  }

  /** PyTorch's, on the names of layers here. */
  @Override
  public TensorNaming naming(Map<String, List<Long>> found) {
    return TensorNaming.torch(tensor -> false);
  }
}
