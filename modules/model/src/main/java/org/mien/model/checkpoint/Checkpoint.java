package org.mien.model.checkpoint;

import java.nio.file.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A checkpoint read back.
 *
 * @param graph weights, optimiser's state and its count of steps: {@code fit} goes on as if never
 *     stopped. Dropout draws from ND4J's generator, whose state is not kept: seed it an epoch
 * @param file where it was read from
 */
public record Checkpoint(ComputationGraph graph, CheckpointState state, Path file) {}
