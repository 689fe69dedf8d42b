package org.mien.model.backbone;

import java.util.List;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Builds IResNets layer by layer with {@code arcface_torch}'s names: {@code conv1}, {@code bn1},
 * {@code prelu}, {@code layer1.0.bn1}, {@code layer1.0.downsample.0}, {@code bn2}, {@code fc} and
 * so on; {@value NetworkBuilder#FEATURES} is what its last batch normalisation is called there too.
 */
final class IResNetGraph {
  private static final int STAGES = 4;

  private final NetworkBuilder network;

  private IResNetGraph(long seed) {
    network = new NetworkBuilder(seed);
  }

  /** Residual units of each stage. */
  static List<Integer> blocks(int depth) {
    return switch (depth) {
      case 18 -> List.of(2, 2, 2, 2);
      case 34 -> List.of(3, 4, 6, 3);
      case 50 -> List.of(3, 4, 14, 3);
      case 100 -> List.of(3, 13, 30, 3);
      default ->
          throw new IllegalArgumentException(
              "expected an IResNet depth of 18, 34, 50 or 100, was " + depth);
    };
  }

  static ComputationGraph build(IResNetConfig config, long seed) {
    return build(config, 64, seed);
  }

  /**
   * @param firstWidth channels of the first stage, 64 in published networks; each further stage has
   *     twice as many
   */
  static ComputationGraph build(IResNetConfig config, int firstWidth, long seed) {
    return new IResNetGraph(seed).build(config, firstWidth);
  }

  private ComputationGraph build(IResNetConfig config, int firstWidth) {
    int channels = firstWidth;
    String top = network.convolution("conv1", NetworkBuilder.INPUT, 3, channels, 3, 1);
    top = network.prelu("prelu", network.norm("bn1", top, channels), channels);
    List<Integer> blocks = blocks(config.depth());
    for (int stage = 0; stage < STAGES; stage++) {
      int width = firstWidth << stage;
      for (int block = 0; block < blocks.get(stage); block++) {
        String name = "layer" + (stage + 1) + "." + block;
        top = residual(name, top, channels, width, block == 0 ? 2 : 1);
        channels = width;
      }
    }
    top = network.norm("bn2", top, channels);
    if (config.dropout() > 0) {
      // The library asks for the chance to stay.
      network.graph().addLayer("dropout", new DropoutLayer(1 - config.dropout()), top);
      top = "dropout";
    }
    top = network.linear("fc", top, config.dimension(), true);
    network.norm(NetworkBuilder.FEATURES, top, config.dimension());
    return network.build(config.input());
  }

  /** BN-Conv-BN-PReLU-Conv-BN plus the input, with nothing after the sum. */
  private String residual(String name, String input, int channels, int width, int stride) {
    String top = network.norm(name + ".bn1", input, channels);
    top = network.convolution(name + ".conv1", top, channels, width, 3, 1);
    top = network.prelu(name + ".prelu", network.norm(name + ".bn2", top, width), width);
    top = network.convolution(name + ".conv2", top, width, width, 3, stride);
    top = network.norm(name + ".bn3", top, width);
    String shortcut = input;
    if (stride != 1 || channels != width) {
      String projection =
          network.convolution(name + ".downsample.0", input, channels, width, 1, stride);
      shortcut = network.norm(name + ".downsample.1", projection, width);
    }
    return network.add(name + ".add", top, shortcut);
  }
}
