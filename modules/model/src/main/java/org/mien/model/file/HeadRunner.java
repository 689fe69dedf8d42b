package org.mien.model.file;

import java.util.Arrays;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.model.graph.FaceGraph;
import org.mien.model.graph.GraphFingerprint;
import org.mien.model.head.HeadGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Runs a head on ND4J, from features to embeddings and to the classifier's outputs. */
final class HeadRunner {
  private final Optional<ComputationGraph> classifier;
  private final ComputationGraph embedding;
  private final int features;

  /**
   * @param head is copied: training it on changes nothing here
   */
  HeadRunner(ComputationGraph head, int features) {
    this.classifier = HeadGraph.classifies(head) ? Optional.of(head.clone()) : Optional.empty();
    this.embedding = FaceGraph.upTo(head, HeadGraph.EMBEDDING);
    this.features = features;
  }

  String fingerprint() {
    return GraphFingerprint.of(embedding);
  }

  /** {@code (count, features)} to {@code (count, dimension)}. */
  float[] embeddings(float[] vectors, int count) {
    return run(embedding, vectors, count);
  }

  /** Whether there is a classifier. */
  boolean classifies() {
    return classifier.isPresent();
  }

  /** {@code (count, features)} to {@code (count, identities)}. */
  float[] predictions(float[] vectors, int count) {
    return run(classifier.orElseThrow(), vectors, count);
  }

  private float[] run(ComputationGraph graph, float[] vectors, int count) {
    if (count < 1 || vectors.length < (long) count * features) {
      throw new IllegalArgumentException(
          String.format(
              "expected at least 1 vector of %d features, was %d vectors in %d numbers",
              features, count, vectors.length));
    }
    float[] exact =
        vectors.length == count * features ? vectors : Arrays.copyOf(vectors, count * features);
    try (INDArray input = Nd4j.create(exact, new long[] {count, features}, 'c')) {
      // A graph runs for one caller at a time.
      INDArray output = graph.outputSingle(false, input);
      return output.dup('c').data().asFloat();
    }
  }
}
