package org.mien.trainer.experiment;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.embed.Embedder;

/**
 * A frozen backbone, ready to run.
 *
 * @param description in a few words, for people
 * @param preprocessing what it expects
 * @param embedder from images to features
 * @param graph gives it as a DL4J graph with its batch normalisation unfolded, where it is one
 * @param onnxFile the file it came from, where it is an ONNX network
 * @param licence its terms, where they are known
 */
record OpenBackbone(
    String description,
    Preprocessing preprocessing,
    Embedder embedder,
    Optional<Supplier<ComputationGraph>> graph,
    Optional<Path> onnxFile,
    Optional<String> licence)
    implements AutoCloseable {
  @Override
  public void close() {
    embedder.close();
  }
}
