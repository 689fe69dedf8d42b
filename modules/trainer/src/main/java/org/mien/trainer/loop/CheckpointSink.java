package org.mien.trainer.loop;

import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Keeps the state of a training so that it can go on from there. */
@FunctionalInterface
public interface CheckpointSink {

  /**
   * Called after each epoch, and after the step at which a training is asked to stop; never with
   * weights that are not finite.
   *
   * @param average of the weights, as long as they are; empty where nothing is averaged
   */
  void save(ComputationGraph graph, Optional<INDArray> average, TrainingState state);
}
