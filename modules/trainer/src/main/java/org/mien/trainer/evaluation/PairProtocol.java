package org.mien.trainer.evaluation;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.mien.core.embedding.EmbeddingMatrix;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Crop;
import org.mien.core.progress.Progress;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.Decoding;
import org.mien.data.manifest.FaceSamples;
import org.mien.data.protocol.Pair;
import org.mien.data.protocol.PairList;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.verification.VerificationOptions;
import org.mien.model.embed.Embedder;
import org.mien.trainer.feature.FeatureExtractor;
import org.mien.trainer.feature.FeatureTable;

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
 * @param leaveOutFailures whether pairs with an image that cannot be acquired are left out and
 *     counted, rather than an error
 */
public record PairProtocol(
    String name,
    String title,
    String description,
    PairList pairs,
    FaceSamples samples,
    Crop crop,
    boolean leaveOutFailures) {

  /** A protocol in which an image that cannot be acquired is an error. */
  public PairProtocol(
      String name,
      String title,
      String description,
      PairList pairs,
      FaceSamples samples,
      Crop crop) {
    this(name, title, description, pairs, samples, crop, false);
  }

  /** Returns this protocol under another name for people. */
  public PairProtocol titled(String newTitle) {
    return new PairProtocol(name, newTitle, description, pairs, samples, crop, leaveOutFailures);
  }

  /**
   * Returns this protocol with pairs left out and counted whose images cannot be read, or show no
   * face to the detector.
   */
  public PairProtocol leavingOutFailures() {
    return new PairProtocol(name, title, description, pairs, samples, crop, true);
  }

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
   * Runs the protocol. An image that is missing is an error, and so is one that cannot be acquired
   * unless failures are left out: a published figure rests on all pairs.
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
    FeatureTable table = embedded(model, filtered.kept(), progress);
    EmbeddingMatrix embeddings = table.toMatrix();
    List<Pair> acquired =
        filtered.kept().pairs().stream()
            .filter(p -> embeddings.rowOf(p.keyA()) >= 0 && embeddings.rowOf(p.keyB()) >= 0)
            .toList();
    PairList kept = new PairList(pairs.name(), acquired, pairs.folds());
    if (kept.genuineCount() == 0 || kept.impostorCount() == 0) {
      throw new DataException(
          String.format(
              "%s: %d of %d images could not be acquired, and a figure needs genuine and impostor"
                  + " pairs; the first is %s (%s)",
              pairs.name(),
              table.skipped().size(),
              filtered.kept().keys().size(),
              table.skipped().get(0).key(),
              table.skipped().get(0).reason()));
    }
    return VerificationOutcome.of(
        name,
        title,
        description,
        kept,
        new VerificationOutcome.Faces(
            table.samples(),
            embeddings,
            table.skipped(),
            filtered.kept().pairs().size() - acquired.size()),
        filtered.leftOut() == 0
            ? Optional.empty()
            : Optional.of(
                new VerificationOutcome.LeftOut(
                    filtered.leftOut(), pairs.pairs().size(), filtered.identitiesFound().size())),
        options,
        seeds);
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
    return PairScoring.score(kept, embedded(model, kept, progress).toMatrix());
  }

  private FeatureTable embedded(Embedder model, PairList kept, Progress.Factory progress) {
    return new FeatureExtractor(
            model, crop, Decoding.FULL, Optional.empty(), !leaveOutFailures, progress)
        .extract(name, NamedFaces.select(samples, kept.keys(), pairs.name()));
  }
}
