package org.mien.trainer.evaluation;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Crop;
import org.mien.core.progress.Progress;
import org.mien.core.random.SeedStreams;
import org.mien.data.protocol.LfwPairs;
import org.mien.data.protocol.PairList;
import org.mien.data.source.LfwConfig;
import org.mien.eval.verification.VerificationOptions;
import org.mien.model.embed.Embedder;

/**
 * LFW (Huang et al. 2007), restricted to the pairs of people who were not trained on.
 *
 * @param pairsFile {@code pairs.txt} (View 2) or {@code pairsDevTest.txt} (View 1)
 * @param images folder of {@code Name/Name_0001.jpg}
 * @param crop the part of these images that shows a face as the model was trained on it
 * @param leaveOutFailures as in {@link PairProtocol}
 */
public record LfwProtocol(Path pairsFile, Path images, Crop crop, boolean leaveOutFailures) {

  /** A protocol in which an image that cannot be acquired is an error. */
  public LfwProtocol(Path pairsFile, Path images, Crop crop) {
    this(pairsFile, images, crop, false);
  }

  /**
   * Runs the protocol, as {@link PairProtocol#run} says.
   *
   * @throws DataException naming the pairs file, the folder or the image at fault
   */
  public VerificationOutcome run(
      Embedder model,
      Set<String> trainedOn,
      VerificationOptions options,
      SeedStreams seeds,
      Progress.Factory progress) {
    try {
      return toPairs(seeds).run(model, trainedOn, options, seeds, progress);
    } catch (DataException e) {
      throw DataException.in(images, "with " + pairsFile + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads the pairs and lists the images.
   *
   * @throws DataException naming the pairs file or the folder at fault
   */
  public PairProtocol toPairs(SeedStreams seeds) {
    PairList pairs = LfwPairs.read(pairsFile);
    boolean view2 = pairs.folds() > 1;
    return new PairProtocol(
        view2 ? "lfw" : "lfw-view1",
        view2 ? "LFW View 2" : "LFW View 1",
        view2
            ? "The official pairs in ten folds that share no person. The threshold of each fold is"
                + " the one that decides the other nine best."
            : "The development pairs, for choosing between models; View 2 is for reporting.",
        pairs,
        new LfwConfig(images, 1).open(seeds).samples(),
        crop,
        List.of(),
        leaveOutFailures);
  }
}
