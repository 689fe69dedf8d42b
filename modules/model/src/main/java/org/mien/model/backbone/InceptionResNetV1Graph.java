package org.mien.model.backbone;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.preprocessing.Preprocessing;

/** Builds Inception-ResNet v1 with facenet-pytorch's names. */
final class InceptionResNetV1Graph {
  private static final double EPSILON = 1e-3;
  private static final double SCALE_35 = 0.17;
  private static final double SCALE_17 = 0.10;
  private static final double SCALE_8 = 0.20;

  private static final Window PIXEL = Window.square(1, 1, 0);
  private static final Window SAME = Window.square(3, 1, 1);
  private static final Window INSIDE = Window.square(3, 1, 0);
  private static final Window HALVING = Window.square(3, 2, 0);

  private final NetworkBuilder network;
  private final InceptionResNetV1Plan plan;
  private String top = NetworkBuilder.INPUT;
  private int channels = 3;

  /** One convolution of a branch; channels as published. */
  private record Step(int channels, Window window) {}

  private InceptionResNetV1Graph(InceptionResNetV1Plan plan, long seed) {
    this.network = new NetworkBuilder(seed, EPSILON);
    this.plan = plan;
  }

  static ComputationGraph build(InceptionResNetV1Plan plan, Preprocessing input, long seed) {
    return new InceptionResNetV1Graph(plan, seed).build(input);
  }

  private ComputationGraph build(Preprocessing input) {
    stem("conv2d_1a", 32, HALVING);
    stem("conv2d_2a", 32, INSIDE);
    stem("conv2d_2b", 64, SAME);
    top = network.maxPool("maxpool_3a", top, 3, 2, 0);
    stem("conv2d_3b", 80, PIXEL);
    stem("conv2d_4a", 192, INSIDE);
    stem("conv2d_4b", 256, HALVING);
    for (int i = 0; i < plan.small(); i++) {
      block35("repeat_1." + i);
    }
    mixed6a();
    for (int i = 0; i < plan.middle(); i++) {
      block17("repeat_2." + i);
    }
    mixed7a();
    for (int i = 0; i < plan.large(); i++) {
      block8("repeat_3." + i, true);
    }
    block8("block8", false);
    if (plan.embedded()) {
      int width = width(512);
      String pooled = network.globalAverage("avgpool_1a", top);
      network.norm(
          NetworkBuilder.FEATURES,
          network.fullyConnected("last_linear", pooled, channels, width, false),
          width);
    } else {
      network.globalAverage(NetworkBuilder.FEATURES, top);
    }
    return network.build(input);
  }

  private int width(int published) {
    return published / plan.divisor();
  }

  private void stem(String name, int published, Window window) {
    top = convolution(name, top, channels, width(published), window);
    channels = width(published);
  }

  private void block35(String name) {
    String first = branch(name + ".branch0", List.of(new Step(32, PIXEL)), false);
    String second =
        branch(name + ".branch1", List.of(new Step(32, PIXEL), new Step(32, SAME)), true);
    String third =
        branch(
            name + ".branch2",
            List.of(new Step(32, PIXEL), new Step(32, SAME), new Step(32, SAME)),
            true);
    residual(name, 96, SCALE_35, true, first, second, third);
  }

  private void block17(String name) {
    String first = branch(name + ".branch0", List.of(new Step(128, PIXEL)), false);
    String second =
        branch(
            name + ".branch1",
            List.of(
                new Step(128, PIXEL),
                new Step(128, Window.row(7)),
                new Step(128, Window.column(7))),
            true);
    residual(name, 256, SCALE_17, true, first, second);
  }

  private void block8(String name, boolean relu) {
    String first = branch(name + ".branch0", List.of(new Step(192, PIXEL)), false);
    String second =
        branch(
            name + ".branch1",
            List.of(
                new Step(192, PIXEL),
                new Step(192, Window.row(3)),
                new Step(192, Window.column(3))),
            true);
    residual(name, 384, relu ? SCALE_8 : 1, relu, first, second);
  }

  private void mixed6a() {
    String name = "mixed_6a";
    String first = branch(name + ".branch0", List.of(new Step(384, HALVING)), false);
    String second =
        branch(
            name + ".branch1",
            List.of(new Step(192, PIXEL), new Step(192, SAME), new Step(256, HALVING)),
            true);
    reduction(name, List.of(first, second), width(384) + width(256), "branch2");
  }

  private void mixed7a() {
    String name = "mixed_7a";
    String first =
        branch(name + ".branch0", List.of(new Step(256, PIXEL), new Step(384, HALVING)), true);
    String second =
        branch(name + ".branch1", List.of(new Step(256, PIXEL), new Step(256, HALVING)), true);
    String third =
        branch(
            name + ".branch2",
            List.of(new Step(256, PIXEL), new Step(256, SAME), new Step(256, HALVING)),
            true);
    reduction(name, List.of(first, second, third), width(384) + 2 * width(256), "branch3");
  }

  /** Joins branches with a pooling that halves the side as they do. */
  private void reduction(String name, List<String> branches, int added, String pooling) {
    List<String> all = new ArrayList<>(branches);
    all.add(network.maxPool(name + "." + pooling, top, 3, 2, 0));
    top = network.concatenation(name, all.toArray(String[]::new));
    channels += added;
  }

  /** The input plus a fraction of what the branches give, brought to its channels. */
  private void residual(String name, int joined, double scale, boolean relu, String... branches) {
    String all = network.concatenation(name + ".cat", branches);
    String up = network.convolution(name + ".conv2d", all, width(joined), channels, PIXEL, true);
    String scaled = scale == 1 ? up : network.scale(name + ".scale", up, scale);
    String sum = network.add(name + ".add", scaled, top);
    top = relu ? network.relu(name + ".relu", sum) : sum;
  }

  /**
   * @param numbered whether the convolutions are numbered; a lone one is the branch itself
   */
  private String branch(String name, List<Step> steps, boolean numbered) {
    String at = top;
    int in = channels;
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      int out = width(step.channels());
      at = convolution(numbered ? name + "." + i : name, at, in, out, step.window());
      in = out;
    }
    return at;
  }

  /** A convolution, its batch normalisation and ReLU. */
  private String convolution(String name, String input, int in, int out, Window window) {
    String convolved = network.convolution(name + ".conv", input, in, out, window, false);
    return network.relu(name + ".relu", network.norm(name + ".bn", convolved, out));
  }
}
