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
 * An improved ResNet as ArcFace uses it (Deng et al. 2019, section 3.1; Han et al. 2017): residual
 * units of BN-Conv-BN-PReLU-Conv-BN, a first stage that keeps the size until its first unit, and
 * BN-Dropout-FC-BN at the end, in the layout of InsightFace's {@code arcface_torch}.
 *
 * <p>Deviation: {@code arcface_torch} keeps the scale of the last batch normalisation at 1; here it
 * is trained like any other.
 *
 * @param depth 18, 34, 50 or 100
 * @param dimension length of the feature vector
 * @param dropout chance that training drops a number before the last dense layer
 * @param weights a state dictionary of {@code arcface_torch}; without it the weights are random
 * @param preprocessing the input contract; by default 112x112 RGB, {@code (pixel - 127.5) / 127.5}
 */
@TypeName("iresnet")
public record IResNetConfig(
    @Setting(value = "18, 34, 50 or 100.", min = 18, max = 100) int depth,
    @Setting(
            value = "Length of the feature vector.",
            defaultValue = "512",
            min = 1,
            max = FaceNetworkInput.LONGEST)
        int dimension,
    @Setting(
            value = "Chance that training drops a number before the last dense layer.",
            defaultValue = "0",
            min = 0,
            max = 0.95)
        double dropout,
    @Setting("A file with arcface_torch's state dictionary; random weights without it.")
        Optional<Path> weights,
    @Setting("Input contract; by default 112x112 RGB with mean and std 127.5.")
        Optional<Preprocessing> preprocessing)
    implements GraphBackboneConfig {

  public IResNetConfig {
    IResNetGraph.blocks(depth);
    FaceNetworkInput.requireDimension(dimension);
    if (!(dropout >= 0 && dropout <= 0.95)) {
      throw new IllegalArgumentException("expected a dropout in [0, 0.95], was " + dropout);
    }
    preprocessing.ifPresent(input -> FaceNetworkInput.requireSides(input, 16));
  }

  @Override
  public Preprocessing input() {
    return preprocessing.orElse(FaceNetworkInput.ARCFACE);
  }

  @Override
  public String describe() {
    return "IResNet-" + depth;
  }

  @Override
  public ComputationGraph build(long seed) {
    return IResNetGraph.build(this, seed);
  }

  /** PyTorch's; layers have the names that they have in {@code arcface_torch}. */
  @Override
  public TensorNaming naming(Map<String, List<Long>> found) {
    return TensorNaming.torch(tensor -> false);
  }
}
