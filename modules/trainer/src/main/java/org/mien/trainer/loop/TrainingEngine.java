package org.mien.trainer.loop;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
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
   * @param source floats that hold the rows, and maybe others
   * @param starts where in them each row begins
   * @param width floats of a row
   * @param labels the identity of each row
   * @param taskLabels {@code (tasks, rows)}: the label of each row for each further task, -1 where
   *     it is not known
   */
  @SuppressWarnings("ArrayRecordComponent") // batches are never compared
  record MiniBatch(float[] source, int[] starts, int width, int[] labels, int[][] taskLabels) {
    /** Rows that lie one after the other: {@code (labels.length, shape of a row)}. */
    public MiniBatch(float[] rows, int[] labels, int[][] taskLabels) {
      this(rows, starts(labels.length, rows), rows.length / labels.length, labels, taskLabels);
    }

    /** Rows one after the other, without further tasks. */
    public MiniBatch(float[] rows, int[] labels) {
      this(rows, labels, new int[0][]);
    }

    private static int[] starts(int count, float[] rows) {
      int[] starts = new int[count];
      Arrays.setAll(starts, i -> i * (rows.length / count));
      return starts;
    }

    /** Returns the rows one after the other; not a copy where they lie so. */
    public float[] rows() {
      boolean inOrder = source.length == starts.length * width;
      for (int i = 0; inOrder && i < starts.length; i++) {
        inOrder = starts[i] == i * width;
      }
      if (inOrder) {
        return source;
      }
      float[] rows = new float[starts.length * width];
      for (int i = 0; i < starts.length; i++) {
        System.arraycopy(source, starts[i], rows, i * width, width);
      }
      return rows;
    }
  }

  /**
   * How the network does on some rows.
   *
   * @param lossSum summed cross-entropy, without smoothing, weights or margin
   * @param right rows whose own identity scores highest
   * @param tasks sums of the further tasks, in the order of their outputs
   */
  record Evaluation(double lossSum, int right, List<TaskTally> tasks) {
    public Evaluation {
      tasks = List.copyOf(tasks);
    }

    /** Of a network without further tasks. */
    public Evaluation(double lossSum, int right) {
      this(lossSum, right, List.of());
    }
  }

  /** Name for reports, for example {@code fused, 2 threads}. */
  String name();

  /**
   * One step of the optimiser.
   *
   * @param parts what the step learns from; each is read before the next is asked for
   * @param rows number of rows in all parts together
   * @param learningRate of this step
   * @return mean loss of the rows before the step
   * @throws NotFiniteException if the loss, a gradient or a weight is not finite; the weights may
   *     have changed in part
   */
  double step(Iterator<MiniBatch> parts, int rows, double learningRate);

  /**
   * Looks at some rows without learning from them. A network that does not tell identities apart
   * itself answers for its tasks only.
   */
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

  /** Says what among weights and optimiser's state is not finite; empty if all is. */
  default Optional<String> damage() {
    return FirstNotFinite.inState(graph());
  }

  /** Names the parameter with the largest number, and that. */
  default String largest() {
    return FirstNotFinite.largest(graph());
  }

  /** Frees threads and memory; the graph stays usable. */
  @Override
  void close();
}
