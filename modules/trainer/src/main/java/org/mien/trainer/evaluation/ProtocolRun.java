package org.mien.trainer.evaluation;

import java.util.Set;
import org.mien.core.progress.Progress;
import org.mien.core.random.SeedStreams;
import org.mien.model.embed.Embedder;
import org.mien.model.file.FaceModel;

/**
 * What a protocol is run with.
 *
 * @param model what is evaluated
 * @param embedder images to embeddings: the model's own, or one that averages mirror images
 * @param trainedOn identities of the model's training set
 * @param replicates of every bootstrap, at least 2
 * @param keepWorst whether the pairs that go most wrong are looked for where that takes a search of
 *     its own
 * @param seeds of everything random; each protocol draws from streams of its own name
 */
public record ProtocolRun(
    FaceModel model,
    Embedder embedder,
    Set<String> trainedOn,
    int replicates,
    boolean keepWorst,
    SeedStreams seeds,
    Progress.Factory progress) {
  public ProtocolRun {
    trainedOn = Set.copyOf(trainedOn);
  }
}
