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
 * MobileFaceNet (Chen et al. 2018, table 1): bottlenecks of depthwise convolutions with PReLU, and
 * a depthwise convolution over the whole plane where others average, then a linear layer and a
 * batch normalisation.
 *
 * <p>Layers have the names of the PyTorch version that most copies descend from ({@code
 * InsightFace_Pytorch}: {@code conv1.conv}, {@code conv_23.conv_dw.bn}, {@code conv_3.model.0} and
 * so on); files of {@code arcface_torch}'s version at scale 1 ({@code layers.0.layers.0}) are told
 * apart by their names. Neither's final L2 normalisation is part of the network here. The double
 * width that {@code arcface_torch} calls {@code mbf} is another network, with a grouped
 * convolution; it can be had as an ONNX file.
 *
 * @param dimension length of the feature vector; the paper's is 128
 * @param weights a state dictionary; without it the weights are random
 * @param preprocessing the input contract; by default 112x112 RGB, {@code (pixel - 127.5) / 127.5}
 */
@TypeName("mobilefacenet")
public record MobileFaceNetConfig(
    @Setting(
            value = "Length of the feature vector; the paper's is 128.",
            defaultValue = "512",
            min = 1,
            max = FaceNetworkInput.LONGEST)
        int dimension,
    @Setting("A file with a state dictionary of MobileFaceNet; random weights without it.")
        Optional<Path> weights,
    @Setting("Input contract; by default 112x112 RGB with mean and std 127.5.")
        Optional<Preprocessing> preprocessing)
    implements GraphBackboneConfig {

  public MobileFaceNetConfig {
    FaceNetworkInput.requireDimension(dimension);
    preprocessing.ifPresent(input -> FaceNetworkInput.requireSides(input, 16));
  }

  @Override
  public Preprocessing input() {
    return preprocessing.orElse(FaceNetworkInput.ARCFACE);
  }

  @Override
  public String describe() {
    return "MobileFaceNet";
  }

  @Override
  public ComputationGraph build(long seed) {
    return MobileFaceNetGraph.build(this, seed);
  }

  /** PyTorch's, of one of two origins. */
  @Override
  public TensorNaming naming(Map<String, List<Long>> found) {
    return MobileFaceNetNaming.of(found);
  }
}
