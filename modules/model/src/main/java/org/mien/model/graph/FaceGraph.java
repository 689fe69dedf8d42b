package org.mien.model.graph;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.head.HeadConfig;
import org.mien.model.head.HeadGraph;
import org.mien.model.layer.FixedStatisticsNormalization;
import org.mien.model.loss.IdentityWeights;
import org.mien.model.loss.LossConfig;
import org.mien.model.task.TaskHead;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.WeightDecay;

/**
 * Whole face networks: a backbone and a head as one graph from images {@code (batch, 3, height,
 * width)} to the vertices {@value HeadGraph#EMBEDDING} and {@value HeadGraph#CLASSIFIER}; the
 * latter is the graph's first output, further tasks are the others. Graphs passed in are copied and
 * stay as they are.
 */
public final class FaceGraph {
  /**
   * How the layers of a network are trained.
   *
   * @param weightDecay decoupled decay of convolution and dense weights (Loshchilov and Hutter
   *     2019, scaled by the learning rate), 0 for none; batch normalisation and biases have none
   * @param fixedStatistics whether batch normalisation uses its running statistics in training too
   *     and leaves them as they are
   * @param factors how fast layers learn compared with the others
   */
  public record Tuning(double weightDecay, boolean fixedStatistics, LearningRateFactors factors) {
    /** No decay, statistics of each batch, all layers alike. */
    public static final Tuning PLAIN = new Tuning(0, false, LearningRateFactors.NONE);
  }

  private FaceGraph() {}

  /**
   * Joins a frozen backbone and a head that goes on being trainable, with the weights of both.
   *
   * @param backbone one input, one output of shape {@code (batch, features)}
   * @param head made by {@link HeadGraph} for as many features
   */
  public static ComputationGraph join(ComputationGraph backbone, ComputationGraph head) {
    GraphAssembly assembly = startFor(backbone, head);
    for (String vertex : GraphAssembly.order(backbone)) {
      assembly.addFrozen(backbone, vertex, inputs(backbone, vertex));
    }
    return addHead(assembly, backbone, head, UnaryOperator.identity());
  }

  /** The length of the vectors that a backbone gives for images of that size. */
  public static int featureDimension(ComputationGraph backbone, Preprocessing input) {
    String output = singleOutput(backbone);
    InputType images = InputType.convolutional(input.heightPixels(), input.widthPixels(), 3);
    return Math.toIntExact(VertexTypes.of(backbone, images).get(output).arrayElementsPerExample());
  }

  /** As the longer method, with every row counting the same. */
  public static ComputationGraph trainable(
      ComputationGraph backbone,
      int features,
      HeadConfig head,
      LossConfig loss,
      int identities,
      IUpdater updater,
      Tuning tuning,
      long seed) {
    return trainable(
        backbone, features, head, loss, IdentityWeights.EQUAL, identities, updater, tuning, seed);
  }

  /**
   * Builds a network of which nothing is frozen: a copy of the backbone with its weights, and a
   * head with random ones.
   *
   * @param backbone one input, one output of shape {@code (batch, features)}
   * @param features length of its vectors
   * @param weights how much the rows of each identity count in the loss
   * @param identities number of identities, at least 2
   * @param updater the optimiser of every layer
   * @param tuning what else there is to say about how layers are trained
   * @param seed of the head's weights
   */
  public static ComputationGraph trainable(
      ComputationGraph backbone,
      int features,
      HeadConfig head,
      LossConfig loss,
      IdentityWeights weights,
      int identities,
      IUpdater updater,
      Tuning tuning,
      long seed) {
    return trainable(
        backbone, features, head, loss, weights, identities, List.of(), updater, tuning, seed);
  }

  /**
   * As the other, with further tasks.
   *
   * @param tasks names all different
   */
  public static ComputationGraph trainable(
      ComputationGraph backbone,
      int features,
      HeadConfig head,
      LossConfig loss,
      IdentityWeights weights,
      int identities,
      List<TaskHead> tasks,
      IUpdater updater,
      Tuning tuning,
      long seed) {
    // Another seed, or the head's weights would repeat the backbone's first ones.
    ComputationGraph top =
        HeadGraph.build(features, identities, head, loss, weights, tasks, updater, ~seed);
    List<String> layers = new ArrayList<>(GraphAssembly.order(backbone));
    layers.addAll(GraphAssembly.order(top));
    tuning.factors().requireLayers(layers);
    UnaryOperator<Layer> trained = layer -> trainedBy(layer, updater, tuning);
    GraphAssembly assembly = startFor(backbone, top);
    for (String vertex : GraphAssembly.order(backbone)) {
      assembly.add(backbone, vertex, trained, inputs(backbone, vertex));
    }
    return addHead(assembly, backbone, top, trained);
  }

  /**
   * Cuts the backbone out of a whole network: everything from the images to the vector that the
   * head gets, not frozen, with its weights.
   */
  public static ComputationGraph backboneOf(ComputationGraph whole) {
    Set<String> headVertices = headVertices(whole);
    String features =
        headVertices.stream()
            .flatMap(vertex -> GraphAssembly.inputsOf(whole, vertex).stream())
            .filter(input -> !headVertices.contains(input))
            .findFirst()
            .orElseThrow();
    return GraphAssembly.upTo(whole, features);
  }

  /**
   * Cuts out everything that leads to one vertex, not frozen, with its weights: for inference,
   * where the layers after the embedding are not wanted.
   */
  public static ComputationGraph upTo(ComputationGraph whole, String vertex) {
    if (!whole.getConfiguration().getVertices().containsKey(vertex)) {
      throw new IllegalArgumentException("the graph has no vertex " + vertex);
    }
    return GraphAssembly.upTo(whole, vertex);
  }

  private static Set<String> headVertices(ComputationGraph whole) {
    Set<String> vertices = new HashSet<>(whole.getConfiguration().getVertices().keySet());
    vertices.removeIf(vertex -> !HeadGraph.isHead(vertex));
    if (!vertices.contains(HeadGraph.EMBEDDING)) {
      throw new IllegalArgumentException(
          "expected a network with a layer " + HeadGraph.EMBEDDING + ", was one without");
    }
    return vertices;
  }

  private static GraphAssembly startFor(ComputationGraph backbone, ComputationGraph head) {
    Set<String> shared = new HashSet<>(GraphAssembly.order(backbone));
    shared.retainAll(GraphAssembly.order(head));
    if (!shared.isEmpty()) {
      throw new IllegalArgumentException("backbone and head share the names " + shared);
    }
    return new GraphAssembly(
        head.getConfiguration().getDataType(), seedOf(head), singleInput(backbone));
  }

  private static ComputationGraph addHead(
      GraphAssembly assembly,
      ComputationGraph backbone,
      ComputationGraph head,
      UnaryOperator<Layer> change) {
    String features = singleOutput(backbone);
    String headInput = singleInput(head);
    for (String vertex : GraphAssembly.order(head)) {
      String[] inputs =
          GraphAssembly.inputsOf(head, vertex).stream()
              .map(input -> input.equals(headInput) ? features : input)
              .toArray(String[]::new);
      assembly.add(head, vertex, change, inputs);
    }
    return assembly.build(head.getConfiguration().getNetworkOutputs().toArray(String[]::new));
  }

  private static Layer trainedBy(Layer layer, IUpdater updater, Tuning tuning) {
    Layer trained =
        tuning.fixedStatistics() && layer instanceof BatchNormalization norm
            ? FixedStatisticsNormalization.of(norm)
            : layer;
    if (trained instanceof BaseLayer trainable && !HeadGraph.isUntrained(trained)) {
      IUpdater own = updater.clone();
      double factor = tuning.factors().of(trained.getLayerName());
      if (factor != 1) {
        // From the start: layers of unequal rates get blocks of optimiser state of their own.
        own.setLrAndSchedule(factor * own.getLearningRate(0, 0), null);
      }
      trainable.setIUpdater(own);
      if (tuning.weightDecay() > 0 && !(trained instanceof BatchNormalization)) {
        trainable.setRegularization(List.of(new WeightDecay(tuning.weightDecay(), true)));
      }
    }
    return trained;
  }

  private static String[] inputs(ComputationGraph graph, String vertex) {
    return GraphAssembly.inputsOf(graph, vertex).toArray(String[]::new);
  }

  private static long seedOf(ComputationGraph graph) {
    return graph.getConfiguration().getDefaultConfiguration().getSeed();
  }

  private static String singleInput(ComputationGraph graph) {
    return single("input", graph.getConfiguration().getNetworkInputs());
  }

  private static String singleOutput(ComputationGraph graph) {
    return single("output", graph.getConfiguration().getNetworkOutputs());
  }

  private static String single(String what, List<String> names) {
    if (names.size() != 1) {
      throw new IllegalArgumentException("expected a graph with one " + what + ", was " + names);
    }
    return names.get(0);
  }
}
