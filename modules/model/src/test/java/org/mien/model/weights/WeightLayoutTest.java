package org.mien.model.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.model.weights.TensorNaming.Layout;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Each kind of layer filled from each layout and run, against loops that follow the definitions of
 * PyTorch and TensorFlow. No two axes have the same size, so that none can be taken for another.
 */
class WeightLayoutTest {
  private static final int CHANNELS = 2;
  private static final int HEIGHT = 5;
  private static final int WIDTH = 4;
  private static final int OUT = 3;
  private static final int KERNEL_HEIGHT = 3;
  private static final int KERNEL_WIDTH = 2;
  private static final int MULTIPLIER = 3;

  private interface Element {
    /** Of an output at a channel (or feature), row and column. */
    double at(int channel, int y, int x);
  }

  @BeforeAll
  static void startNd4j() {
    Nd4jRuntime.start();
  }

  @ParameterizedTest
  @EnumSource(names = {"TORCH", "TENSORFLOW"})
  void aConvolution(Layout layout) {
    boolean torch = layout == Layout.TORCH;
    Tensors tensors = new Tensors(layout);
    float[] weight =
        torch
            ? tensors.add("layer.weight", OUT, CHANNELS, KERNEL_HEIGHT, KERNEL_WIDTH)
            : tensors.add("layer.weight", KERNEL_HEIGHT, KERNEL_WIDTH, CHANNELS, OUT);
    float[] bias = tensors.add("layer.bias", OUT);
    Layer layer =
        new ConvolutionLayer.Builder(KERNEL_HEIGHT, KERNEL_WIDTH)
            .nOut(OUT)
            .activation(Activation.IDENTITY)
            .build();
    check(
        layer,
        tensors,
        new int[] {OUT, HEIGHT - KERNEL_HEIGHT + 1, WIDTH - KERNEL_WIDTH + 1},
        (o, y, x) -> {
          double sum = bias[o];
          for (int c = 0; c < CHANNELS; c++) {
            for (int ky = 0; ky < KERNEL_HEIGHT; ky++) {
              for (int kx = 0; kx < KERNEL_WIDTH; kx++) {
                int index =
                    torch
                        ? ((o * CHANNELS + c) * KERNEL_HEIGHT + ky) * KERNEL_WIDTH + kx
                        : ((ky * KERNEL_WIDTH + kx) * CHANNELS + c) * OUT + o;
                sum += weight[index] * input(c, y + ky, x + kx);
              }
            }
          }
          return sum;
        });
  }

  @ParameterizedTest
  @EnumSource(names = {"TORCH", "TENSORFLOW"})
  void aDepthwiseConvolution(Layout layout) {
    boolean torch = layout == Layout.TORCH;
    Tensors tensors = new Tensors(layout);
    int out = CHANNELS * MULTIPLIER;
    float[] weight =
        torch
            ? tensors.add("layer.weight", out, 1, KERNEL_HEIGHT, KERNEL_WIDTH)
            : tensors.add("layer.weight", KERNEL_HEIGHT, KERNEL_WIDTH, CHANNELS, MULTIPLIER);
    float[] bias = tensors.add("layer.bias", out);
    Layer layer =
        new DepthwiseConvolution2D.Builder(KERNEL_HEIGHT, KERNEL_WIDTH)
            .depthMultiplier(MULTIPLIER)
            .nOut(out)
            .activation(Activation.IDENTITY)
            .build();
    check(
        layer,
        tensors,
        new int[] {out, HEIGHT - KERNEL_HEIGHT + 1, WIDTH - KERNEL_WIDTH + 1},
        (o, y, x) -> {
          // Both frameworks put the outputs of one input channel next to each other.
          int c = o / MULTIPLIER;
          double sum = bias[o];
          for (int ky = 0; ky < KERNEL_HEIGHT; ky++) {
            for (int kx = 0; kx < KERNEL_WIDTH; kx++) {
              int index =
                  torch
                      ? (o * KERNEL_HEIGHT + ky) * KERNEL_WIDTH + kx
                      : ((ky * KERNEL_WIDTH + kx) * CHANNELS + c) * MULTIPLIER + o % MULTIPLIER;
              sum += weight[index] * input(c, y + ky, x + kx);
            }
          }
          return sum;
        });
  }

  @ParameterizedTest
  @EnumSource(names = {"TORCH", "TENSORFLOW"})
  void aDenseLayerOnFlattenedPlanes(Layout layout) {
    boolean torch = layout == Layout.TORCH;
    Tensors tensors = new Tensors(layout);
    int in = CHANNELS * HEIGHT * WIDTH;
    float[] weight =
        torch ? tensors.add("layer.weight", OUT, in) : tensors.add("layer.weight", in, OUT);
    float[] bias = tensors.add("layer.bias", OUT);
    check(
        new DenseLayer.Builder().nOut(OUT).activation(Activation.IDENTITY).build(),
        tensors,
        new int[] {OUT, 1, 1},
        (o, unusedY, unusedX) -> {
          double sum = bias[o];
          for (int c = 0; c < CHANNELS; c++) {
            for (int y = 0; y < HEIGHT; y++) {
              for (int x = 0; x < WIDTH; x++) {
                int index =
                    torch
                        ? o * in + (c * HEIGHT + y) * WIDTH + x
                        : ((y * WIDTH + x) * CHANNELS + c) * OUT + o;
                sum += weight[index] * input(c, y, x);
              }
            }
          }
          return sum;
        });
  }

  @ParameterizedTest
  @EnumSource(names = {"TORCH", "TENSORFLOW"})
  void aPreluOfOneSlopeAChannel(Layout layout) {
    Tensors tensors = new Tensors(layout);
    // As PyTorch has it; and as Keras has it with shared_axes=[1, 2].
    float[] slopes =
        layout == Layout.TORCH
            ? tensors.add("layer.weight", CHANNELS)
            : tensors.add("layer.weight", 1, 1, CHANNELS);
    check(
        new PReLULayer.Builder().inputShape(CHANNELS, HEIGHT, WIDTH).sharedAxes(2, 3).build(),
        tensors,
        new int[] {CHANNELS, HEIGHT, WIDTH},
        (c, y, x) -> input(c, y, x) > 0 ? input(c, y, x) : slopes[c] * input(c, y, x));
  }

  @Test
  void aPreluOfOneSlopeAPixelInTensorFlowsOrder() {
    Tensors tensors = new Tensors(Layout.TENSORFLOW);
    float[] slopes = tensors.add("layer.weight", HEIGHT, WIDTH, CHANNELS);
    check(
        new PReLULayer.Builder().inputShape(CHANNELS, HEIGHT, WIDTH).build(),
        tensors,
        new int[] {CHANNELS, HEIGHT, WIDTH},
        (c, y, x) ->
            input(c, y, x) * (input(c, y, x) > 0 ? 1 : slopes[(y * WIDTH + x) * CHANNELS + c]));
  }

  @Test
  void aPreluWithOnnxsSlopes() {
    Tensors tensors = new Tensors(Layout.TORCH);
    float[] slopes = tensors.add("layer.weight", CHANNELS, 1, 1);
    check(
        new PReLULayer.Builder().inputShape(CHANNELS, HEIGHT, WIDTH).sharedAxes(2, 3).build(),
        tensors,
        new int[] {CHANNELS, HEIGHT, WIDTH},
        (c, y, x) -> input(c, y, x) > 0 ? input(c, y, x) : slopes[c] * input(c, y, x));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aBatchNormalisation(boolean keepsLogarithms) {
    Tensors tensors = new Tensors(Layout.TORCH);
    float[] gamma = tensors.add("layer.weight", CHANNELS);
    float[] beta = tensors.add("layer.bias", CHANNELS);
    float[] mean = tensors.add("layer.running_mean", CHANNELS);
    float[] variance = tensors.add("layer.running_var", CHANNELS);
    variance[0] = 2.5f;
    variance[1] = 0.25f;
    check(
        new BatchNormalization.Builder().eps(1e-3).useLogStd(keepsLogarithms).build(),
        tensors,
        new int[] {CHANNELS, HEIGHT, WIDTH},
        (c, y, x) ->
            gamma[c] * (input(c, y, x) - mean[c]) / Math.sqrt(variance[c] + 1e-3) + beta[c]);
  }

  /** Runs the layer, and checks that the graph gives back what was put in. */
  private static void check(Layer layer, Tensors tensors, int[] shape, Element expected) {
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer("layer", layer, "in")
                .setOutputs("layer")
                .setInputTypes(InputType.convolutional(HEIGHT, WIDTH, CHANNELS))
                .build());
    graph.init();
    if (layer instanceof DenseLayer) {
      LayerVertex vertex = (LayerVertex) graph.getConfiguration().getVertices().get("layer");
      assertEquals(CnnToFeedForwardPreProcessor.class, vertex.getPreProcessor().getClass());
    }
    assertEquals(
        tensors.shapes.size(), WeightLoader.apply(graph, tensors, tensors.naming).tensors());
    float[] in = new float[CHANNELS * HEIGHT * WIDTH];
    for (int i = 0; i < in.length; i++) {
      in[i] = input(i / (HEIGHT * WIDTH), i / WIDTH % HEIGHT, i % WIDTH);
    }
    INDArray output =
        graph.outputSingle(
            false, Nd4j.createFromArray(in).reshape('c', 1, CHANNELS, HEIGHT, WIDTH));
    float[] actual = output.dup('c').data().asFloat();
    assertEquals(shape[0] * shape[1] * shape[2], actual.length);
    for (int i = 0; i < actual.length; i++) {
      int x = i % shape[2];
      int y = i / shape[2] % shape[1];
      double value = expected.at(i / (shape[1] * shape[2]), y, x);
      assertEquals(value, actual[i], 1e-4 * Math.max(1, Math.abs(value)), "number " + i);
    }
    for (LayerParameter parameter : LayerParameter.of(graph, tensors.naming.layout())) {
      String name = tensors.naming.tensor("layer", parameter.role().orElseThrow()).orElseThrow();
      assertArrayEquals(tensors.values(name), parameter.toFile(), 1e-6f, name);
    }
  }

  private static float input(int c, int y, int x) {
    return (float) Math.sin(1 + c * 37 + y * 11 + x * 3);
  }

  /** Numbers that are all different, by PyTorch's names whatever the layout. */
  private static final class Tensors implements StateDictionary {
    private final Map<String, List<Long>> shapes = new TreeMap<>();
    private final Map<String, float[]> values = new TreeMap<>();
    private final TensorNaming naming;

    Tensors(Layout layout) {
      TensorNaming torch = TensorNaming.torch(name -> false);
      naming =
          new TensorNaming() {
            @Override
            public Layout layout() {
              return layout;
            }

            @Override
            public Optional<String> tensor(String layer, Role role) {
              return torch.tensor(layer, role);
            }

            @Override
            public boolean leftOut(String tensor) {
              return false;
            }
          };
    }

    float[] add(String name, long... shape) {
      int count = 1;
      for (long size : shape) {
        count *= (int) size;
      }
      float[] numbers = new float[count];
      for (int i = 0; i < count; i++) {
        numbers[i] = (float) Math.cos(shapes.size() + 0.7 * i);
      }
      shapes.put(name, Arrays.stream(shape).boxed().toList());
      values.put(name, numbers);
      return numbers;
    }

    @Override
    public String origin() {
      return "test";
    }

    @Override
    public Map<String, List<Long>> shapes() {
      return shapes;
    }

    @Override
    public float[] values(String name) {
      return values.get(name);
    }
  }
}
