package org.mien.model.backbone;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.preprocessing.Preprocessing;

/** Builds GoogLeNet with torchvision's layers and names. */
final class GoogLeNetGraph {
  private static final double EPSILON = 1e-3;

  private final NetworkBuilder network;
  private final int divisor;
  private String top = NetworkBuilder.INPUT;
  private int channels = 3;
  private PlaneSize planes;

  /** Channels of an Inception block's four branches, with those of two inner 1x1 convolutions. */
  private record Branches(
      int pixel, int threeReduced, int three, int fiveReduced, int five, int pooled) {}

  private GoogLeNetGraph(int divisor, Preprocessing input, long seed) {
    this.network = new NetworkBuilder(seed, EPSILON);
    this.divisor = divisor;
    this.planes = PlaneSize.of(input);
  }

  /**
   * @param divisor 1, or what every number of channels is divided by, for tests
   */
  static ComputationGraph build(int divisor, Preprocessing input, long seed) {
    return new GoogLeNetGraph(divisor, input, seed).build(input);
  }

  private ComputationGraph build(Preprocessing input) {
    stem("conv1", 64, Window.square(7, 2, 3));
    planes = planes.after(7, 2, 3);
    pool("maxpool1", 3);
    stem("conv2", 64, Window.square(1, 1, 0));
    stem("conv3", 192, Window.square(3, 1, 1));
    pool("maxpool2", 3);
    inception("inception3a", new Branches(64, 96, 128, 16, 32, 32));
    inception("inception3b", new Branches(128, 128, 192, 32, 96, 64));
    pool("maxpool3", 3);
    inception("inception4a", new Branches(192, 96, 208, 16, 48, 64));
    inception("inception4b", new Branches(160, 112, 224, 24, 64, 64));
    inception("inception4c", new Branches(128, 128, 256, 24, 64, 64));
    inception("inception4d", new Branches(112, 144, 288, 32, 64, 64));
    inception("inception4e", new Branches(256, 160, 320, 32, 128, 128));
    pool("maxpool4", 2);
    inception("inception5a", new Branches(256, 160, 320, 32, 128, 128));
    inception("inception5b", new Branches(384, 192, 384, 48, 128, 128));
    network.globalAverage(NetworkBuilder.FEATURES, top);
    return network.build(input);
  }

  private void stem(String name, int width, Window window) {
    top = convolution(name, top, channels, width / divisor, window);
    channels = width / divisor;
  }

  private void pool(String name, int kernel) {
    top = network.ceilMaxPool(name, top, planes, kernel, 2);
    planes = planes.afterCeil(kernel, 2);
  }

  private void inception(String name, Branches widths) {
    Window pixel = Window.square(1, 1, 0);
    String first = convolution(name + ".branch1", top, channels, widths.pixel() / divisor, pixel);
    String second =
        reduced(name + ".branch2", widths.threeReduced() / divisor, widths.three() / divisor);
    String third =
        reduced(name + ".branch3", widths.fiveReduced() / divisor, widths.five() / divisor);
    String fourth =
        convolution(
            name + ".branch4.1",
            network.maxPool(name + ".branch4.0", top, 3, 1, 1),
            channels,
            widths.pooled() / divisor,
            pixel);
    top = network.concatenation(name, first, second, third, fourth);
    channels =
        (widths.pixel() / divisor)
            + (widths.three() / divisor)
            + (widths.five() / divisor)
            + (widths.pooled() / divisor);
  }

  private String reduced(String branch, int inner, int out) {
    String reduced = convolution(branch + ".0", top, channels, inner, Window.square(1, 1, 0));
    return convolution(branch + ".1", reduced, inner, out, Window.square(3, 1, 1));
  }

  /** A convolution, its batch normalisation and ReLU. */
  private String convolution(String name, String input, int in, int out, Window window) {
    String convolved = network.convolution(name + ".conv", input, in, out, window, false);
    return network.relu(name + ".relu", network.norm(name + ".bn", convolved, out));
  }
}
