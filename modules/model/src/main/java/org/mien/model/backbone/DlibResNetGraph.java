package org.mien.model.backbone;

import java.util.Optional;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.weights.TensorNaming;

/**
 * Builds dlib's face network as face-api.js runs it.
 *
 * <p>Where a unit halves the size, its shortcut is a 2x2 average pooling, with as many planes of
 * zeros appended where the width doubles; its branch begins without padding and is therefore one
 * row and column smaller when the side is even: zeros are appended below and to the right.
 */
final class DlibResNetGraph {
  private static final String FILTERS = "/conv";
  private static final String SCALE = "/scale";

  /** dlib's own, added to the variance. */
  private static final double EPSILON = 1e-4;

  private final NetworkBuilder network;
  private final boolean published;
  private int height;
  private int width;

  private DlibResNetGraph(long seed, boolean published) {
    network = new NetworkBuilder(seed, EPSILON);
    this.published = published;
  }

  static ComputationGraph build(DlibResNetConfig config, long seed) {
    return build(config, 32, seed);
  }

  /**
   * @param first channels of the first stage, 32 in the published network; each further stage has
   *     twice as many
   */
  static ComputationGraph build(DlibResNetConfig config, int first, long seed) {
    return new DlibResNetGraph(seed, config.weights().isPresent()).build(config.input(), first);
  }

  private ComputationGraph build(Preprocessing input, int first) {
    height = convolved(input.heightPixels(), 7);
    width = convolved(input.widthPixels(), 7);
    String top = scaled("conv32_down", NetworkBuilder.INPUT, 3, first, 7, 2, 0);
    top = network.maxPool("pool", network.relu("conv32_down/relu", top), 3, 2, 0);
    height = convolved(height, 3);
    width = convolved(width, 3);
    top = residuals("conv32", top, first, 3);
    top = halved("conv64_down", top, first, 2 * first);
    top = residuals("conv64", top, 2 * first, 3);
    top = halved("conv128_down", top, 2 * first, 4 * first);
    top = residuals("conv128", top, 4 * first, 2);
    top = halved("conv256_down", top, 4 * first, 8 * first);
    top = residuals("conv256", top, 8 * first, 2);
    top = halved("conv256_down_out", top, 8 * first, 8 * first);
    top = network.globalAverage("average", top);
    network.linear(NetworkBuilder.FEATURES, top, 128, false);
    return network.build(input);
  }

  private String residuals(String name, String input, int channels, int count) {
    String top = input;
    for (int i = 1; i <= count; i++) {
      String unit = name + "_" + i;
      String branch = branch(unit, top, channels, channels, 1, 1);
      top = network.relu(unit + "/relu", network.add(unit + "/add", branch, top));
    }
    return top;
  }

  private String halved(String name, String input, int in, int out) {
    String branch = branch(name, input, in, out, 2, 0);
    int below = height / 2 - convolved(height, 3);
    int right = width / 2 - convolved(width, 3);
    if (below + right > 0) {
      network.graph().addLayer(name + "/pad", new ZeroPaddingLayer(0, below, 0, right), branch);
      branch = name + "/pad";
    }
    height /= 2;
    width /= 2;
    network
        .graph()
        .addLayer(
            name + "/pool",
            new SubsamplingLayer.Builder(PoolingType.AVG).kernelSize(2, 2).stride(2, 2).build(),
            input);
    String shortcut = name + "/pool";
    if (in != out) {
      // Zeros of the right shape, whatever the batch, that take and give no gradient.
      network.graph().addVertex(name + "/zeros", new ScaleVertex(0), shortcut);
      shortcut = network.concatenation(name + "/widened", shortcut, name + "/zeros");
    }
    return network.relu(name + "/relu", network.add(name + "/add", branch, shortcut));
  }

  private String branch(String name, String input, int in, int out, int stride, int padding) {
    String first = scaled(name + "/conv1", input, in, out, 3, stride, padding);
    return scaled(name + "/conv2", network.relu(name + "/conv1/relu", first), out, out, 3, 1, 1);
  }

  private String scaled(
      String name, String input, int in, int out, int kernel, int stride, int padding) {
    String filters =
        network.convolution(
            // A batch normalisation would take a bias away again.
            name + FILTERS, input, in, out, kernel, stride, padding, published);
    return published
        ? network.channelScale(name + SCALE, filters, out)
        : network.norm(name + SCALE, filters, out);
  }

  /** A side after a convolution or pooling of stride 2 without padding. */
  private static int convolved(int side, int kernel) {
    return (side - kernel) / 2 + 1;
  }

  static TensorNaming naming() {
    return new TensorNaming() {
      @Override
      public Layout layout() {
        return Layout.TENSORFLOW;
      }

      @Override
      public Optional<String> tensor(String layer, Role role) {
        if (layer.equals(NetworkBuilder.FEATURES)) {
          return Optional.of("fc");
        }
        return Optional.of(
            layer
                + switch (role) {
                  case WEIGHT -> "/filters";
                  case BIAS -> "/bias";
                  case GAMMA -> "/weights";
                  case BETA -> "/biases";
                  case MEAN -> "/mean";
                  case VARIANCE -> "/variance";
                  case SLOPE -> "/slope";
                });
      }

      @Override
      public boolean leftOut(String tensor) {
        return false;
      }
    };
  }
}
