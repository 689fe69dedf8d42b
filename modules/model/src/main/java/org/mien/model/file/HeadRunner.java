package org.mien.model.file;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.model.graph.FaceGraph;
import org.mien.model.graph.GraphFingerprint;
import org.mien.model.head.HeadGraph;
import org.mien.model.task.TaskHead;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Runs a head on ND4J, from features to embeddings, to the classifier's outputs and to tasks'. */
final class HeadRunner {
  private final ComputationGraph head;
  private final List<String> outputs;
  private final ComputationGraph embedding;
  private final int features;

  /**
   * @param head is copied: training it on changes nothing here
   */
  HeadRunner(ComputationGraph head, int features) {
    this.head = head.clone();
    this.outputs = List.copyOf(head.getConfiguration().getNetworkOutputs());
    this.embedding = FaceGraph.upTo(head, HeadGraph.EMBEDDING);
    this.features = features;
  }

  String fingerprint() {
    return GraphFingerprint.of(embedding);
  }

  /** {@code (count, features)} to {@code (count, dimension)}. */
  float[] embeddings(float[] vectors, int count) {
    return run(embedding, vectors, count, List.of(HeadGraph.EMBEDDING)).get(HeadGraph.EMBEDDING);
  }

  /** Whether there is a classifier. */
  boolean classifies() {
    return outputs.contains(HeadGraph.CLASSIFIER);
  }

  /** {@code (count, features)} to {@code (count, identities)}. */
  float[] predictions(float[] vectors, int count) {
    return run(head, vectors, count, outputs).get(HeadGraph.CLASSIFIER);
  }

  /** The names of the tasks, in the order of the outputs. */
  List<String> tasks() {
    return outputs.stream()
        .filter(TaskHead::isTask)
        .map(output -> output.substring(TaskHead.vertex("").length()))
        .toList();
  }

  /** {@code (count, features)} to {@code (count, outputs)} of each task, by its name. */
  Map<String, float[]> taskOutputs(float[] vectors, int count) {
    Map<String, float[]> all = run(head, vectors, count, outputs);
    Map<String, float[]> byTask = new LinkedHashMap<>();
    tasks().forEach(task -> byTask.put(task, all.get(TaskHead.vertex(task))));
    return byTask;
  }

  private Map<String, float[]> run(
      ComputationGraph graph, float[] vectors, int count, List<String> names) {
    if (count < 1 || vectors.length < (long) count * features) {
      throw new IllegalArgumentException(
          String.format(
              "expected at least 1 vector of %d features, was %d vectors in %d numbers",
              features, count, vectors.length));
    }
    float[] exact =
        vectors.length == count * features ? vectors : Arrays.copyOf(vectors, count * features);
    Map<String, float[]> results = new LinkedHashMap<>();
    try (INDArray input = Nd4j.create(exact, new long[] {count, features}, 'c')) {
      // A graph runs for one caller at a time.
      INDArray[] given = graph.output(false, input);
      for (int i = 0; i < given.length; i++) {
        results.put(names.get(i), given[i].dup('c').data().asFloat());
      }
    }
    return results;
  }
}
