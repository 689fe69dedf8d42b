package org.mien.trainer.experiment;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.mien.core.error.DataException;
import org.mien.core.random.SeedStreams;
import org.mien.core.run.RunDirectory;
import org.mien.core.run.RunLock;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;
import org.mien.data.protocol.PairList;
import org.mien.data.sampling.PeopleFold;
import org.mien.data.sampling.Split;
import org.mien.data.sampling.VerificationPairs;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.verification.EqualErrorRate;
import org.mien.eval.verification.RocCurve;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.trainer.evaluation.PairScoring;
import org.mien.trainer.feature.FeatureTable;
import org.mien.trainer.loop.TrainingState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains the candidates of a search and stops there: nothing is evaluated, reported or exported.
 * The images that a report counts are not looked at.
 *
 * <p>Candidates share the list of faces, its split and, where they have one frozen backbone, its
 * features, all of which stay in memory. Several threads may train at a time.
 */
public final class CandidateTrainer {
  private static final Logger LOG = LoggerFactory.getLogger(CandidateTrainer.class);

  private final KeptFeatures features = new KeptFeatures();
  private final Map<List<Object>, CandidateMemory.Network> networks = new HashMap<>();
  private List<Object> facesOf = List.of();
  private Split faces;

  /** People taken out of the training: number {@code fold}, from 0, of {@code folds} parts. */
  public record Fold(int fold, int folds) {}

  /**
   * What a candidate achieved.
   *
   * @param state the course of the training
   * @param verification 1 - EER of pairs of the people taken out, in [0, 1]; empty where none were
   */
  public record Outcome(TrainingState state, OptionalDouble verification) {}

  /**
   * Trains one candidate.
   *
   * @param run holds the recipe as {@code resolved.yaml}; training goes on from its newest
   *     checkpoint if it has one
   * @param fold people to be judged by instead of being trained on; empty to train on all
   * @throws org.mien.trainer.loop.StoppedException if the training was asked to stop
   */
  public Outcome train(
      ExperimentConfig config, RunDirectory run, Circumstances circumstances, Optional<Fold> fold) {
    try (RunLock lock = run.lock()) {
      LOG.debug("training {} under {}", run, lock);
      Nd4jRuntime.start();
      SeedStreams seeds = new SeedStreams(config.seed());
      Split all = split(config, seeds);
      if (fold.isEmpty()) {
        return new Outcome(
            training(config, all, run, circumstances).candidate(List.of(), features).state(),
            OptionalDouble.empty());
      }
      PeopleFold part = PeopleFold.of(all, fold.get().fold(), fold.get().folds(), seeds);
      NetworkTraining.Candidate trained =
          training(config, part.rest(), run, circumstances).candidate(part.withheld(), features);
      return new Outcome(
          trained.state(), OptionalDouble.of(verification(config.evaluation(), trained, seeds)));
    }
  }

  private static NetworkTraining training(
      ExperimentConfig config, Split split, RunDirectory run, Circumstances circumstances) {
    return new NetworkTraining(config, split, run, circumstances, epoch -> {});
  }

  private synchronized Split split(ExperimentConfig config, SeedStreams seeds) {
    ExperimentConfig.Data data = config.data();
    List<Object> wanted = List.of(config.seed(), data.source(), data.alignment(), data.split());
    if (!wanted.equals(facesOf)) {
      FaceManifest manifest = data.alignment().apply(data.source().open(seeds));
      faces = Split.of(manifest, data.split(), seeds);
      facesOf = wanted;
    }
    return faces;
  }

  /**
   * Estimates what training a candidate takes, besides what all share. A backbone is opened, and
   * one that is trained is built, unless it was before.
   */
  public CandidateMemory memory(ExperimentConfig config) {
    Nd4jRuntime.start();
    SeedStreams seeds = new SeedStreams(config.seed());
    ModelConfig model = config.model();
    CandidateMemory.Network network;
    synchronized (networks) {
      network =
          networks.computeIfAbsent(
              List.of(model.backbone(), model.freeze(), model.frozenUpTo()),
              unknown -> {
                if (model.freeze() != ModelConfig.Freeze.BACKBONE) {
                  return CandidateMemory.Network.trained(
                      NetworkTraining.trainedBackbone(model), model.frozenUpTo(), config.seed());
                }
                try (OpenBackbone backbone =
                    BackboneOpener.frozen(
                        model.backbone(), model.engine(), seeds, Optional.empty())) {
                  return CandidateMemory.Network.frozen(backbone);
                }
              });
    }
    return CandidateMemory.of(config, split(config, seeds), network);
  }

  /** The same pairs for every candidate of a recipe: they depend on its seed and the fold alone. */
  private static double verification(
      EvaluationConfig wanted, NetworkTraining.Candidate trained, SeedStreams seeds) {
    List<FaceSample> strangers = trained.withheld();
    PairList pairs =
        VerificationPairs.generate(strangers, wanted.genuinePairs(), wanted.impostorPairs(), seeds);
    if (pairs.genuineCount() == 0 || pairs.impostorCount() == 0) {
      throw new DataException(
          "the people taken out of the training make "
              + pairs.genuineCount()
              + " genuine and "
              + pairs.impostorCount()
              + " impostor pairs; expected some of both (evaluation.genuinePairs and impostorPairs"
              + " say how many are drawn; people with one image make no genuine pair)");
    }
    int dimension = trained.embeddings().length / strangers.size();
    ScoreSet scores =
        ScoreSet.ofPairs(
            PairScoring.score(
                pairs, FeatureTable.matrixOf(strangers, dimension, trained.embeddings())));
    return 1 - EqualErrorRate.of(RocCurve.of(scores)).value();
  }
}
