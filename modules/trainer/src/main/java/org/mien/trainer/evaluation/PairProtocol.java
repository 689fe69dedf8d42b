package org.mien.trainer.evaluation;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Crop;
import org.mien.core.progress.Progress;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.Decoding;
import org.mien.data.manifest.FaceSamples;
import org.mien.data.protocol.PairList;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.verification.VerificationEvaluation;
import org.mien.eval.verification.VerificationOptions;
import org.mien.model.embed.Embedder;
import org.mien.trainer.feature.FeatureExtractor;

/**
 * A verification protocol on a model: its pairs, without those that show people the model was
 * trained on.
 *
 * @param name in {@code metrics.json}, such as {@code cfp-fp}
 * @param title its name for people
 * @param description how pairs and threshold come about, in sentences
 * @param pairs which images are compared
 * @param samples the images; those that no pair names are not looked at
 * @param crop the part of these images that shows a face as the model was trained on it
 */
public record PairProtocol(
    String name, String title, String description, PairList pairs, FaceSamples samples, Crop crop) {

  /** A protocol whose texts follow from its pairs. */
  public static PairProtocol of(PairList pairs, FaceSamples samples, Crop crop) {
    return new PairProtocol(
        pairs.name(), pairs.name().toUpperCase(Locale.ROOT), folds(pairs), pairs, samples, crop);
  }

  private static String folds(PairList pairs) {
    if (pairs.folds() == 1) {
      return "The pairs have no folds, so there is no accuracy: its threshold would have to be chosen"
          + " on other pairs.";
    }
    int shared = pairs.identitiesSharedByFolds().size();
    return String.format(
        "The pairs in %d folds%s. The threshold of each fold is the one that decides the others"
            + " best.",
        pairs.folds(),
        shared == 0
            ? " that share no person"
            : ", which share " + shared + " people, so that the accuracy looks better than it is");
  }

  /**
   * Runs the protocol. An image that is missing or cannot be read is an error: a published figure
   * rests on all pairs.
   *
   * @param model images to embeddings
   * @param trainedOn identities of the model's training set, whose pairs are left out
   * @param options what is reported
   * @param seeds of the bootstrap
   * @throws DataException if an image is missing or unreadable, or too few pairs are left
   */
  public VerificationOutcome run(
      Embedder model,
      Set<String> trainedOn,
      VerificationOptions options,
      SeedStreams seeds,
      Progress.Factory progress) {
    PairList.Filtered filtered = usable(trainedOn);
    List<ScoredPair> scored = scored(model, filtered.kept(), progress);
    return new VerificationOutcome(
        name,
        title,
        description,
        filtered.kept(),
        scored,
        VerificationEvaluation.evaluate(scored, options, seeds.stream("bootstrap/" + name)),
        filtered.leftOut() == 0
            ? Optional.empty()
            : Optional.of(
                new VerificationOutcome.LeftOut(
                    filtered.leftOut(), pairs.pairs().size(), filtered.identitiesFound().size())));
  }

  /**
   * Scores the pairs, without those that show people the model was trained on.
   *
   * @throws DataException as {@link #run}
   */
  public ScoreSet scores(Embedder model, Set<String> trainedOn, Progress.Factory progress) {
    return ScoreSet.ofPairs(scored(model, usable(trainedOn).kept(), progress));
  }

  private PairList.Filtered usable(Set<String> trainedOn) {
    PairList.Filtered filtered = pairs.without(trainedOn);
    PairList kept = filtered.kept();
    if (kept.genuineCount() == 0 || kept.impostorCount() == 0) {
      throw new DataException(
          String.format(
              "%s: %d of %d pairs show people the model was trained on; what is left are %d genuine"
                  + " and %d impostor pairs, and a figure needs both",
              pairs.name(),
              filtered.leftOut(),
              pairs.pairs().size(),
              kept.genuineCount(),
              kept.impostorCount()));
    }
    return filtered;
  }

  private List<ScoredPair> scored(Embedder model, PairList kept, Progress.Factory progress) {
    return PairScoring.score(
        kept,
        new FeatureExtractor(model, crop, Decoding.FULL, Optional.empty(), true, progress)
            .extract(name, NamedFaces.select(samples, kept.keys(), pairs.name()))
            .toMatrix());
  }
}
