package org.mien.trainer.experiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.core.random.SeedStreams;
import org.mien.core.run.RunDirectory;
import org.mien.data.augment.AugmentationPipeline;
import org.mien.data.image.FacePreprocessor;
import org.mien.data.manifest.FaceSample;
import org.mien.data.sampling.ClassWeightsConfig;
import org.mien.data.sampling.Split;
import org.mien.model.backbone.GraphBackboneConfig;
import org.mien.model.checkpoint.CheckpointStore;
import org.mien.model.embed.Embedder;
import org.mien.model.graph.FaceGraph;
import org.mien.model.head.HeadGraph;
import org.mien.model.loss.IdentityWeights;
import org.mien.trainer.feature.FeatureCache;
import org.mien.trainer.feature.FeatureExtractor;
import org.mien.trainer.feature.FeatureRows;
import org.mien.trainer.feature.FeatureTable;
import org.mien.trainer.feature.ImageRows;
import org.mien.trainer.loop.Trainer;
import org.mien.trainer.loop.TrainingConfig;
import org.mien.trainer.loop.TrainingRows;
import org.mien.trainer.loop.TrainingState;
import org.mien.trainer.observe.EpochRecord;
import org.mien.trainer.observe.TrainCsv;

/** The training stage of an experiment: the head on a frozen backbone, or the whole network. */
final class NetworkTraining {
  private final ExperimentConfig config;
  private final Split split;
  private final RunDirectory run;
  private final Circumstances circumstances;
  private final SeedStreams seeds;

  NetworkTraining(
      ExperimentConfig config, Split split, RunDirectory run, Circumstances circumstances) {
    this.config = config;
    this.split = split;
    this.run = run;
    this.circumstances = circumstances;
    this.seeds = new SeedStreams(config.seed());
  }

  /** Trains, or goes on training from the run's newest checkpoint. */
  TrainedNetwork train() {
    return config.model().freeze() == ModelConfig.Freeze.NONE ? trainAll() : trainHead();
  }

  private TrainedNetwork trainHead() {
    OpenBackbone backbone =
        BackboneOpener.frozen(config.model().backbone(), config.model().engine(), seeds);
    try {
      boolean cached = config.training().cache() == TrainingConfig.Cache.ON;
      FeatureTable features = cached ? cachedFeatures(backbone) : features(backbone, allSamples());
      requireUsable(features);
      TrainingRows training =
          cached
              ? new FeatureRows(features.select(split.train()), split.identities())
              : ImageRows.features(
                  readable(features, split.train()),
                  split.identities(),
                  backbone.embedder(),
                  augmentation(),
                  seeds);
      ComputationGraph head = newHead(features.dimension(), identityWeights(training));
      TrainingRows validation =
          new FeatureRows(features.select(split.validation()), split.identities());
      Fitted fitted = fit(head, training, validation);
      return new TrainedNetwork(backbone, fitted.best(), fitted.state(), features);
    } catch (RuntimeException | Error e) {
      backbone.close();
      throw e;
    }
  }

  private TrainedNetwork trainAll() {
    if (!(config.model().backbone() instanceof GraphBackboneConfig network)) {
      throw new ConfigException(
          "model.freeze: none trains backbones that Mien builds layer by layer; an ONNX network or a"
              + " built-in one can only be frozen (model.freeze: backbone)");
    }
    Preprocessing input = network.input();
    long seed = seeds.seedOf("model/weights");
    TrainingRows training =
        ImageRows.images(split.train(), split.identities(), input, augmentation(), seeds);
    IdentityWeights weights = identityWeights(training);
    ComputationGraph whole =
        FaceGraph.trainable(
            BackboneOpener.graph(network, seed),
            input,
            config.model().head(),
            config.model().loss(),
            weights,
            split.identities().size(),
            config.training().optimizer().toUpdater(),
            config.training().weightDecay(),
            seed);
    TrainingRows validation =
        ImageRows.images(
            split.validation(),
            split.identities(),
            input,
            AugmentationPipeline.of(List.of()),
            seeds);
    Fitted fitted = fit(whole, training, validation);
    ComputationGraph best = fitted.best();
    OpenBackbone backbone =
        BackboneOpener.frozen(
            network.describe(), input, FaceGraph.backboneOf(best), config.model().engine());
    FeatureTable features = features(backbone, allSamples());
    requireUsable(features);
    ComputationGraph head = newHead(features.dimension(), weights);
    for (String layer : List.of(HeadGraph.EMBEDDING, HeadGraph.CLASSIFIER)) {
      head.getLayer(layer).setParams(best.getLayer(layer).params());
    }
    return new TrainedNetwork(backbone, head, fitted.state(), features);
  }

  /**
   * Trains the graph from the newest checkpoint, or from its start.
   *
   * @return the graph that was trained, which is another one than the one given after a checkpoint
   */
  private Fitted fit(ComputationGraph fresh, TrainingRows training, TrainingRows validation) {
    if (training.size() == 0) {
      throw new DataException("there is no image to train on");
    }
    CheckpointStore store = new CheckpointStore(run.checkpoints());
    Optional<CheckpointStore.Checkpoint> checkpoint = store.latest();
    TrainingState start =
        checkpoint
            .map(found -> TrainingStateFile.parse(found.state(), found.file()))
            .orElse(TrainingState.initial());
    checkpoint.ifPresent(found -> requireSameShape(found, fresh));
    ComputationGraph graph = checkpoint.map(CheckpointStore.Checkpoint::graph).orElse(fresh);
    List<EpochRecord> epochs = new ArrayList<>(start.epochs());
    Trainer trainer =
        new Trainer(
            config.training(),
            seeds,
            training,
            validation.size() == 0 ? Optional.empty() : Optional.of(validation),
            (trained, state) -> {
              store.save(
                  state.epochs().size(),
                  state.stepInEpoch(),
                  trained,
                  TrainingStateFile.text(state));
              store.prune(config.training().keepCheckpoints(), best(state));
            },
            epoch -> {
              epochs.add(epoch);
              TrainCsv.write(run.trainCsv(), epochs);
            },
            circumstances.progress(),
            circumstances.stop());
    TrainingState end = trainer.train(graph, start);
    return new Fitted(bestOf(store, graph, end), end);
  }

  private static OptionalInt best(TrainingState state) {
    int best = state.bestEpoch();
    return best == 0 ? OptionalInt.empty() : OptionalInt.of(best);
  }

  private static ComputationGraph bestOf(
      CheckpointStore store, ComputationGraph last, TrainingState state) {
    return state.bestEpoch() == state.epochs().size()
        ? last
        : store.afterEpoch(state.bestEpoch()).graph();
  }

  private static void requireSameShape(
      CheckpointStore.Checkpoint checkpoint, ComputationGraph fresh) {
    if (checkpoint.graph().numParams() != fresh.numParams()) {
      throw DataException.in(
          checkpoint.file(),
          String.format(
              "holds a network of %d parameters, the recipe and its data make one of %d; they have"
                  + " changed since the run began",
              checkpoint.graph().numParams(), fresh.numParams()));
    }
  }

  private record Fitted(ComputationGraph best, TrainingState state) {}

  private AugmentationPipeline augmentation() {
    return AugmentationPipeline.of(config.data().augmentation());
  }

  /** Weighs by how often an epoch shows each identity, for that is what the weights even out. */
  private IdentityWeights identityWeights(TrainingRows training) {
    if (config.training().classWeights() instanceof ClassWeightsConfig.None) {
      return IdentityWeights.EQUAL;
    }
    int[] labels = new int[training.size()];
    Arrays.setAll(labels, training::label);
    int[] counts = new int[split.identities().size()];
    for (int row : config.training().sampling().order(labels, 1, seeds)) {
      counts[labels[row]]++;
    }
    return IdentityWeights.of(config.training().classWeights().weights(counts));
  }

  private ComputationGraph newHead(int features, IdentityWeights weights) {
    return HeadGraph.build(
        features,
        split.identities().size(),
        config.model().head(),
        config.model().loss(),
        weights,
        config.training().optimizer().toUpdater(),
        seeds.seedOf("model/head"));
  }

  private FeatureTable cachedFeatures(OpenBackbone backbone) {
    Path folder = config.training().cacheFolder().orElse(circumstances.cacheFolder());
    try (FeatureCache cache =
        FeatureCache.open(
            folder,
            backbone.embedder().fingerprint(),
            new FacePreprocessor(backbone.preprocessing(), config.data().decoding()).describe()
                + " on "
                + backbone.embedder().engine(),
            backbone.embedder().dimension())) {
      return extract(backbone.embedder(), Optional.of(cache), allSamples());
    }
  }

  private FeatureTable features(OpenBackbone backbone, List<FaceSample> samples) {
    return extract(backbone.embedder(), Optional.empty(), samples);
  }

  private FeatureTable extract(
      Embedder network, Optional<FeatureCache> cache, List<FaceSample> samples) {
    return new FeatureExtractor(
            network,
            network.preprocessing().crop(),
            config.data().decoding(),
            cache,
            config.data().strict(),
            circumstances.progress())
        .extract("features", samples);
  }

  private List<FaceSample> allSamples() {
    List<FaceSample> all = new ArrayList<>(split.train());
    all.addAll(split.validation());
    all.addAll(split.test());
    all.addAll(split.verification());
    return all;
  }

  private static List<FaceSample> readable(FeatureTable features, List<FaceSample> samples) {
    return features.select(samples).samples();
  }

  /** An identity all of whose training images are unreadable cannot be learned. */
  private void requireUsable(FeatureTable features) {
    Set<String> present = new HashSet<>();
    readable(features, split.train()).forEach(sample -> present.add(sample.identity()));
    Set<String> lost = new TreeSet<>(split.identities());
    lost.removeAll(present);
    if (!lost.isEmpty()) {
      throw new DataException(
          "no training image can be read of "
              + String.join(", ", lost)
              + "; "
              + features.skipped().size()
              + " images were skipped, the first: "
              + features.skipped().get(0).key()
              + " ("
              + features.skipped().get(0).reason()
              + ")");
    }
  }
}
