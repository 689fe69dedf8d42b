package org.mien.trainer.loop;

import java.util.Iterator;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.model.head.HeadGraph;

/**
 * What does a training's steps. One meaning, whatever runs it: engines differ in speed and in the
 * last bits only, and each goes on from a checkpoint that another one left.
 */
public interface TrainingEngine extends AutoCloseable {

  /**
   * Rows with their identities.
   *
   * @param rows {@code (labels.length, shape of a row)}
   * @param labels the identity of each row
   * @param taskLabels {@code (tasks, rows)}: the label of each row for each further task, -1 where
   *     it is not known
   */
  @SuppressWarnings("ArrayRecordComponent") // batches are never compared
  record MiniBatch(float[] rows, int[] labels, int[][] taskLabels) {
    /** Rows without further tasks. */
    public MiniBatch(float[] rows, int[] labels) {
      this(rows, labels, new int[0][]);
    }
  }

  /**
   * How the network does on some rows.
   *
   * @param lossSum summed cross-entropy, without smoothing, weights or margin
   * @param right rows whose own identity scores highest
   */
  record Evaluation(double lossSum, int right) {}

  /** Name for reports, for example {@code fused, 2 threads}. */
  String name();

  /**
   * One step of the optimiser.
   *
   * @param parts what the step learns from; each is read before the next is asked for
   * @param rows number of rows in all parts together
   * @param learningRate of this step
   * @return mean loss of the rows before the step
   */
  double step(Iterator<MiniBatch> parts, int rows, double learningRate);

  /** Looks at some rows without learning from them. */
  Evaluation evaluate(MiniBatch batch);

  /** Returns whether the network tells identities apart itself, or only gives embeddings. */
  default boolean classifies() {
    return HeadGraph.classifies(graph());
  }

  /**
   * Returns the network with the weights, the optimiser's state and the count of steps as they are
   * now, in Deeplearning4j's own layout. It goes on changing with the training.
   */
  ComputationGraph graph();

  /** Frees threads and memory; the graph stays usable. */
  @Override
  void close();
}
