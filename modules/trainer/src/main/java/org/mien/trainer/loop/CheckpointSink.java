package org.mien.trainer.loop;

import org.deeplearning4j.nn.graph.ComputationGraph;

/** Keeps the state of a training so that it can go on from there. */
@FunctionalInterface
public interface CheckpointSink {

  /** Called after each epoch, and after the step at which a training is asked to stop. */
  void save(ComputationGraph graph, TrainingState state);
}
