package org.mien.model.weights;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.mien.core.error.DataException;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a torchvision state dictionary into a graph with torchvision's layer names. */
public final class TorchResNetWeights {
  private static final Logger LOG = LoggerFactory.getLogger(TorchResNetWeights.class);
  private static final int ROWS_SHOWN = 20;

  /**
   * What was loaded.
   *
   * @param tensors number of tensors that are now in the graph
   * @param ignored names of the classifier's tensors, which a backbone has no place for
   */
  public record Loaded(int tensors, List<String> ignored) {
    public Loaded {
      ignored = List.copyOf(ignored);
    }
  }

  /** Where a tensor goes. */
  private record Target(INDArray parameter, List<Long> shape) {}

  private TorchResNetWeights() {}

  /**
   * Copies every tensor to its place. ImageNet's classifier ({@code fc.*}) is left out on purpose,
   * and the counters {@code num_batches_tracked} have no counterpart.
   *
   * @param graph made by {@link org.mien.model.backbone.ResNetGraph} with the same depth
   * @throws DataException if a tensor is missing, left over or of another shape; the graph is then
   *     unchanged
   */
  public static Loaded apply(ComputationGraph graph, StateDictionary weights) {
    Map<String, Target> targets = targets(graph);
    Map<String, List<Long>> shapes = weights.shapes();
    List<String> ignored = shapes.keySet().stream().filter(n -> n.startsWith("fc.")).toList();
    requireSame(targets, shapes, weights.origin());
    targets.forEach(
        (name, target) ->
            target
                .parameter()
                .assign(
                    Nd4j.createFromArray(weights.values(name))
                        .reshape(target.parameter().shape())));
    LOG.info(
        "{}: {} tensors loaded; ImageNet's classifier is left out on purpose ({})",
        weights.origin(),
        targets.size(),
        ignored.isEmpty() ? "the file has none" : String.join(", ", ignored));
    return new Loaded(targets.size(), ignored);
  }

  private static Map<String, Target> targets(ComputationGraph graph) {
    Map<String, Target> targets = new LinkedHashMap<>();
    for (Layer layer : graph.getLayers()) {
      String name = layer.conf().getLayer().getLayerName();
      if (layer.conf().getLayer() instanceof ConvolutionLayer) {
        add(targets, layer, ConvolutionParamInitializer.WEIGHT_KEY, name + ".weight");
      } else if (layer.conf().getLayer() instanceof BatchNormalization) {
        add(targets, layer, BatchNormalizationParamInitializer.GAMMA, name + ".weight");
        add(targets, layer, BatchNormalizationParamInitializer.BETA, name + ".bias");
        add(targets, layer, BatchNormalizationParamInitializer.GLOBAL_MEAN, name + ".running_mean");
        add(targets, layer, BatchNormalizationParamInitializer.GLOBAL_VAR, name + ".running_var");
      }
    }
    return targets;
  }

  private static void add(Map<String, Target> targets, Layer layer, String key, String name) {
    INDArray parameter = layer.getParam(key);
    // Deeplearning4j keeps vectors as one row, PyTorch as vectors.
    long[] shape = parameter.rank() == 2 ? new long[] {parameter.length()} : parameter.shape();
    targets.put(name, new Target(parameter, LongStream.of(shape).boxed().toList()));
  }

  private static void requireSame(
      Map<String, Target> targets, Map<String, List<Long>> found, String origin) {
    Set<String> names = new LinkedHashSet<>(targets.keySet());
    found.keySet().stream()
        .filter(n -> !n.startsWith("fc.") && !n.endsWith(".num_batches_tracked"))
        .forEach(names::add);
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
              "%s: %d of %d tensors do not fit this network; is it the same depth?%n%-36s %-20s %s%n%s%s",
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
