package org.mien.trainer.experiment;

import java.util.Arrays;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.model.graph.FaceGraph;
import org.mien.model.head.HeadGraph;
import org.mien.trainer.loop.TrainingRows;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The embeddings that a trained graph gives to rows of the kind it was trained on. */
final class RowEmbeddings {
  private static final int BATCH = 256;

  private RowEmbeddings() {}

  /**
   * Returns the embeddings of all rows, {@code (rows, dimension)}.
   *
   * @param trained a head alone or a whole network
   */
  static float[] of(ComputationGraph trained, TrainingRows rows) {
    ComputationGraph embedder = FaceGraph.upTo(trained, HeadGraph.EMBEDDING);
    int[] order = new int[rows.size()];
    Arrays.setAll(order, i -> i);
    long[] shape = rows.shape();
    float[] all = new float[0];
    for (int from = 0; from < order.length; from += BATCH) {
      int count = Math.min(BATCH, order.length - from);
      long[] batched = new long[shape.length + 1];
      batched[0] = count;
      System.arraycopy(shape, 0, batched, 1, shape.length);
      float[] some;
      try (INDArray input = Nd4j.create(rows.read(0, order, from, count), batched)) {
        some = embedder.output(input)[0].dup('c').data().asFloat();
      }
      int dimension = some.length / count;
      if (all.length == 0) {
        all = new float[Math.multiplyExact(order.length, dimension)];
      }
      System.arraycopy(some, 0, all, from * dimension, some.length);
    }
    return all;
  }
}
