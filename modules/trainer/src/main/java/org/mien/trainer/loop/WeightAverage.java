package org.mien.trainer.loop;

import java.util.Optional;
import java.util.function.Supplier;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The moving average of all numbers among a graph's parameters, beside the graph. */
final class WeightAverage {
  private final AveragingConfig.Exponential config;
  private final ComputationGraph graph;
  private final INDArray average;
  private final INDArray scratch;

  private WeightAverage(
      AveragingConfig.Exponential config, ComputationGraph graph, INDArray average) {
    this.config = config;
    this.graph = graph;
    this.average = average;
    this.scratch = Nd4j.createUninitialized(average.dataType(), average.shape());
  }

  /**
   * Begins with the graph's weights, or goes on with an average from a checkpoint.
   *
   * @return empty where nothing is averaged
   */
  static Optional<WeightAverage> of(
      AveragingConfig config, ComputationGraph graph, Optional<INDArray> saved) {
    return config instanceof AveragingConfig.Exponential exponential
        ? Optional.of(new WeightAverage(exponential, graph, saved.orElseGet(graph.params()::dup)))
        : Optional.empty();
  }

  /**
   * Takes the weights after a step.
   *
   * @param stepsBefore steps of the training before it
   */
  void add(long stepsBefore) {
    // In this form a weight that never changes, such as a fixed statistic, keeps its bits.
    graph.params().subi(average, scratch);
    average.addi(scratch.muli(1 - config.decayAt(stepsBefore)));
  }

  /** The average; goes on changing with the training. */
  INDArray values() {
    return average;
  }

  /** Does something while the graph has the averaged weights. */
  <T> T applied(Supplier<T> work) {
    INDArray weights = graph.params();
    scratch.assign(weights);
    weights.assign(average);
    try {
      return work.get();
    } finally {
      weights.assign(scratch);
    }
  }
}
