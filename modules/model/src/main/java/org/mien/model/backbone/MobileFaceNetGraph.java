package org.mien.model.backbone;

import org.deeplearning4j.nn.graph.ComputationGraph;

/** Builds MobileFaceNet, table 1 of the paper from top to bottom. */
final class MobileFaceNetGraph {
  private final NetworkBuilder network;

  private MobileFaceNetGraph(long seed) {
    network = new NetworkBuilder(seed);
  }

  static ComputationGraph build(MobileFaceNetConfig config, long seed) {
    return new MobileFaceNetGraph(seed).build(config);
  }

  private ComputationGraph build(MobileFaceNetConfig config) {
    String top = network.convolution("conv1.conv", NetworkBuilder.INPUT, 3, 64, 3, 2);
    top = normPrelu("conv1", top, 64);
    top = depthwise("conv2_dw", top, 64, 1);
    top = bottleneck("conv_23", top, 64, 128, 64, 2);
    top = residuals("conv_3", top, 64, 128, 4);
    top = bottleneck("conv_34", top, 64, 256, 128, 2);
    top = residuals("conv_4", top, 128, 256, 6);
    top = bottleneck("conv_45", top, 128, 512, 128, 2);
    top = residuals("conv_5", top, 128, 256, 2);
    top = pointwise("conv_6_sep", top, 128, 512);
    int height = FaceNetworkInput.sixteenth(config.input().heightPixels());
    int width = FaceNetworkInput.sixteenth(config.input().widthPixels());
    top = network.depthwise("conv_6_dw.conv", top, 512, height, width, 1, 0);
    top = network.norm("conv_6_dw.bn", top, 512);
    top = network.linear("linear", top, config.dimension(), false);
    network.norm(NetworkBuilder.FEATURES, top, config.dimension());
    return network.build(config.input());
  }

  private String residuals(String name, String input, int channels, int inner, int count) {
    String top = input;
    for (int i = 0; i < count; i++) {
      String block = name + ".model." + i;
      top = network.add(block + ".add", top, bottleneck(block, top, channels, inner, channels, 1));
    }
    return top;
  }

  /** Wider by a pointwise convolution, a depthwise one, narrower again without activation. */
  private String bottleneck(String name, String input, int in, int inner, int out, int stride) {
    String top = pointwise(name + ".conv", input, in, inner);
    top = depthwise(name + ".conv_dw", top, inner, stride);
    top = network.convolution(name + ".project.conv", top, inner, out, 1, 1);
    return network.norm(name + ".project.bn", top, out);
  }

  private String pointwise(String name, String input, int in, int out) {
    return normPrelu(name, network.convolution(name + ".conv", input, in, out, 1, 1), out);
  }

  private String depthwise(String name, String input, int channels, int stride) {
    return normPrelu(
        name, network.depthwise(name + ".conv", input, channels, 3, 3, stride, 1), channels);
  }

  private String normPrelu(String name, String input, int channels) {
    return network.prelu(name + ".prelu", network.norm(name + ".bn", input, channels), channels);
  }
}
