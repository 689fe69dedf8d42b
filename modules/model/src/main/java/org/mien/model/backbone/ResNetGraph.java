package org.mien.model.backbone;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.mien.core.preprocessing.Preprocessing;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * Builds ResNets as graphs from {@value #INPUT} {@code (batch, 3, height, width)} to {@value
 * #FEATURES} {@code (batch, features)}.
 *
 * <p>The layout is torchvision's, layer by layer and with its names: {@code conv1}, {@code bn1},
 * {@code layer1.0.conv1}, {@code layer1.0.downsample.0} and so on; {@value #FEATURES} is its {@code
 * avgpool}, flattened. Convolutions carry no bias; batch normalisation has an epsilon of 1e-5.
 * Weights are drawn after He et al. 2015 (normal, fan-in).
 *
 * <p>Deviations: PyTorch keeps running variances without bias (n / (n - 1)), Deeplearning4j with;
 * that matters only in training. PyTorch's momentum of 0.1 is a decay of 0.9 here.
 */
public final class ResNetGraph {
  /** Name of the graph's input. */
  public static final String INPUT = "images";

  /** Name of the vertex that holds the feature vector. */
  public static final String FEATURES = "features";

  private static final double EPSILON = 1e-5;
  private static final double TORCH_MOMENTUM = 0.1;

  private final GraphBuilder graph;

  private ResNetGraph(long seed) {
    graph =
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .weightInit(WeightInit.RELU)
            .activation(Activation.IDENTITY)
            .convolutionMode(ConvolutionMode.Truncate)
            // Replaced where the graph is trained; the library wants one.
            .updater(new Sgd(0))
            .graphBuilder()
            .addInputs(INPUT);
  }

  /**
   * Builds a ResNet with random weights; {@link ResNetConfig#weights()} is not read here.
   *
   * @param seed of the weights
   */
  public static ComputationGraph build(ResNetConfig config, long seed) {
    return new ResNetGraph(seed).build(ResNetPlan.ofDepth(config.depth()), config.input());
  }

  /**
   * Builds a small ResNet with random weights.
   *
   * @param seed of the weights
   */
  public static ComputationGraph build(SmallResNetConfig config, long seed) {
    return new ResNetGraph(seed).build(ResNetPlan.of(config), config.input());
  }

  /** Returns the length of the feature vector: 512 up to depth 34, else 2048. */
  public static int featureDimension(ResNetConfig config) {
    return ResNetPlan.ofDepth(config.depth()).featureDimension();
  }

  /** Returns the length of the feature vector: the last width. */
  public static int featureDimension(SmallResNetConfig config) {
    return ResNetPlan.of(config).featureDimension();
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
    graph.addLayer(FEATURES, new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), top);
    graph.setOutputs(FEATURES);
    graph.setInputTypes(InputType.convolutional(input.heightPixels(), input.widthPixels(), 3));
    ComputationGraph built = new ComputationGraph(graph.build());
    built.init();
    return built;
  }

  private String stem(ResNetPlan plan) {
    boolean small = plan.stem() == ResNetPlan.Stem.SMALL;
    String top =
        relu("relu", convolutionNorm("conv1", "bn1", INPUT, 3, plan.stemWidth(), small ? 3 : 7, 2));
    if (small) {
      return top;
    }
    // Zero padding equals PyTorch's minus infinity here: everything after a ReLU is at least zero.
    graph.addLayer(
        "maxpool",
        new SubsamplingLayer.Builder(PoolingType.MAX)
            .kernelSize(3, 3)
            .stride(2, 2)
            .padding(1, 1)
            .build(),
        top);
    return "maxpool";
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
    graph.addVertex(
        name + ".add", new ElementWiseVertex(ElementWiseVertex.Op.Add), branch, shortcut);
    return relu(name + ".relu", name + ".add");
  }

  private String basic(String name, String input, int channels, int width, int stride) {
    String first = numbered(name, 1, input, channels, width, 3, stride);
    return numbered(name, 2, relu(name + ".relu1", first), width, width, 3, 1);
  }

  private String bottleneck(String name, String input, int channels, int width, int stride) {
    String first = numbered(name, 1, input, channels, width, 1, 1);
    String second = numbered(name, 2, relu(name + ".relu1", first), width, width, 3, stride);
    return numbered(name, 3, relu(name + ".relu2", second), width, width * 4, 1, 1);
  }

  private String numbered(
      String block, int number, String input, int in, int out, int kernel, int stride) {
    return convolutionNorm(
        block + ".conv" + number, block + ".bn" + number, input, in, out, kernel, stride);
  }

  private String convolutionNorm(
      String convolution, String norm, String input, int in, int out, int kernel, int stride) {
    graph.addLayer(
        convolution,
        new ConvolutionLayer.Builder(kernel, kernel)
            .stride(stride, stride)
            .padding(kernel / 2, kernel / 2)
            .nIn(in)
            .nOut(out)
            .hasBias(false)
            .build(),
        input);
    graph.addLayer(
        norm,
        new BatchNormalization.Builder()
            .nIn(out)
            .nOut(out)
            .eps(EPSILON)
            .decay(1 - TORCH_MOMENTUM)
            // The default keeps log10 of the deviation, of use only where gradients are shared.
            .useLogStd(false)
            .build(),
        convolution);
    return norm;
  }

  private String relu(String name, String input) {
    graph.addLayer(name, new ActivationLayer(Activation.RELU), input);
    return name;
  }
}
