package org.mien.model.backbone;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.preprocessing.Preprocessing;

/**
 * Builds ResNets with torchvision's layout, layer by layer and with its names: {@code conv1},
 * {@code bn1}, {@code layer1.0.conv1}, {@code layer1.0.downsample.0} and so on; {@value
 * NetworkBuilder#FEATURES} is its {@code avgpool}, flattened.
 */
final class ResNetGraph {
  private final NetworkBuilder network;

  private ResNetGraph(long seed) {
    network = new NetworkBuilder(seed);
  }

  static ComputationGraph build(ResNetPlan plan, Preprocessing input, long seed) {
    return new ResNetGraph(seed).build(plan, input);
  }

  private ComputationGraph build(ResNetPlan plan, Preprocessing input) {
    String top = stem(plan);
    int channels = plan.stemWidth();
    for (int stage = 0; stage < plan.widths().size(); stage++) {
      int width = plan.widths().get(stage);
      for (int block = 0; block < plan.blocks().get(stage); block++) {
        int stride = stage > 0 && block == 0 ? 2 : 1;
        String name = "layer" + (stage + 1) + "." + block;
        top = residual(name, top, plan.block(), channels, width, stride);
        channels = width * plan.block().expansion;
      }
    }
    network.globalAverage(NetworkBuilder.FEATURES, top);
    return network.build(input);
  }

  private String stem(ResNetPlan plan) {
    boolean small = plan.stem() == ResNetPlan.Stem.SMALL;
    int width = plan.stemWidth();
    String norm = convolutionNorm("conv1", "bn1", NetworkBuilder.INPUT, 3, width, small ? 3 : 7, 2);
    String top = network.relu("relu", norm);
    return small ? top : network.maxPool("maxpool", top, 3, 2, 1);
  }

  /** The block's branch plus its input (projected where the shape changes), then ReLU. */
  private String residual(
      String name, String input, ResNetPlan.Block block, int channels, int width, int stride) {
    int out = width * block.expansion;
    String branch =
        block == ResNetPlan.Block.BASIC
            ? basic(name, input, channels, width, stride)
            : bottleneck(name, input, channels, width, stride);
    String shortcut =
        stride == 1 && channels == out
            ? input
            : convolutionNorm(
                name + ".downsample.0", name + ".downsample.1", input, channels, out, 1, stride);
    return network.relu(name + ".relu", network.add(name + ".add", branch, shortcut));
  }

  private String basic(String name, String input, int channels, int width, int stride) {
    String first = numbered(name, 1, input, channels, width, 3, stride);
    return numbered(name, 2, network.relu(name + ".relu1", first), width, width, 3, 1);
  }

  private String bottleneck(String name, String input, int channels, int width, int stride) {
    String first = numbered(name, 1, input, channels, width, 1, 1);
    String second =
        numbered(name, 2, network.relu(name + ".relu1", first), width, width, 3, stride);
    return numbered(name, 3, network.relu(name + ".relu2", second), width, width * 4, 1, 1);
  }

  private String numbered(
      String block, int number, String input, int in, int out, int kernel, int stride) {
    return convolutionNorm(
        block + ".conv" + number, block + ".bn" + number, input, in, out, kernel, stride);
  }

  private String convolutionNorm(
      String convolution, String norm, String input, int in, int out, int kernel, int stride) {
    return network.norm(
        norm, network.convolution(convolution, input, in, out, kernel, stride), out);
  }
}
