package org.mien.model.backbone;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.preprocessing.Preprocessing;

/** Builds SE-ResNets with the names of pretrained-models: {@code layer1.0.se_module.fc1}. */
final class SeResNetGraph {
  private final NetworkBuilder network;

  private SeResNetGraph(long seed) {
    network = new NetworkBuilder(seed);
  }

  static ComputationGraph build(SeResNetPlan plan, Preprocessing input, long seed) {
    return new SeResNetGraph(seed).build(plan, input);
  }

  private ComputationGraph build(SeResNetPlan plan, Preprocessing input) {
    int channels = plan.widths().get(0);
    String stem =
        convolutionNorm("layer0.conv1", "layer0.bn1", NetworkBuilder.INPUT, 3, channels, 7, 2);
    String top =
        network.ceilMaxPool(
            "layer0.pool",
            network.relu("layer0.relu1", stem),
            PlaneSize.of(input).after(7, 2, 3),
            3,
            2);
    for (int stage = 0; stage < plan.widths().size(); stage++) {
      int width = plan.widths().get(stage);
      for (int block = 0; block < plan.blocks().get(stage); block++) {
        int stride = stage > 0 && block == 0 ? 2 : 1;
        top = bottleneck("layer" + (stage + 1) + "." + block, top, channels, width, stride);
        channels = width * SeResNetPlan.EXPANSION;
      }
    }
    network.globalAverage(NetworkBuilder.FEATURES, top);
    return network.build(input);
  }

  private String bottleneck(String name, String input, int channels, int width, int stride) {
    int out = width * SeResNetPlan.EXPANSION;
    String first = numbered(name, 1, input, channels, width, 1, stride);
    String second = numbered(name, 2, network.relu(name + ".relu1", first), width, width, 3, 1);
    String third = numbered(name, 3, network.relu(name + ".relu2", second), width, out, 1, 1);
    String branch =
        network.squeezeExcitation(name + ".se_module", third, out, SeResNetPlan.REDUCTION);
    String shortcut =
        stride == 1 && channels == out
            ? input
            : convolutionNorm(
                name + ".downsample.0", name + ".downsample.1", input, channels, out, 1, stride);
    return network.relu(name + ".relu", network.add(name + ".add", branch, shortcut));
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
