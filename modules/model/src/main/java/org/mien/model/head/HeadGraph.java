package org.mien.model.head;

import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.mien.model.loss.IdentityWeights;
import org.mien.model.loss.LossConfig;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Builds the trainable head: {@value #INPUT} {@code (batch, features)} to {@value #EMBEDDING}
 * {@code (batch, dimension)}, linear, to {@value #CLASSIFIER} {@code (batch, identities)}, softmax.
 */
public final class HeadGraph {
  /** Name of the graph's input. */
  public static final String INPUT = "features";

  /** Name of the layer whose output is the embedding. */
  public static final String EMBEDDING = "embedding";

  /** Name of the output layer. */
  public static final String CLASSIFIER = "classifier";

  private static final String UNIT = "unitFeatures";
  private static final String SCALED = "scaledFeatures";

  private static final String UNIT_EMBEDDING = "unitEmbedding";
  private static final String SCALED_EMBEDDING = "scaledEmbedding";

  /** Every name a head gives to its vertices. */
  public static final Set<String> VERTICES =
      Set.of(UNIT, SCALED, EMBEDDING, UNIT_EMBEDDING, SCALED_EMBEDDING, CLASSIFIER);

  private HeadGraph() {}

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
    // One variant so far; a second makes this a method of the interface.
    LinearHeadConfig linear = (LinearHeadConfig) head;
    String top = INPUT;
    if (linear.normalizeInput()) {
      graph.addVertex(UNIT, new L2NormalizeVertex(), top);
      graph.addVertex(SCALED, new ScaleVertex(Math.sqrt(featureDimension)), UNIT);
      top = SCALED;
    }
    graph.addLayer(
        EMBEDDING,
        new DenseLayer.Builder()
            .nIn(featureDimension)
            .nOut(linear.dimension())
            .activation(Activation.IDENTITY)
            .build(),
        top);
    String bottom = EMBEDDING;
    if (linear.embeddingLength() > 0) {
      graph.addVertex(UNIT_EMBEDDING, new L2NormalizeVertex(), EMBEDDING);
      graph.addVertex(SCALED_EMBEDDING, new ScaleVertex(linear.embeddingLength()), UNIT_EMBEDDING);
      bottom = SCALED_EMBEDDING;
    }
    graph.addLayer(
        CLASSIFIER,
        new OutputLayer.Builder(loss.toLossFunction(weights))
            .nIn(linear.dimension())
            .nOut(identities)
            .activation(Activation.SOFTMAX)
            .build(),
        bottom);
    graph.setOutputs(CLASSIFIER);
    ComputationGraph built = new ComputationGraph(graph.build());
    built.init();
    return built;
  }
}
