package org.mien.trainer.experiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.core.random.SeedStreams;
import org.mien.core.run.RunDirectory;
import org.mien.data.augment.AugmentationPipeline;
import org.mien.data.image.Decoding;
import org.mien.data.image.FacePreprocessor;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.Skipped;
import org.mien.data.sampling.ClassWeightsConfig;
import org.mien.data.sampling.Split;
import org.mien.model.backbone.GraphBackboneConfig;
import org.mien.model.checkpoint.CheckpointStore;
import org.mien.model.embed.Embedder;
import org.mien.model.embed.TranslationCache;
import org.mien.model.graph.FaceGraph;
import org.mien.model.graph.GraphCut;
import org.mien.model.graph.LearningRateFactors;
import org.mien.model.head.HeadGraph;
import org.mien.model.loss.IdentityWeights;
import org.mien.model.loss.TaskLoss;
import org.mien.model.task.ModelTask;
import org.mien.trainer.feature.AugmentedViews;
import org.mien.trainer.feature.FeatureCache;
import org.mien.trainer.feature.FeatureExtractor;
import org.mien.trainer.feature.FeatureRows;
import org.mien.trainer.feature.FeatureTable;
import org.mien.trainer.feature.ImageRows;
import org.mien.trainer.feature.ReadableImages;
import org.mien.trainer.feature.ViewRows;
import org.mien.trainer.head.FusedHeadEngine;
import org.mien.trainer.loop.AveragingConfig;
import org.mien.trainer.loop.GraphEngine;
import org.mien.trainer.loop.Trainer;
import org.mien.trainer.loop.TrainingConfig;
import org.mien.trainer.loop.TrainingEngine;
import org.mien.trainer.loop.TrainingRows;
import org.mien.trainer.loop.TrainingState;
import org.mien.trainer.observe.EpochRecord;
import org.mien.trainer.observe.TrainCsv;
import org.mien.trainer.observe.TrainingLog;
import org.mien.trainer.task.TaskSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The training stage of an experiment: the head on a frozen backbone, or the whole network. */
final class NetworkTraining {
  private static final Logger LOG = LoggerFactory.getLogger(NetworkTraining.class);

  private static final ReentrantLock CACHE_TURN = new ReentrantLock();

  private final ExperimentConfig config;
  private final Split split;
  private final RunDirectory run;
  private final Circumstances circumstances;
  private final TrainingLog watchers;
  private final SeedStreams seeds;
  private final TaskSet tasks;

  /**
   * @param watchers told the figures of each epoch
   */
  NetworkTraining(
      ExperimentConfig config,
      Split split,
      RunDirectory run,
      Circumstances circumstances,
      TrainingLog watchers) {
    this.watchers = watchers;
    this.config = config;
    this.split = split;
    this.run = run;
    this.circumstances = circumstances;
    this.seeds = new SeedStreams(config.seed());
    this.tasks = TaskSet.of(config.model().tasks(), split.train());
  }

  /**
   * Trains as {@link #train}, and computes nothing that only a report needs: no feature of an image
   * for the test or of a person held out for verification, and none with the trained network but
   * those of the withheld images.
   *
   * @param withheld images of people who are not trained on, to be embedded
   * @param kept features by what they depend on, shared by several trainings
   */
  Candidate candidate(List<FaceSample> withheld, KeptFeatures kept) {
    List<FaceSample> wanted = new ArrayList<>(split.train());
    wanted.addAll(split.validation());
    wanted.addAll(withheld);
    return switch (config.model().freeze()) {
      case BACKBONE -> candidateHead(wanted, withheld, kept);
      case UP_TO -> candidateUpper(wanted, withheld);
      case NONE -> {
        GraphBackboneConfig network = trainedBackbone();
        Fitted fitted = fitAll(network);
        ReadableImages strangers = readable("left-out images", withheld, network.input());
        TrainingRows rows =
            ImageRows.images(
                strangers,
                identitiesOf(strangers.samples()),
                network.input(),
                AugmentationPipeline.of(List.of()),
                seeds);
        yield candidate(fitted, rows, strangers.samples());
      }
    };
  }

  private Candidate candidateHead(
      List<FaceSample> wanted, List<FaceSample> withheld, KeptFeatures kept) {
    boolean needsBackbone = !isCached() || config.training().augmentedViews() > 0;
    Optional<FeatureTable> found =
        needsBackbone
            ? Optional.empty()
            : Optional.of(
                kept.of(
                    config,
                    () -> {
                      try (OpenBackbone backbone = frozenBackbone()) {
                        return computed(backbone, wanted);
                      }
                    }));
    if (found.isPresent()) {
      requireUsable(readable(found.get(), split.train()), found.get().skipped());
      FeatureTable training = found.get().select(split.train());
      TrainingRows rows =
          tasks.label(new FeatureRows(training, split.identities()), training.samples());
      return candidateHead(found.get(), rows, withheld);
    }
    try (OpenBackbone backbone = frozenBackbone()) {
      FeatureTable features = computed(backbone, wanted);
      requireUsable(readable(features, split.train()), features.skipped());
      return candidateHead(features, featureRows(backbone, features), withheld);
    }
  }

  private Candidate candidateHead(
      FeatureTable features, TrainingRows training, List<FaceSample> withheld) {
    return candidate(fitHead(features, training), features, withheld);
  }

  private Candidate candidateUpper(List<FaceSample> wanted, List<FaceSample> withheld) {
    GraphBackboneConfig network = trainedBackbone();
    ComputationGraph pretrained = initial(network);
    GraphCut cut =
        GraphCut.behind(pretrained, config.model().frozenUpTo().orElseThrow(), network.input());
    try (OpenBackbone lower = lower(network, cut)) {
      FeatureTable features = computed(lower, wanted);
      requireUsable(readable(features, split.train()), features.skipped());
      return candidate(fitUpper(network, pretrained, cut, lower, features), features, withheld);
    }
  }

  private static Candidate candidate(
      Fitted fitted, FeatureTable features, List<FaceSample> withheld) {
    FeatureTable strangers = features.select(withheld);
    TrainingRows rows = new FeatureRows(strangers, identitiesOf(strangers.samples()));
    return candidate(fitted, rows, strangers.samples());
  }

  private static Candidate candidate(
      Fitted fitted, TrainingRows strangers, List<FaceSample> samples) {
    return new Candidate(
        fitted.state(),
        samples,
        samples.isEmpty() ? new float[0] : RowEmbeddings.of(fitted.best(), strangers));
  }

  private static List<String> identitiesOf(List<FaceSample> samples) {
    return samples.stream().map(FaceSample::identity).distinct().sorted().toList();
  }

  /**
   * What is left of a candidate.
   *
   * @param withheld the images of people not trained on that could be read
   * @param embeddings theirs, {@code (withheld, dimension)}
   */
  @SuppressWarnings("ArrayRecordComponent") // candidates are never compared
  record Candidate(TrainingState state, List<FaceSample> withheld, float[] embeddings) {}

  /** Trains, or goes on training from the run's newest checkpoint. */
  TrainedNetwork train() {
    return switch (config.model().freeze()) {
      case BACKBONE -> trainHead();
      case UP_TO -> trainUpper();
      case NONE -> trainAll();
    };
  }

  private TrainedNetwork trainHead() {
    OpenBackbone backbone = frozenBackbone();
    try {
      FeatureTable features = trainingFeatures(backbone);
      Fitted fitted = fitHead(features, featureRows(backbone, features));
      return new TrainedNetwork(
          backbone, fitted.best(), fitted.state(), features, tasks.tasks(), fitted.engine());
    } catch (RuntimeException | Error e) {
      backbone.close();
      throw e;
    }
  }

  private OpenBackbone frozenBackbone() {
    OpenBackbone backbone =
        BackboneOpener.frozen(
            config.model().backbone(),
            config.model().engine(),
            seeds,
            Optional.of(cacheFolder()).filter(folder -> isCached()).map(TranslationCache::new));
    try {
      // Before hours of features are computed.
      config.model().head().requireFeatures(backbone.embedder().dimension());
      return backbone;
    } catch (RuntimeException e) {
      backbone.close();
      throw e;
    }
  }

  /** The network that training starts from, if the head can start from its features. */
  private ComputationGraph initial(GraphBackboneConfig network) {
    ComputationGraph graph = BackboneOpener.graph(network, seeds.seedOf("model/weights"));
    config.model().head().requireFeatures(FaceGraph.featureDimension(graph, network.input()));
    return graph;
  }

  private Fitted fitHead(FeatureTable features, TrainingRows training) {
    IdentityWeights weights = identityWeights(training);
    ComputationGraph head = newHead(features.dimension(), weights);
    return fit(
        head,
        training,
        validationRows(features),
        graph -> headEngine(graph, training.shape(), weights));
  }

  /** The frozen part runs as a backbone of its own; what is behind the cut is trained on it. */
  private TrainedNetwork trainUpper() {
    GraphBackboneConfig network = trainedBackbone();
    ComputationGraph pretrained = initial(network);
    GraphCut cut =
        GraphCut.behind(pretrained, config.model().frozenUpTo().orElseThrow(), network.input());
    try (OpenBackbone lower = lower(network, cut)) {
      FeatureTable features = trainingFeatures(lower);
      Fitted fitted = fitUpper(network, pretrained, cut, lower, features);
      return finished(network, cut.rejoined(fitted.best()), fitted);
    }
  }

  private OpenBackbone lower(GraphBackboneConfig network, GraphCut cut) {
    return BackboneOpener.frozen(
        network.describe() + " up to " + cut.vertex(),
        network.input(),
        cut.lower(),
        config.model().engine());
  }

  private Fitted fitUpper(
      GraphBackboneConfig network,
      ComputationGraph pretrained,
      GraphCut cut,
      OpenBackbone lower,
      FeatureTable features) {
    TrainingRows training = featureRows(lower, features);
    int dimension = FaceGraph.featureDimension(pretrained, network.input());
    ComputationGraph upper =
        trainable(cut.upper(), dimension, identityWeights(training), seeds.seedOf("model/weights"));
    return fit(upper, training, validationRows(features), graph -> graphEngine(graph, training));
  }

  private TrainedNetwork trainAll() {
    GraphBackboneConfig network = trainedBackbone();
    Fitted fitted = fitAll(network);
    return finished(network, fitted.best(), fitted);
  }

  private Fitted fitAll(GraphBackboneConfig network) {
    Preprocessing input = network.input();
    ComputationGraph backbone = initial(network);
    ReadableImages images = readable("training images", split.train(), input);
    requireUsable(images.samples(), images.skipped());
    TrainingRows training =
        tasks.label(
            ImageRows.images(images, split.identities(), input, augmentation(), seeds),
            images.samples());
    int dimension = FaceGraph.featureDimension(backbone, input);
    ComputationGraph whole =
        trainable(backbone, dimension, identityWeights(training), seeds.seedOf("model/weights"));
    ReadableImages choosing = readable("validation images", split.validation(), input);
    TrainingRows validation =
        tasks.label(
            ImageRows.images(
                choosing, split.identities(), input, AugmentationPipeline.of(List.of()), seeds),
            choosing.samples());
    return fit(whole, training, validation, graph -> graphEngine(graph, training));
  }

  private ReadableImages readable(String task, List<FaceSample> samples, Preprocessing input) {
    return ReadableImages.of(
        task, samples, input, config.data().strict(), circumstances.progress());
  }

  private GraphBackboneConfig trainedBackbone() {
    return trainedBackbone(config.model());
  }

  static GraphBackboneConfig trainedBackbone(ModelConfig model) {
    if (model.backbone() instanceof GraphBackboneConfig network) {
      return network;
    }
    throw new ConfigException(
        "model.freeze: none and up-to train backbones that Mien builds layer by layer; an ONNX"
            + " network or a built-in one can only be frozen (model.freeze: backbone)");
  }

  private ComputationGraph trainable(
      ComputationGraph backbone, int dimension, IdentityWeights weights, long seed) {
    return FaceGraph.trainable(
        backbone,
        dimension,
        config.model().head(),
        config.model().loss(),
        weights,
        split.identities().size(),
        tasks.heads(),
        config.training().optimizer().toUpdater(),
        new FaceGraph.Tuning(
            config.training().decay(),
            config.model().batchNormStatistics() == ModelConfig.BatchNormStatistics.RUNNING,
            new LearningRateFactors(config.model().learningRateFactors())),
        seed);
  }

  /** Takes a trained network apart into a backbone and a head. */
  private TrainedNetwork finished(
      GraphBackboneConfig network, ComputationGraph whole, Fitted fitted) {
    OpenBackbone backbone =
        BackboneOpener.frozen(
            network.describe(),
            network.input(),
            FaceGraph.backboneOf(whole),
            config.model().engine());
    FeatureTable features = features(backbone, allSamples());
    requireUsable(readable(features, split.train()), features.skipped());
    ComputationGraph head = newHead(features.dimension(), identityWeights(fitted.training()));
    for (Layer layer : head.getLayers()) {
      if (layer.numParams() > 0) {
        String name = layer.conf().getLayer().getLayerName();
        layer.setParams(whole.getLayer(name).params());
      }
    }
    return new TrainedNetwork(
        backbone, head, fitted.state(), features, tasks.tasks(), fitted.engine());
  }

  private FeatureTable trainingFeatures(OpenBackbone backbone) {
    FeatureTable features = computed(backbone, allSamples());
    requireUsable(readable(features, split.train()), features.skipped());
    return features;
  }

  private FeatureTable computed(OpenBackbone backbone, List<FaceSample> samples) {
    return isCached()
        ? withCache(backbone, cache -> extract(backbone.embedder(), cache, samples))
        : features(backbone, samples);
  }

  private TrainingRows featureRows(OpenBackbone backbone, FeatureTable features) {
    FeatureTable training = features.select(split.train());
    return tasks.label(rows(backbone, training), training.samples());
  }

  private TrainingRows rows(OpenBackbone backbone, FeatureTable training) {
    if (config.training().augmentedViews() > 0) {
      return viewRows(backbone, training);
    }
    return isCached()
        ? new FeatureRows(training, split.identities())
        : ImageRows.features(
            training.samples(), split.identities(), backbone.embedder(), augmentation(), seeds);
  }

  private TrainingRows viewRows(OpenBackbone backbone, FeatureTable plain) {
    AugmentedViews views =
        new AugmentedViews(augmentation(), config.training().augmentedViews(), seeds);
    FacePreprocessor cropping =
        new FacePreprocessor(backbone.preprocessing(), config.data().decoding());
    List<FeatureTable> tables = new ArrayList<>(List.of(plain));
    withCache(
        backbone,
        cache -> {
          // Every image was readable a moment ago: one that is not any more ends the run.
          FeatureExtractor extractor =
              new FeatureExtractor(
                  backbone.embedder(),
                  new Crop.None(),
                  Decoding.FULL,
                  cache,
                  true,
                  circumstances.progress());
          for (int view = 1; view <= views.count(); view++) {
            tables.add(
                extractor.extract(
                    "view " + view + " of " + views.count(),
                    views.samples(plain.samples(), view, cropping)));
          }
          return tables;
        });
    return new ViewRows(tables, split.identities(), seeds);
  }

  private TrainingRows validationRows(FeatureTable features) {
    FeatureTable validation = features.select(split.validation());
    return tasks.label(new FeatureRows(validation, split.identities()), validation.samples());
  }

  private Path cacheFolder() {
    return config.training().cacheFolder().orElse(circumstances.cacheFolder());
  }

  private boolean isCached() {
    return config.training().cache() == TrainingConfig.Cache.ON;
  }

  /**
   * Trains the graph from the newest checkpoint, or from its start.
   *
   * @return the graph that was trained, which is another one than the one given after a checkpoint
   */
  private Fitted fit(
      ComputationGraph fresh,
      TrainingRows training,
      TrainingRows validation,
      Function<ComputationGraph, TrainingEngine> engineOf) {
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
    requireLabels(validation);
    ComputationGraph graph = checkpoint.map(CheckpointStore.Checkpoint::graph).orElse(fresh);
    List<EpochRecord> epochs = new ArrayList<>(start.epochs());
    Trainer trainer =
        new Trainer(
            config.training(),
            seeds,
            training,
            validation.size() == 0 ? Optional.empty() : Optional.of(validation),
            (trained, average, state) -> {
              store.save(
                  state.epochs().size(),
                  state.stepInEpoch(),
                  trained,
                  average,
                  TrainingStateFile.text(state));
              store.prune(config.training().keepCheckpoints(), best(state));
            },
            epoch -> {
              epochs.add(epoch);
              TrainCsv.write(run.trainCsv(), epochs);
              watchers.epoch(epoch);
            },
            circumstances.progress(),
            circumstances.stop());
    try (TrainingEngine engine = engineOf.apply(graph)) {
      LOG.info("training with the engine {}", engine.name());
      TrainingState end =
          trainer.train(engine, start, checkpoint.flatMap(CheckpointStore.Checkpoint::average));
      return new Fitted(bestOf(store, graph, end), end, engine.name(), training);
    }
  }

  /** A task can only choose the epoch if some validation image has its label. */
  private void requireLabels(TrainingRows validation) {
    config
        .training()
        .choice()
        .task()
        .ifPresent(
            name -> {
              int task = tasks.tasks().stream().map(ModelTask::name).toList().indexOf(name);
              if (IntStream.range(0, validation.size())
                  .allMatch(row -> validation.taskLabel(task, row) == TaskLoss.UNKNOWN)) {
                throw new ConfigException(
                    "training.chooseBy: no validation image has the attribute of the task "
                        + name
                        + ", so it cannot choose");
              }
            });
  }

  private OptionalInt best(TrainingState state) {
    int best = state.bestEpoch(config.training().choice());
    return best == 0 ? OptionalInt.empty() : OptionalInt.of(best);
  }

  /** The network of the best epoch; where weights are averaged, with the average. */
  private ComputationGraph bestOf(
      CheckpointStore store, ComputationGraph last, TrainingState state) {
    int best = state.bestEpoch(config.training().choice());
    boolean averaged = !(config.training().averaging() instanceof AveragingConfig.None);
    if (best == state.epochs().size() && !averaged) {
      return last;
    }
    CheckpointStore.Checkpoint kept = store.afterEpoch(best);
    if (averaged) {
      kept.graph()
          .params()
          .assign(
              kept.average()
                  .orElseThrow(
                      () -> DataException.in(kept.file(), "holds no average of the weights")));
    }
    return kept.graph();
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

  /**
   * @param best with the weights of the best epoch
   * @param training what it was fitted to
   */
  private record Fitted(
      ComputationGraph best, TrainingState state, String engine, TrainingRows training) {}

  private TrainingEngine graphEngine(ComputationGraph graph, TrainingRows rows) {
    return new GraphEngine(
        graph,
        rows.shape(),
        config.training().gradientClipping(),
        new LearningRateFactors(config.model().learningRateFactors()),
        tasks.heads(),
        config.training().replicas());
  }

  private TrainingEngine headEngine(ComputationGraph graph, long[] shape, IdentityWeights weights) {
    TrainingConfig training = config.training();
    Optional<String> obstacle =
        tasks.heads().isEmpty()
            ? FusedHeadEngine.obstacle(config.model().head(), config.model().loss())
            : Optional.of("it trains identities alone, not model.tasks");
    boolean insists =
        training.engine() == TrainingConfig.Engine.FUSED || training.sampledIdentities() < 1;
    if (obstacle.isPresent() && insists) {
      throw new ConfigException(
          "training.engine: the fused engine cannot train this: " + obstacle.get());
    }
    if (training.engine() == TrainingConfig.Engine.GRAPH || obstacle.isPresent()) {
      return new GraphEngine(
          graph, shape, training.gradientClipping(), LearningRateFactors.NONE, tasks.heads(), 1);
    }
    return FusedHeadEngine.of(
        graph,
        config.model().head(),
        config.model().loss(),
        weights,
        training,
        seeds,
        FusedHeadEngine.sensibleThreads(
            graph, training.batchSize(), Runtime.getRuntime().availableProcessors()));
  }

  private AugmentationPipeline augmentation() {
    return AugmentationPipeline.of(config.data().augmentation());
  }

  /** Weighs by how often an epoch shows each identity, for that is what the weights even out. */
  private IdentityWeights identityWeights(TrainingRows training) {
    double scale = config.model().identityWeight();
    if (config.training().classWeights() instanceof ClassWeightsConfig.None) {
      return IdentityWeights.EQUAL.scaledTo(scale);
    }
    int[] labels = new int[training.size()];
    Arrays.setAll(labels, training::label);
    int[] counts = new int[split.identities().size()];
    for (int row : config.training().sampling().order(labels, 1, seeds)) {
      counts[labels[row]]++;
    }
    return IdentityWeights.of(config.training().classWeights().weights(counts)).scaledTo(scale);
  }

  private ComputationGraph newHead(int features, IdentityWeights weights) {
    ComputationGraph head =
        HeadGraph.build(
            features,
            split.identities().size(),
            config.model().head(),
            config.model().loss(),
            weights,
            tasks.heads(),
            config.training().optimizer().toUpdater(),
            seeds.seedOf("model/head"));
    GraphEngine.decay(head, config.training().decay());
    return head;
  }

  private <T> T withCache(OpenBackbone backbone, Function<Optional<FeatureCache>, T> work) {
    // One process at a time holds the file; the candidates of a search, in one, take turns.
    CACHE_TURN.lock();
    try (FeatureCache cache =
        FeatureCache.open(
            cacheFolder(),
            backbone.embedder().fingerprint(),
            new FacePreprocessor(backbone.preprocessing(), config.data().decoding()).describe()
                + " on "
                + backbone.embedder().engine(),
            backbone.embedder().dimension())) {
      return work.apply(Optional.of(cache));
    } finally {
      CACHE_TURN.unlock();
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
  private void requireUsable(List<FaceSample> readable, List<Skipped> skipped) {
    Set<String> lost = new TreeSet<>(split.identities());
    readable.forEach(sample -> lost.remove(sample.identity()));
    if (!lost.isEmpty()) {
      throw new DataException(
          "no training image can be read of "
              + String.join(", ", lost)
              + "; "
              + skipped.size()
              + " images were skipped, the first: "
              + skipped.get(0).key()
              + " ("
              + skipped.get(0).reason()
              + ")");
    }
  }
}
