package org.mien.model.weights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.mien.model.weights.TensorNaming.Layout;
import org.mien.model.weights.TensorNaming.Role;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A parameter of a graph, and how a file has it.
 *
 * @param layer the layer's name
 * @param key the parameter's name in Deeplearning4j
 * @param role what it does; empty for parameters of layers that no other framework has
 * @param array the parameter itself
 * @param shape the shape it has in the file
 * @param view the file's shape with axes split or joined, so that only moving axes is left to do
 * @param axes axis {@code i} of the parameter is axis {@code axes[i]} of the view
 */
record LayerParameter(
    String layer,
    String key,
    Optional<Role> role,
    INDArray array,
    List<Long> shape,
    List<Long> view,
    List<Integer> axes) {

  /** Every parameter of a graph, layer by layer. */
  static List<LayerParameter> of(ComputationGraph graph, Layout layout) {
    List<LayerParameter> parameters = new ArrayList<>();
    graph
        .getConfiguration()
        .getVertices()
        .forEach(
            (name, vertex) -> {
              if (vertex instanceof LayerVertex layerVertex) {
                Map<String, INDArray> table = graph.getLayer(name).paramTable(false);
                if (table != null && !table.isEmpty()) {
                  new Collector(name, layerVertex, table, layout).addTo(parameters);
                }
              }
            });
    return parameters;
  }

  /**
   * Whether a tensor of the file has the parameter's shape. One number a channel is that in
   * whichever shape: {@code (64)}, {@code (64, 1, 1)} in ONNX's slopes, {@code (1, 1, 64)} in
   * Keras's.
   */
  boolean fits(List<Long> found) {
    return shape.equals(found)
        || (found != null && view.size() == 1 && withoutOnes(shape).equals(withoutOnes(found)));
  }

  private static List<Long> withoutOnes(List<Long> shape) {
    return shape.stream().filter(size -> size != 1).toList();
  }

  /** Turns a tensor's values, in the file's order, into the parameter's, in C order. */
  float[] toGraph(float[] values) {
    float[] moved = permuted(values, view, axes);
    if (isLogarithm()) {
      for (int i = 0; i < moved.length; i++) {
        moved[i] = (float) (Math.log10(moved[i]) / 2);
      }
    }
    return moved;
  }

  /** Deeplearning4j may keep the logarithm of the deviation where others keep the variance. */
  private boolean isLogarithm() {
    return role.isPresent() && key.equals(BatchNormalizationParamInitializer.GLOBAL_LOG_STD);
  }

  /** Sets the parameter to a tensor's values, in the file's order. */
  void assign(float[] values) {
    array.assign(Nd4j.createFromArray(toGraph(values)).reshape('c', array.shape()));
  }

  /** The parameter's values in the file's order. */
  float[] toFile() {
    List<Long> moved = axes.stream().map(view::get).toList();
    List<Integer> back = IntStream.range(0, axes.size()).mapToObj(axes::indexOf).toList();
    // A parameter is a view on the network's one vector, sometimes in Fortran's order.
    float[] values = permuted(array.dup('c').data().asFloat(), moved, back);
    if (isLogarithm()) {
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) Math.pow(100, values[i]);
      }
    }
    return values;
  }

  /** Moves axes: axis {@code i} of the result is axis {@code axes[i]} of the source. */
  private static float[] permuted(float[] source, List<Long> shape, List<Integer> axes) {
    int rank = shape.size();
    int[] sourceStrides = new int[rank];
    int stride = 1;
    for (int axis = rank - 1; axis >= 0; axis--) {
      sourceStrides[axis] = stride;
      stride = Math.multiplyExact(stride, Math.toIntExact(shape.get(axis)));
    }
    int[] strides = axes.stream().mapToInt(axis -> sourceStrides[axis]).toArray();
    int[] sizes = axes.stream().mapToInt(axis -> Math.toIntExact(shape.get(axis))).toArray();
    float[] result = new float[source.length];
    int[] index = new int[rank];
    int from = 0;
    for (int to = 0; to < result.length; to++) {
      result[to] = source[from];
      for (int axis = rank - 1; axis >= 0; axis--) {
        from += strides[axis];
        if (++index[axis] < sizes[axis]) {
          break;
        }
        from -= index[axis] * strides[axis];
        index[axis] = 0;
      }
    }
    return result;
  }

  /** The parameters of one layer. */
  private static final class Collector {
    private final String name;
    private final LayerVertex vertex;
    private final Map<String, INDArray> left;
    private final Layout layout;
    private final List<LayerParameter> found = new ArrayList<>();

    Collector(String name, LayerVertex vertex, Map<String, INDArray> table, Layout layout) {
      this.name = name;
      this.vertex = vertex;
      this.left = new LinkedHashMap<>(table);
      this.layout = layout;
    }

    /** A depthwise convolution of one pixel: {@code scale[c] x + shift[c]}. */
    private static boolean isChannelScale(Layer layer) {
      return layer instanceof DepthwiseConvolution2D scale
          && scale.getDepthMultiplier() == 1
          && Arrays.stream(scale.getKernelSize()).allMatch(side -> side == 1);
    }

    void addTo(List<LayerParameter> parameters) {
      Layer layer = unfrozen(vertex.getLayerConf().getLayer());
      if (layer instanceof BatchNormalization) {
        vector(Role.GAMMA, BatchNormalizationParamInitializer.GAMMA);
        vector(Role.BETA, BatchNormalizationParamInitializer.BETA);
        vector(Role.MEAN, BatchNormalizationParamInitializer.GLOBAL_MEAN);
        vector(Role.VARIANCE, BatchNormalizationParamInitializer.GLOBAL_VAR);
        if (layout != Layout.DEEPLEARNING4J) {
          vector(Role.VARIANCE, BatchNormalizationParamInitializer.GLOBAL_LOG_STD);
        }
      } else if (layer instanceof PReLULayer) {
        slopes();
      } else if (isChannelScale(layer)) {
        // What a batch normalisation leaves behind, and laid out like one: a number a channel.
        vector(Role.GAMMA, DefaultParamInitializer.WEIGHT_KEY);
        vector(Role.BETA, DefaultParamInitializer.BIAS_KEY);
      } else if (layer.getClass() == DepthwiseConvolution2D.class) {
        depthwise();
        vector(Role.BIAS, DefaultParamInitializer.BIAS_KEY);
      } else if (layer.getClass() == ConvolutionLayer.class) {
        convolution();
        vector(Role.BIAS, DefaultParamInitializer.BIAS_KEY);
      } else if (layer instanceof FeedForwardLayer && !(layer instanceof ConvolutionLayer)) {
        dense();
        vector(Role.BIAS, DefaultParamInitializer.BIAS_KEY);
      }
      // What only Deeplearning4j has, such as the centres of a centre loss, stays as it is.
      left.forEach(
          (key, array) ->
              found.add(
                  new LayerParameter(
                      name,
                      key,
                      Optional.empty(),
                      array,
                      boxed(array.shape()),
                      List.of(array.length()),
                      List.of(0))));
      parameters.addAll(found);
    }

    private static Layer unfrozen(Layer layer) {
      if (layer instanceof FrozenLayer frozen) {
        return unfrozen(frozen.getLayer());
      }
      return layer instanceof FrozenLayerWithBackprop frozen
          ? unfrozen(frozen.getUnderlying())
          : layer;
    }

    /** One number a channel; Deeplearning4j keeps it as one row. */
    private void vector(Role role, String key) {
      INDArray array = left.get(key);
      if (array != null) {
        add(
            role,
            key,
            layout == Layout.DEEPLEARNING4J ? boxed(array.shape()) : List.of(array.length()),
            boxed(array.length()),
            0);
      }
    }

    /** Slopes are {@code (channels, height, width)}, with 1 for the axes that share them. */
    private void slopes() {
      String key = DefaultParamInitializer.WEIGHT_KEY;
      long[] s = left.get(key).shape();
      boolean shared = left.get(key).length() == s[0];
      if (shared && layout != Layout.DEEPLEARNING4J) {
        vector(Role.SLOPE, key);
      } else if (layout == Layout.TENSORFLOW && s.length == 3) {
        add(Role.SLOPE, key, boxed(s[1], s[2], s[0]), boxed(s[1], s[2], s[0]), 2, 0, 1);
      } else {
        add(Role.SLOPE, key, boxed(s), boxed(left.get(key).length()), 0);
      }
    }

    /** Weights are {@code (out, in, height, width)}. */
    private void convolution() {
      String key = DefaultParamInitializer.WEIGHT_KEY;
      long[] s = left.get(key).shape();
      if (layout == Layout.TENSORFLOW) {
        long[] file = {s[2], s[3], s[1], s[0]};
        add(Role.WEIGHT, key, boxed(file), boxed(file), 3, 2, 0, 1);
      } else {
        add(Role.WEIGHT, key, boxed(s), boxed(s), 0, 1, 2, 3);
      }
    }

    /** Weights are {@code (height, width, in, multiplier)}. */
    private void depthwise() {
      String key = DefaultParamInitializer.WEIGHT_KEY;
      long[] s = left.get(key).shape();
      if (layout == Layout.TORCH) {
        long[] grouped = {s[2], s[3], s[0], s[1]};
        add(Role.WEIGHT, key, boxed(s[2] * s[3], 1, s[0], s[1]), boxed(grouped), 2, 3, 0, 1);
      } else {
        add(Role.WEIGHT, key, boxed(s), boxed(s), 0, 1, 2, 3);
      }
    }

    /** Weights are {@code (in, out)}, on planes flattened as (channels, height, width). */
    private void dense() {
      String key = DefaultParamInitializer.WEIGHT_KEY;
      long in = left.get(key).size(0);
      long out = left.get(key).size(1);
      if (layout == Layout.TORCH) {
        add(Role.WEIGHT, key, List.of(out, in), List.of(out, in), 1, 0);
      } else if (layout == Layout.TENSORFLOW
          && vertex.getPreProcessor() instanceof CnnToFeedForwardPreProcessor planes) {
        long[] file = {
          planes.getInputHeight(), planes.getInputWidth(), planes.getNumChannels(), out
        };
        add(Role.WEIGHT, key, List.of(in, out), boxed(file), 2, 0, 1, 3);
      } else {
        add(Role.WEIGHT, key, List.of(in, out), List.of(in, out), 0, 1);
      }
    }

    private void add(Role role, String key, List<Long> shape, List<Long> view, int... axes) {
      found.add(
          new LayerParameter(
              name,
              key,
              Optional.of(role),
              left.remove(key),
              shape,
              view,
              IntStream.of(axes).boxed().toList()));
    }

    private static List<Long> boxed(long... shape) {
      return LongStream.of(shape).boxed().toList();
    }
  }
}
