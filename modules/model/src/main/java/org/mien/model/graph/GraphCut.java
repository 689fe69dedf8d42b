package org.mien.model.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.error.ConfigException;
import org.mien.core.preprocessing.Preprocessing;

/**
 * A backbone cut in two: the lower part keeps its weights and can be run like any frozen network,
 * even once for all epochs; the upper part is trained.
 *
 * <p>What passes the cut are vectors: planes are flattened as {@code (channels, height, width)}.
 */
public final class GraphCut {
  private static final String FLAT = "cut.flat";
  private static final String PLANES = "cut.planes";
  private static final String INPUT = "cut.input";

  private final ComputationGraph whole;
  private final String vertex;
  private final InputType type;
  private final Set<String> below;

  private GraphCut(ComputationGraph whole, String vertex, InputType type, Set<String> below) {
    this.whole = whole;
    this.vertex = vertex;
    this.type = type;
    this.below = below;
  }

  /**
   * Cuts a backbone.
   *
   * @param backbone one input, one output
   * @param upTo the last layer that keeps its weights: a vertex's name, or what the names of a
   *     stage begin with, such as {@code layer3} for all of {@code layer3.0.conv1} to {@code
   *     layer3.5.relu}
   * @param input size of the images
   * @throws ConfigException if there is no such layer, or the network cannot be cut behind it since
   *     later layers read earlier ones too
   */
  public static GraphCut behind(ComputationGraph backbone, String upTo, Preprocessing input) {
    List<String> order = GraphAssembly.order(backbone);
    String vertex =
        order.contains(upTo)
            ? upTo
            : order.stream()
                .filter(name -> name.startsWith(upTo + "."))
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> new ConfigException(unknown(upTo, order)));
    Set<String> below = ancestors(backbone, vertex);
    for (String later : order) {
      for (String read : GraphAssembly.inputsOf(backbone, later)) {
        if (!below.contains(later) && below.contains(read) && !read.equals(vertex)) {
          throw new ConfigException(
              "model.frozenUpTo: the network cannot be cut behind "
                  + vertex
                  + ", for "
                  + later
                  + " reads "
                  + read
                  + " too; it can be behind "
                  + String.join(", ", cuttable(backbone, order)));
        }
      }
    }
    if (below.containsAll(order)) {
      throw new ConfigException(
          "model.frozenUpTo: nothing is left to train behind "
              + vertex
              + "; that is model.freeze: backbone");
    }
    InputType images = InputType.convolutional(input.heightPixels(), input.widthPixels(), 3);
    InputType type =
        backbone.getConfiguration().getLayerActivationTypes(false, false, images).get(vertex);
    return new GraphCut(backbone, vertex, type, below);
  }

  private static String unknown(String upTo, List<String> order) {
    Set<String> stages = new LinkedHashSet<>();
    order.forEach(name -> stages.add(name.contains(".") ? name.replaceFirst("\\..*", "") : name));
    return "model.frozenUpTo: the network has no layer '"
        + upTo
        + "'; its stages are "
        + String.join(", ", stages);
  }

  /** The stages that one can cut behind. */
  private static Set<String> cuttable(ComputationGraph graph, List<String> order) {
    Set<String> found = new LinkedHashSet<>();
    Set<String> read = new HashSet<>();
    // From the top: a vertex is a cut if nothing above it reads anything else below it.
    for (int i = order.size() - 1; i >= 0; i--) {
      String name = order.get(i);
      if (read.equals(Set.of(name))) {
        found.add(name);
      }
      read.remove(name);
      read.addAll(GraphAssembly.inputsOf(graph, name));
    }
    List<String> upwards = new ArrayList<>(found);
    Collections.reverse(upwards);
    return new LinkedHashSet<>(upwards);
  }

  private static Set<String> ancestors(ComputationGraph graph, String vertex) {
    Set<String> found = new HashSet<>(Set.of(vertex));
    List<String> open = new ArrayList<>(found);
    while (!open.isEmpty()) {
      List<String> inputs =
          graph
              .getConfiguration()
              .getVertexInputs()
              .getOrDefault(open.remove(open.size() - 1), List.of());
      for (String input : inputs) {
        if (found.add(input)) {
          open.add(input);
        }
      }
    }
    return found;
  }

  /** The last vertex that keeps its weights. */
  public String vertex() {
    return vertex;
  }

  /** A copy of the lower part: images to vectors. */
  public ComputationGraph lower() {
    ComputationGraph cut = GraphAssembly.upTo(whole, vertex);
    if (!(type instanceof InputType.InputTypeConvolutional planes)) {
      return cut;
    }
    GraphAssembly assembly = assembly(cut);
    for (String name : GraphAssembly.order(cut)) {
      copy(assembly, cut, name);
    }
    assembly.addVertex(
        FLAT,
        new PreprocessorVertex(
            new CnnToFeedForwardPreProcessor(
                planes.getHeight(), planes.getWidth(), planes.getChannels())),
        vertex);
    return assembly.build(FLAT);
  }

  /** A copy of the upper part: vectors of {@link #lower()} to features. */
  public ComputationGraph upper() {
    GraphAssembly assembly =
        new GraphAssembly(
            whole.getConfiguration().getDataType(),
            whole.getConfiguration().getDefaultConfiguration().getSeed(),
            INPUT);
    String start = INPUT;
    if (type instanceof InputType.InputTypeConvolutional planes) {
      assembly.addVertex(
          PLANES,
          new PreprocessorVertex(
              new FeedForwardToCnnPreProcessor(
                  planes.getHeight(), planes.getWidth(), planes.getChannels())),
          INPUT);
      start = PLANES;
    }
    for (String name : GraphAssembly.order(whole)) {
      if (!below.contains(name)) {
        assembly.add(whole, name, UnaryOperator.identity(), renamed(whole, name, vertex, start));
      }
    }
    return assembly.build(whole.getConfiguration().getNetworkOutputs().toArray(String[]::new));
  }

  /**
   * Puts the lower part and an upper part that was trained together again.
   *
   * @param trained as {@link #upper()}, with whatever follows it; its outputs become the result's
   */
  public ComputationGraph rejoined(ComputationGraph trained) {
    GraphAssembly assembly = assembly(whole);
    for (String name : GraphAssembly.order(whole)) {
      if (below.contains(name)) {
        copy(assembly, whole, name);
      }
    }
    boolean planes = type instanceof InputType.InputTypeConvolutional;
    for (String name : GraphAssembly.order(trained)) {
      if (!name.equals(PLANES)) {
        String[] inputs = renamed(trained, name, planes ? PLANES : INPUT, vertex);
        assembly.add(trained, name, UnaryOperator.identity(), inputs);
      }
    }
    return assembly.build(trained.getConfiguration().getNetworkOutputs().toArray(String[]::new));
  }

  private static GraphAssembly assembly(ComputationGraph like) {
    return new GraphAssembly(
        like.getConfiguration().getDataType(),
        like.getConfiguration().getDefaultConfiguration().getSeed(),
        like.getConfiguration().getNetworkInputs().toArray(String[]::new));
  }

  private static void copy(GraphAssembly to, ComputationGraph from, String name) {
    UnaryOperator<Layer> unchanged = UnaryOperator.identity();
    to.add(from, name, unchanged, GraphAssembly.inputsOf(from, name).toArray(String[]::new));
  }

  private static String[] renamed(ComputationGraph graph, String name, String from, String to) {
    return GraphAssembly.inputsOf(graph, name).stream()
        .map(input -> input.equals(from) ? to : input)
        .toArray(String[]::new);
  }
}
