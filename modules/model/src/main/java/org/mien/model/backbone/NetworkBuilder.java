package org.mien.model.backbone;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.nn.weights.WeightInitConstant;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.layer.ChannelPReLU;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * The blocks that networks are composed of, from {@value #INPUT} {@code (batch, 3, height, width)}
 * to {@value #FEATURES} {@code (batch, features)}. Every method adds to the graph and returns the
 * name of what it added, the next one's input.
 *
 * <p>Convolutions carry no bias unless asked for. Weights are drawn after He et al. 2015 (normal,
 * fan-in).
 *
 * <p>Deviations: PyTorch keeps running variances without bias (n / (n - 1)), Deeplearning4j with;
 * that matters only in training. PyTorch's momentum of 0.1 is a decay of 0.9 here.
 */
public final class NetworkBuilder {
  /** Name of the graph's input. */
  public static final String INPUT = "images";

  /** Name of the vertex that holds the feature vector. */
  public static final String FEATURES = "features";

  private static final double TORCH_EPSILON = 1e-5;
  private static final double TORCH_MOMENTUM = 0.1;

  private final GraphBuilder graph;
  private final double epsilon;

  /**
   * @param seed of the weights
   */
  NetworkBuilder(long seed) {
    this(seed, TORCH_EPSILON);
  }

  /**
   * @param epsilon added to the variance by every batch normalisation
   */
  NetworkBuilder(long seed, double epsilon) {
    this.epsilon = epsilon;
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

  /** Adds a convolution without bias, padded by half its kernel, on square kernels. */
  String convolution(String name, String input, int in, int out, int kernel, int stride) {
    graph.addLayer(
        name,
        new ConvolutionLayer.Builder(kernel, kernel)
            .stride(stride, stride)
            .padding(kernel / 2, kernel / 2)
            .nIn(in)
            .nOut(out)
            .hasBias(false)
            .build(),
        input);
    return name;
  }

  /** Adds a batch normalisation. */
  String norm(String name, String input, int channels) {
    graph.addLayer(
        name,
        new BatchNormalization.Builder()
            .nIn(channels)
            .nOut(channels)
            .eps(epsilon)
            .decay(1 - TORCH_MOMENTUM)
            // The default keeps log10 of the deviation, of use only where gradients are shared.
            .useLogStd(false)
            .build(),
        input);
    return name;
  }

  String relu(String name, String input) {
    graph.addLayer(name, new ActivationLayer(Activation.RELU), input);
    return name;
  }

  /**
   * Adds a max pooling. Padding is with zeros, which equals PyTorch's minus infinity only after a
   * ReLU.
   */
  String maxPool(String name, String input, int kernel, int stride, int padding) {
    graph.addLayer(
        name,
        new SubsamplingLayer.Builder(PoolingType.MAX)
            .kernelSize(kernel, kernel)
            .stride(stride, stride)
            .padding(padding, padding)
            .build(),
        input);
    return name;
  }

  /** Adds a sum of equal shapes. */
  String add(String name, String... inputs) {
    graph.addVertex(name, new ElementWiseVertex(ElementWiseVertex.Op.Add), inputs);
    return name;
  }

  /** Adds a concatenation along the channels. */
  String concatenation(String name, String... inputs) {
    graph.addVertex(name, new MergeVertex(), inputs);
    return name;
  }

  /** Adds the mean over each plane: {@code (batch, channels)}. */
  String globalAverage(String name, String input) {
    graph.addLayer(name, new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), input);
    return name;
  }

  /** Adds a convolution of a square kernel whose padding and bias are chosen. */
  String convolution(
      String name,
      String input,
      int in,
      int out,
      int kernel,
      int stride,
      int padding,
      boolean bias) {
    graph.addLayer(
        name,
        new ConvolutionLayer.Builder(kernel, kernel)
            .stride(stride, stride)
            .padding(padding, padding)
            .nIn(in)
            .nOut(out)
            .hasBias(bias)
            .build(),
        input);
    return name;
  }

  /** Adds a convolution of each plane by itself, without bias. */
  String depthwise(
      String name, String input, int channels, int height, int width, int stride, int padding) {
    graph.addLayer(
        name,
        new DepthwiseConvolution2D.Builder(height, width)
            .stride(stride, stride)
            .padding(padding, padding)
            .nIn(channels)
            .nOut(channels)
            .depthMultiplier(1)
            .hasBias(false)
            .build(),
        input);
    return name;
  }

  /**
   * Adds {@code scale[c] x + shift[c]} on each plane, at first the identity: what is left of a
   * batch normalisation whose statistics were folded into it. It is a depthwise convolution of one
   * pixel, which trains, folds and is exported like any other.
   */
  String channelScale(String name, String input, int channels) {
    graph.addLayer(
        name,
        new DepthwiseConvolution2D.Builder(1, 1)
            .nIn(channels)
            .nOut(channels)
            .depthMultiplier(1)
            .weightInit(new WeightInitConstant(1))
            .hasBias(true)
            .build(),
        input);
    return name;
  }

  /** Adds a PReLU with one slope a plane, at first 0.25 as in He et al. 2015. */
  String prelu(String name, String input, int channels) {
    graph.addLayer(name, ChannelPReLU.of(channels), input);
    return name;
  }

  /** Adds a dense layer without activation; planes are flattened as (channels, height, width). */
  String linear(String name, String input, int out, boolean bias) {
    graph.addLayer(name, new DenseLayer.Builder().nOut(out).hasBias(bias).build(), input);
    return name;
  }

  /** The library's builder, for what only one network has. */
  GraphBuilder graph() {
    return graph;
  }

  /** Finishes the graph; the vertex called {@value #FEATURES} is its output. */
  ComputationGraph build(Preprocessing input) {
    ComputationGraph built = new ComputationGraph(configuration(input));
    built.init();
    return built;
  }

  /** As {@link #build}, without memory for the weights. */
  ComputationGraphConfiguration configuration(Preprocessing input) {
    graph.setOutputs(FEATURES);
    graph.setInputTypes(InputType.convolutional(input.heightPixels(), input.widthPixels(), 3));
    return graph.build();
  }

  /** Adds a convolution of any window. */
  String convolution(String name, String input, int in, int out, Window window, boolean bias) {
    graph.addLayer(
        name,
        new ConvolutionLayer.Builder(window.kernelHeight(), window.kernelWidth())
            .stride(window.stride(), window.stride())
            .padding(window.paddingHeight(), window.paddingWidth())
            .nIn(in)
            .nOut(out)
            .hasBias(bias)
            .build(),
        input);
    return name;
  }

  /**
   * Adds a max pooling without padding whose last window may reach over the edge (PyTorch's and
   * Caffe's {@code ceil_mode}). The planes are made larger with zeros on the right and at the
   * bottom, which changes no maximum only after a ReLU.
   *
   * @param planes size of the input
   */
  String ceilMaxPool(String name, String input, PlaneSize planes, int kernel, int stride) {
    int bottom = PlaneSize.missing(planes.height(), kernel, stride);
    int right = PlaneSize.missing(planes.width(), kernel, stride);
    String whole = input;
    if (bottom > 0 || right > 0) {
      whole = name + ".pad";
      graph.addLayer(whole, new ZeroPaddingLayer.Builder(0, bottom, 0, right).build(), input);
    }
    return maxPool(name, whole, kernel, stride, 0);
  }

  /** Adds a layer that connects all its inputs, planes flattened, with all its outputs. */
  String fullyConnected(String name, String input, int in, int out, boolean bias) {
    graph.addLayer(name, new DenseLayer.Builder().nIn(in).nOut(out).hasBias(bias).build(), input);
    return name;
  }

  /** Adds a product with a number. */
  String scale(String name, String input, double factor) {
    graph.addVertex(name, new ScaleVertex(factor), input);
    return name;
  }

  /**
   * Adds squeeze and excitation (Hu et al. 2018, section 3): the mean over each plane goes through
   * {@code NAME.fc1}, ReLU, {@code NAME.fc2} and a sigmoid, and each plane is multiplied by its
   * number.
   *
   * @param reduction the channels of the input for each one between the two convolutions
   */
  String squeezeExcitation(String name, String input, int channels, int reduction) {
    String mean = name + ".avg_pool";
    graph.addLayer(
        mean,
        new GlobalPoolingLayer.Builder(PoolingType.AVG).collapseDimensions(false).build(),
        input);
    int inner = Math.max(1, channels / reduction);
    Window pixel = Window.square(1, 1, 0);
    String squeezed = convolution(name + ".fc1", mean, channels, inner, pixel, true);
    String excited =
        convolution(name + ".fc2", relu(name + ".relu", squeezed), inner, channels, pixel, true);
    graph.addLayer(name + ".sigmoid", new ActivationLayer(Activation.SIGMOID), excited);
    graph.addVertex(name, new ChannelGateVertex(), input, name + ".sigmoid");
    return name;
  }
}
