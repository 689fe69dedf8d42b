package org.mien.trainer.loop;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.eval.classification.NearestCentroid;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Validates a network without classifier: each validation image is given to the identity whose mean
 * embedding is nearest. Means are of the first {@value #REFERENCES} training rows of each identity,
 * which bounds the time that an epoch's end takes.
 */
final class MetricValidation {
  private static final int REFERENCES = 16;

  private final TrainingRows training;
  private final TrainingRows validation;
  private final int[] references;
  private final int identities;

  private MetricValidation(
      TrainingRows training, TrainingRows validation, int[] references, int identities) {
    this.training = training;
    this.validation = validation;
    this.references = references;
    this.identities = identities;
  }

  static MetricValidation of(TrainingRows training, TrainingRows validation) {
    int identities =
        1 + IntStream.range(0, training.size()).map(training::label).max().orElseThrow();
    int[] counts = new int[identities];
    int[] references =
        IntStream.range(0, training.size())
            .filter(row -> counts[training.label(row)]++ < REFERENCES)
            .toArray();
    return new MetricValidation(training, validation, references, identities);
  }

  /**
   * Returns mean loss and accuracy. The loss is the one that training lowers, over batches of
   * neighbours in the order of identities, so that each batch holds several images of a person.
   */
  double[] run(ComputationGraph graph) {
    int[] order =
        IntStream.range(0, validation.size())
            .boxed()
            .sorted(Comparator.comparingInt(validation::label))
            .mapToInt(Integer::intValue)
            .toArray();
    int[] labels = Arrays.stream(order).map(validation::label).toArray();
    double loss = 0;
    for (int from = 0; from < order.length; from += Trainer.VALIDATION_BATCH) {
      int count = Math.min(Trainer.VALIDATION_BATCH, order.length - from);
      MultiDataSet batch =
          new MultiDataSet(
              new INDArray[] {input(validation, 0, order, from, count)},
              GraphEngine.labels(Trainer.batch(validation, 0, order, from, count)));
      loss += graph.score(batch, false) * count;
    }
    int[] predicted =
        NearestCentroid.of(
                embeddings(graph, training, references),
                Arrays.stream(references).map(training::label).toArray(),
                identities)
            .predict(embeddings(graph, validation, order));
    long right = IntStream.range(0, order.length).filter(i -> predicted[i] == labels[i]).count();
    return new double[] {loss / order.length, (double) right / order.length};
  }

  private static float[][] embeddings(ComputationGraph graph, TrainingRows rows, int[] order) {
    float[][] all = new float[order.length][];
    for (int from = 0; from < order.length; from += Trainer.VALIDATION_BATCH) {
      int count = Math.min(Trainer.VALIDATION_BATCH, order.length - from);
      float[][] some = graph.output(input(rows, 0, order, from, count))[0].toFloatMatrix();
      System.arraycopy(some, 0, all, from, count);
    }
    return all;
  }

  private static INDArray input(TrainingRows source, int epoch, int[] rows, int from, int count) {
    long[] shape = source.shape();
    long[] batched = new long[shape.length + 1];
    batched[0] = count;
    System.arraycopy(shape, 0, batched, 1, shape.length);
    return Nd4j.create(source.read(epoch, rows, from, count), batched);
  }
}
