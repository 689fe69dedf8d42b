package org.mien.model.weights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.mien.core.error.DataException;
import org.mien.model.weights.TensorNaming.Layout;
import org.mien.model.weights.TensorNaming.Role;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the tensors of a file into a graph, every one to its place: nothing may be missing, left
 * over or of another shape, except what the {@link TensorNaming} leaves out on purpose.
 */
public final class WeightLoader {
  private static final Logger LOG = LoggerFactory.getLogger(WeightLoader.class);
  private static final int ROWS_SHOWN = 20;
  private static final int NAMES_SHOWN = 5;

  /**
   * What was loaded.
   *
   * @param tensors number of tensors that are now in the graph
   * @param leftOut names of the tensors that the graph has no place for, on purpose
   */
  public record Loaded(int tensors, List<String> leftOut) {
    public Loaded {
      leftOut = List.copyOf(leftOut);
    }
  }

  /** Turns a tensor's values, in the file's order, into the parameter's, in C order. */
  private interface Reordering {
    float[] apply(float[] values);
  }

  /** Where a tensor goes. */
  private record Target(INDArray parameter, List<Long> shape, Reordering reordering) {}

  private final ComputationGraph graph;
  private final TensorNaming naming;
  private final Map<String, Target> targets = new LinkedHashMap<>();

  private WeightLoader(ComputationGraph graph, TensorNaming naming) {
    this.graph = graph;
    this.naming = naming;
  }

  /**
   * Copies every tensor to its place.
   *
   * @throws DataException if a tensor is missing, left over or of another shape, with a table of
   *     what did not fit; the graph is then unchanged
   */
  public static Loaded apply(ComputationGraph graph, StateDictionary weights, TensorNaming naming) {
    return new WeightLoader(graph, naming).load(weights);
  }

  private Loaded load(StateDictionary weights) {
    graph
        .getConfiguration()
        .getVertices()
        .forEach(
            (name, vertex) -> {
              if (vertex instanceof LayerVertex layerVertex) {
                collect(name, layerVertex);
              }
            });
    Map<String, List<Long>> shapes = weights.shapes();
    List<String> leftOut = shapes.keySet().stream().filter(naming::leftOut).toList();
    requireSame(shapes, weights.origin());
    targets.forEach(
        (name, target) ->
            target
                .parameter()
                .assign(
                    Nd4j.createFromArray(target.reordering().apply(weights.values(name)))
                        .reshape('c', target.parameter().shape())));
    LOG.info(
        "{}: {} tensors loaded, {} left out on purpose{}",
        weights.origin(),
        targets.size(),
        leftOut.size(),
        leftOut.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", ", ": ", "")));
    return new Loaded(targets.size(), leftOut);
  }

  private void collect(String name, LayerVertex vertex) {
    Layer layer = vertex.getLayerConf().getLayer();
    Map<String, INDArray> parameters = graph.getLayer(name).paramTable(false);
    if (layer instanceof BatchNormalization) {
      vector(name, Role.GAMMA, parameters.get(BatchNormalizationParamInitializer.GAMMA));
      vector(name, Role.BETA, parameters.get(BatchNormalizationParamInitializer.BETA));
      vector(name, Role.MEAN, parameters.get(BatchNormalizationParamInitializer.GLOBAL_MEAN));
      vector(name, Role.VARIANCE, parameters.get(BatchNormalizationParamInitializer.GLOBAL_VAR));
    } else if (layer instanceof PReLULayer) {
      vector(name, Role.SLOPE, parameters.get(DefaultParamInitializer.WEIGHT_KEY));
    } else if (isChannelScale(layer)) {
      // What a batch normalisation leaves behind, and laid out like one: a number a channel.
      vector(name, Role.GAMMA, parameters.get(DefaultParamInitializer.WEIGHT_KEY));
      vector(name, Role.BETA, parameters.get(DefaultParamInitializer.BIAS_KEY));
    } else if (layer instanceof ConvolutionLayer) {
      // Depthwise, or plain: bias and weight have the same keys.
      INDArray weight = parameters.get(DefaultParamInitializer.WEIGHT_KEY);
      if (layer instanceof DepthwiseConvolution2D) {
        depthwise(name, weight);
      } else {
        convolution(name, weight);
      }
      vector(name, Role.BIAS, parameters.get(DefaultParamInitializer.BIAS_KEY));
    } else if (layer instanceof FeedForwardLayer && !parameters.isEmpty()) {
      dense(name, vertex, parameters.get(DefaultParamInitializer.WEIGHT_KEY));
      vector(name, Role.BIAS, parameters.get(DefaultParamInitializer.BIAS_KEY));
    } else if (!parameters.isEmpty()) {
      throw new IllegalStateException(
          "layer " + name + ": weights for a " + layer.getClass().getName() + " are not known");
    }
  }

  /** A depthwise convolution of one pixel: {@code scale[c] x + shift[c]}. */
  private static boolean isChannelScale(Layer layer) {
    return layer instanceof DepthwiseConvolution2D scale
        && scale.getDepthMultiplier() == 1
        && Arrays.stream(scale.getKernelSize()).allMatch(side -> side == 1);
  }

  /** One number a channel; DL4J keeps it as one row, or as planes of one pixel. */
  private void vector(String layer, Role role, INDArray parameter) {
    if (parameter != null) {
      add(layer, role, parameter, List.of(parameter.length()), values -> values);
    }
  }

  /** DL4J's weights are {@code (out, in, height, width)}. */
  private void convolution(String layer, INDArray weight) {
    long[] s = weight.shape();
    if (naming.layout() == Layout.TORCH) {
      add(layer, Role.WEIGHT, weight, boxed(s), values -> values);
    } else {
      long[] found = {s[2], s[3], s[1], s[0]};
      add(layer, Role.WEIGHT, weight, boxed(found), v -> permuted(v, found, 3, 2, 0, 1));
    }
  }

  /** DL4J's weights are {@code (height, width, in, multiplier)}. */
  private void depthwise(String layer, INDArray weight) {
    long[] s = weight.shape();
    if (naming.layout() == Layout.TENSORFLOW) {
      add(layer, Role.WEIGHT, weight, boxed(s), values -> values);
    } else {
      long[] grouped = {s[2], s[3], s[0], s[1]};
      add(
          layer,
          Role.WEIGHT,
          weight,
          List.of(s[2] * s[3], 1L, s[0], s[1]),
          v -> permuted(v, grouped, 2, 3, 0, 1));
    }
  }

  /** DL4J's weights are {@code (in, out)}, on planes flattened as (channels, height, width). */
  private void dense(String layer, LayerVertex vertex, INDArray weight) {
    long in = weight.size(0);
    long out = weight.size(1);
    if (naming.layout() == Layout.TORCH) {
      long[] found = {out, in};
      add(layer, Role.WEIGHT, weight, boxed(found), v -> permuted(v, found, 1, 0));
    } else if (vertex.getPreProcessor() instanceof CnnToFeedForwardPreProcessor planes) {
      long[] found = {
        planes.getInputHeight(), planes.getInputWidth(), planes.getNumChannels(), out
      };
      add(layer, Role.WEIGHT, weight, List.of(in, out), v -> permuted(v, found, 2, 0, 1, 3));
    } else {
      add(layer, Role.WEIGHT, weight, List.of(in, out), values -> values);
    }
  }

  private void add(
      String layer, Role role, INDArray parameter, List<Long> shape, Reordering reordering) {
    naming
        .tensor(layer, role)
        .ifPresent(
            tensor -> {
              if (targets.put(tensor, new Target(parameter, shape, reordering)) != null) {
                throw new IllegalStateException("two parameters want the tensor " + tensor);
              }
            });
  }

  /** Moves axes: axis {@code i} of the result is axis {@code axes[i]} of the source. */
  private static float[] permuted(float[] source, long[] shape, int... axes) {
    int rank = shape.length;
    int[] strides = new int[rank];
    int stride = 1;
    for (int i = rank - 1; i >= 0; i--) {
      strides[i] = stride;
      stride = Math.multiplyExact(stride, Math.toIntExact(shape[i]));
    }
    float[] result = new float[source.length];
    int[] index = new int[rank];
    int from = 0;
    for (int to = 0; to < result.length; to++) {
      result[to] = source[from];
      for (int axis = rank - 1; axis >= 0; axis--) {
        from += strides[axes[axis]];
        if (++index[axis] < shape[axes[axis]]) {
          break;
        }
        from -= index[axis] * strides[axes[axis]];
        index[axis] = 0;
      }
    }
    return result;
  }

  private static List<Long> boxed(long... shape) {
    return LongStream.of(shape).boxed().toList();
  }

  private void requireSame(Map<String, List<Long>> found, String origin) {
    Set<String> names = new LinkedHashSet<>(targets.keySet());
    found.keySet().stream().filter(name -> !naming.leftOut(name)).forEach(names::add);
    List<String> rows = new ArrayList<>();
    for (String name : names) {
      Target target = targets.get(name);
      List<Long> shape = found.get(name);
      if (target == null || !target.shape().equals(shape)) {
        rows.add(
            String.format(
                "%-36s %-20s %s",
                name,
                target == null ? "nothing" : target.shape(),
                shape == null ? "nothing" : shape));
      }
    }
    if (!rows.isEmpty()) {
      throw new DataException(
          String.format(
              "%s: %d of %d tensors do not fit this network; is it the same network and depth?%n"
                  + "%-36s %-20s %s%n%s%s",
              origin,
              rows.size(),
              names.size(),
              "tensor",
              "expected",
              "found",
              rows.stream().limit(ROWS_SHOWN).collect(Collectors.joining("\n")),
              rows.size() > ROWS_SHOWN ? "\n... and " + (rows.size() - ROWS_SHOWN) + " more" : ""));
    }
  }
}
