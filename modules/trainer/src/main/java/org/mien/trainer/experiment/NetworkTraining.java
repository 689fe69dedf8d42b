package org.mien.trainer.experiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.core.random.SeedStreams;
import org.mien.core.run.RunDirectory;
import org.mien.data.manifest.FaceSample;
import org.mien.data.sampling.Split;
import org.mien.model.backbone.SmallResNetConfig;
import org.mien.model.embed.Embedder;
import org.mien.model.graph.FaceGraph;
import org.mien.model.head.HeadGraph;
import org.mien.trainer.feature.FeatureCache;
import org.mien.trainer.feature.FeatureExtractor;
import org.mien.trainer.feature.FeatureRows;
import org.mien.trainer.feature.FeatureTable;
import org.mien.trainer.feature.ImageRows;
import org.mien.trainer.loop.TrainingConfig;
import org.mien.trainer.loop.TrainingRows;
import org.mien.trainer.loop.TrainingState;

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
    OpenBackbone backbone = BackboneOpener.frozen(config.model().backbone(), seeds);
    try {
      boolean cached = config.training().cache() == TrainingConfig.Cache.ON;
      FeatureTable features = cached ? cachedFeatures(backbone) : features(backbone, allSamples());
      requireUsable(features);
      ComputationGraph head = newHead(features.dimension());
      TrainingRows training =
          cached
              ? new FeatureRows(features.select(split.train()), split.identities())
              : ImageRows.features(
                  readable(features, split.train()), split.identities(), backbone.embedder());
      TrainingRows validation =
          new FeatureRows(features.select(split.validation()), split.identities());
      TrainingState state = fit(head, training, validation);
      return new TrainedNetwork(backbone, best(head, state), state, features);
    } catch (RuntimeException | Error e) {
      backbone.close();
      throw e;
    }
  }

  private TrainedNetwork trainAll() {
    if (!(config.model().backbone() instanceof SmallResNetConfig small)) {
      throw new ConfigException(
          "model.freeze: none trains a backbone of type small-resnet only; other backbones have"
              + " weights to keep (model.freeze: backbone)");
    }
    Preprocessing input = small.input();
    ComputationGraph whole =
        FaceGraph.trainable(
            small,
            config.model().head(),
            config.model().loss(),
            split.identities().size(),
            config.training().optimizer().toUpdater(),
            config.training().weightDecay(),
            seeds.seedOf("model/weights"));
    TrainingRows training = ImageRows.images(split.train(), split.identities(), input);
    TrainingRows validation = ImageRows.images(split.validation(), split.identities(), input);
    TrainingState state = fit(whole, training, validation);
    ComputationGraph best = best(whole, state);
    OpenBackbone backbone =
        BackboneOpener.frozen("small ResNet " + small.widths(), input, FaceGraph.backboneOf(best));
    FeatureTable features = features(backbone, allSamples());
    requireUsable(features);
    ComputationGraph head = newHead(features.dimension());
    for (String layer : List.of(HeadGraph.EMBEDDING, HeadGraph.CLASSIFIER)) {
      head.getLayer(layer).setParams(best.getLayer(layer).params());
    }
    return new TrainedNetwork(backbone, head, state, features);
  }

  private ComputationGraph newHead(int features) {
    return HeadGraph.build(
        features,
        split.identities().size(),
        config.model().head(),
        config.model().loss(),
        config.training().optimizer().toUpdater(),
        seeds.seedOf("model/head"));
  }

  private FeatureTable cachedFeatures(OpenBackbone backbone) {
    Path folder = config.training().cacheFolder().orElse(circumstances.cacheFolder());
    try (FeatureCache cache =
        FeatureCache.open(
            folder,
            backbone.embedder().fingerprint(),
            backbone.preprocessing().describe() + " on " + backbone.embedder().engine(),
            backbone.embedder().dimension())) {
      return extract(backbone.embedder(), Optional.of(cache), allSamples());
    }
  }

  private FeatureTable features(OpenBackbone backbone, List<FaceSample> samples) {
    return extract(backbone.embedder(), Optional.empty(), samples);
  }

  private FeatureTable extract(
      Embedder network, Optional<FeatureCache> cache, List<FaceSample> samples) {
    return new FeatureExtractor(network, cache, config.data().strict(), circumstances.progress())
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
