package org.mien.model.backbone;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.preprocessing.Preprocessing;

/** Builds VGGs: blocks of 3x3 convolutions, then two fully connected layers or a mean. */
final class VggGraph {
  private static final Window WINDOW = Window.square(3, 1, 1);

  private final NetworkBuilder network;
  private final VggPlan plan;

  /** Position in torchvision's {@code features}, which counts ReLUs and poolings too. */
  private int position;

  private VggGraph(VggPlan plan, long seed) {
    this.network = new NetworkBuilder(seed);
    this.plan = plan;
  }

  static ComputationGraph build(VggPlan plan, Preprocessing input, long seed) {
    return new VggGraph(plan, seed).add(input).build(input);
  }

  /** As {@link #build}, without memory for the weights. */
  static ComputationGraphConfiguration configuration(VggPlan plan, Preprocessing input) {
    return new VggGraph(plan, 0).add(input).configuration(input);
  }

  private NetworkBuilder add(Preprocessing input) {
    String top = NetworkBuilder.INPUT;
    int channels = 3;
    PlaneSize planes = PlaneSize.of(input);
    for (int block = 0; block < plan.widths().size(); block++) {
      int width = plan.widths().get(block);
      for (int number = 0; number < plan.convolutions().get(block); number++) {
        top = convolution(block, number, top, channels, width);
        channels = width;
      }
      top = network.maxPool(name("pool" + (block + 1)), top, 2, 2, 0);
      planes = planes.after(2, 2, 0);
    }
    if (plan.hidden() == 0) {
      network.globalAverage(NetworkBuilder.FEATURES, top);
    } else {
      boolean numbered = plan.names() == VggPlan.Names.TORCHVISION;
      int flat = channels * planes.height() * planes.width();
      String first =
          network.fullyConnected(numbered ? "classifier.0" : "fc6", top, flat, plan.hidden(), true);
      String second =
          network.fullyConnected(
              numbered ? "classifier.3" : "fc7",
              network.relu(numbered ? "classifier.1" : "relu6", first),
              plan.hidden(),
              plan.hidden(),
              true);
      network.relu(NetworkBuilder.FEATURES, second);
    }
    return network;
  }

  private String convolution(int block, int number, String input, int in, int out) {
    String suffix = (block + 1) + "_" + (number + 1);
    String top = network.convolution(name("conv" + suffix), input, in, out, WINDOW, true);
    if (plan.batchNorm()) {
      top = network.norm(name("bn" + suffix), top, out);
    }
    return network.relu(name("relu" + suffix), top);
  }

  private String name(String authors) {
    return plan.names() == VggPlan.Names.TORCHVISION ? "features." + position++ : authors;
  }
}
