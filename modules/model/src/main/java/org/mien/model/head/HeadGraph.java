package org.mien.model.head;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.mien.model.layer.CentreOutputLayer;
import org.mien.model.loss.IdentityWeights;
import org.mien.model.loss.LossConfig;
import org.mien.model.loss.ScaledLoss;
import org.mien.model.task.TaskConfig;
import org.mien.model.task.TaskHead;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;

/**
 * Builds the trainable head: {@value #INPUT} {@code (batch, features)} to {@value #EMBEDDING}
 * {@code (batch, dimension)}, and from there to {@value #CLASSIFIER} {@code (batch, identities)},
 * softmax, or, where the loss is over the embeddings themselves, to {@value #METRIC} {@code (batch,
 * dimension)}, which repeats the embedding. Beside it, an output for each further task ({@link
 * TaskHead}) on the features or the embedding, each scaled so that the mean square of its
 * components is 1.
 */
public final class HeadGraph {
  /** Name of the graph's input. */
  public static final String INPUT = "features";

  /** Name of the layer whose output is the embedding. */
  public static final String EMBEDDING = "embedding";

  /** Name of the output layer. */
  public static final String CLASSIFIER = "classifier";

  /** Name of the output layer where the loss has no classifier: it gives the embedding as it is. */
  public static final String METRIC = "metric";

  static final String UNIT = "unitFeatures";
  static final String SCALED = "scaledFeatures";
  static final String FEATURE_NORM = "featureNorm";
  static final String PROJECTION = "projection";

  private static final String UNIT_EMBEDDING = "unitEmbedding";
  private static final String SCALED_EMBEDDING = "scaledEmbedding";

  /** What the tasks read has names of this prefix. */
  private static final String TASKS = "tasks.";

  /** Every name a head gives to its vertices, but for those of tasks. */
  public static final Set<String> VERTICES =
      Set.of(
          UNIT,
          SCALED,
          FEATURE_NORM,
          PROJECTION,
          EMBEDDING,
          UNIT_EMBEDDING,
          SCALED_EMBEDDING,
          CLASSIFIER,
          METRIC);

  private HeadGraph() {}

  /** Whether a vertex of this name belongs to a head, tasks included. */
  public static boolean isHead(String vertex) {
    return VERTICES.contains(vertex) || vertex.startsWith(TASKS) || TaskHead.isTask(vertex);
  }

  /** Whether a head, or a network that ends in one, has a classifier of identities. */
  public static boolean classifies(ComputationGraph graph) {
    return graph.getConfiguration().getVertices().containsKey(CLASSIFIER);
  }

  /**
   * As {@link #build(int, int, HeadConfig, LossConfig, IdentityWeights, IUpdater, long)},
   * unweighted.
   */
  public static ComputationGraph build(
      int featureDimension,
      int identities,
      HeadConfig head,
      LossConfig loss,
      IUpdater updater,
      long seed) {
    return build(featureDimension, identities, head, loss, IdentityWeights.EQUAL, updater, seed);
  }

  /**
   * Builds a head with random weights (Glorot and Bengio 2010, normal).
   *
   * @param featureDimension length of a feature vector
   * @param identities number of identities, at least 2
   * @param weights how much the rows of each identity count in the loss
   * @param updater the optimiser with its learning rate, for example Adam
   * @param seed of the weights
   */
  public static ComputationGraph build(
      int featureDimension,
      int identities,
      HeadConfig head,
      LossConfig loss,
      IdentityWeights weights,
      IUpdater updater,
      long seed) {
    return build(featureDimension, identities, head, loss, weights, List.of(), updater, seed);
  }

  /**
   * Builds a head with further tasks. Its first output is the one that a head without tasks has;
   * the others are those of the tasks, in their order. The weights of the part without tasks are
   * those of the head without tasks, bit for bit.
   *
   * @param tasks names all different
   */
  public static ComputationGraph build(
      int featureDimension,
      int identities,
      HeadConfig head,
      LossConfig loss,
      IdentityWeights weights,
      List<TaskHead> tasks,
      IUpdater updater,
      long seed) {
    ComputationGraph plain =
        graph(featureDimension, identities, head, loss, weights, List.of(), updater, seed);
    if (tasks.isEmpty()) {
      return plain;
    }
    ComputationGraph built =
        graph(featureDimension, identities, head, loss, weights, tasks, updater, seed);
    // The library draws weights in the order of the vertices: tasks would change those of others.
    for (Layer layer : plain.getLayers()) {
      Map<String, INDArray> to =
          built.getLayer(layer.conf().getLayer().getLayerName()).paramTable();
      layer.paramTable().forEach((name, values) -> to.get(name).assign(values));
    }
    tasks.forEach(task -> task.initialise(built, seed));
    return built;
  }

  private static ComputationGraph graph(
      int featureDimension,
      int identities,
      HeadConfig head,
      LossConfig loss,
      IdentityWeights weights,
      List<TaskHead> tasks,
      IUpdater updater,
      long seed) {
    if (featureDimension < 1 || identities < 2) {
      throw new IllegalArgumentException(
          String.format(
              "expected at least one feature and two identities, was %d and %d",
              featureDimension, identities));
    }
    GraphBuilder graph =
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .weightInit(WeightInit.XAVIER)
            .updater(updater)
            .graphBuilder()
            .addInputs(INPUT);
    head.addTo(graph, featureDimension, seed);
    String bottom = EMBEDDING;
    if (head.embeddingLength() > 0 && loss.classifier() == LossConfig.Classifier.LINEAR) {
      graph.addVertex(UNIT_EMBEDDING, new L2NormalizeVertex(), EMBEDDING);
      graph.addVertex(SCALED_EMBEDDING, new ScaleVertex(head.embeddingLength()), UNIT_EMBEDDING);
      bottom = SCALED_EMBEDDING;
    }
    String output = loss.classifier() == LossConfig.Classifier.NONE ? METRIC : CLASSIFIER;
    graph.addLayer(
        output, scaled(loss.toOutputLayer(head.dimension(), identities, weights), weights), bottom);
    List<String> outputs = new ArrayList<>(List.of(output));
    outputs.addAll(addTasks(graph, tasks, featureDimension, head.dimension()));
    graph.setOutputs(outputs.toArray(String[]::new));
    ComputationGraph built = new ComputationGraph(graph.build());
    built.init();
    return built;
  }

  private static FeedForwardLayer scaled(FeedForwardLayer layer, IdentityWeights weights) {
    if (weights.scale() == 1) {
      return layer;
    }
    // Layers whose loss is more than this function say so by another type.
    if (layer instanceof BaseOutputLayer output && !(layer instanceof CentreOutputLayer)) {
      output.setLossFn(new ScaledLoss(output.getLossFn(), weights.scale()));
    } else if (layer instanceof LossLayer output) {
      output.setLossFn(new ScaledLoss(output.getLossFn(), weights.scale()));
    } else {
      throw new IllegalArgumentException(
          "a loss of centres has no weight beside further tasks: its centres move by themselves");
    }
    if (weights.scale() == 0) {
      layer.setIUpdater(new NoOp());
    }
    return layer;
  }

  /**
   * Whether a layer is the output of a head whose loss has the weight 0: it keeps its first
   * weights, without decay.
   */
  public static boolean isUntrained(org.deeplearning4j.nn.conf.layers.Layer layer) {
    return layer instanceof BaseLayer base
        && layer.getLayerName() != null
        && isHead(layer.getLayerName())
        && base.getIUpdater() instanceof NoOp;
  }

  private static List<String> addTasks(
      GraphBuilder graph, List<TaskHead> tasks, int features, int dimension) {
    List<String> outputs = new ArrayList<>();
    for (TaskConfig.On on : TaskConfig.On.values()) {
      if (tasks.stream().anyMatch(task -> task.config().on() == on)) {
        String source = source(on);
        int size = on == TaskConfig.On.FEATURES ? features : dimension;
        graph.addVertex(TASKS + source + ".unit", new L2NormalizeVertex(), source);
        graph.addVertex(TASKS + source, new ScaleVertex(Math.sqrt(size)), TASKS + source + ".unit");
      }
    }
    for (TaskHead task : tasks) {
      TaskConfig.On on = task.config().on();
      int size = on == TaskConfig.On.FEATURES ? features : dimension;
      task.addTo(graph, TASKS + source(on), size);
      outputs.add(TaskHead.vertex(task.config().name()));
    }
    return outputs;
  }

  private static String source(TaskConfig.On on) {
    return on == TaskConfig.On.FEATURES ? INPUT : EMBEDDING;
  }
}
