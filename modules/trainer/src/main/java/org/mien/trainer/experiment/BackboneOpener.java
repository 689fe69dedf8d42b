package org.mien.trainer.experiment;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.config.ConfigLoader;
import org.mien.core.config.ConfigWriter;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.core.provenance.Fingerprint;
import org.mien.core.random.SeedStreams;
import org.mien.model.backbone.BackboneConfig;
import org.mien.model.backbone.BuiltInBackboneConfig;
import org.mien.model.backbone.GraphBackboneConfig;
import org.mien.model.backbone.OnnxBackboneConfig;
import org.mien.model.embed.Embedder;
import org.mien.model.embed.Engine;
import org.mien.model.embed.FrozenNetwork;
import org.mien.model.embed.OnnxEmbedder;
import org.mien.model.embed.TranslationCache;
import org.mien.model.file.ModelDescriptor;
import org.mien.model.file.ModelFiles;
import org.mien.model.weights.WeightFiles;
import org.mien.model.weights.WeightLoader;

/** From a backbone's configuration to a frozen network that runs. */
final class BackboneOpener {
  private BackboneOpener() {}

  /**
   * Opens a backbone with weights to freeze.
   *
   * @param engine what runs it
   * @param cache where its translation for ONNX Runtime is kept; empty to translate it anew
   * @throws ConfigException if it has no weights of its own, or the engine cannot run it
   * @throws org.mien.core.error.DataException if its weights cannot be read or do not fit
   */
  static OpenBackbone frozen(
      BackboneConfig config, Engine engine, SeedStreams seeds, Optional<TranslationCache> cache) {
    if (config instanceof OnnxBackboneConfig onnx) {
      if (engine == Engine.ND4J) {
        throw new ConfigException(
            "model.engine: nd4j runs graphs of Deeplearning4j, and "
                + onnx.file()
                + " is an ONNX network; expected onnx-runtime or auto");
      }
      return onnx(onnx);
    }
    if (config instanceof BuiltInBackboneConfig builtIn) {
      return BuiltInBackbones.open(builtIn, engine);
    }
    GraphBackboneConfig network = (GraphBackboneConfig) config;
    Path file =
        network
            .weights()
            .orElseThrow(
                () ->
                    new ConfigException(
                        "model.backbone.weights: missing; a frozen "
                            + network.describe()
                            + " needs a file of pretrained weights. Without one, train the whole"
                            + " network with model.freeze: none"));
    String description = network.describe() + " (" + file.getFileName() + ")";
    long seed = seeds.seedOf("model/backbone");
    if (cache.isEmpty()) {
      return frozen(description, network.input(), graph(network, seed), engine);
    }
    // Built twice at most, for its translation and for the trained model: in between it would only
    // take memory.
    Supplier<ComputationGraph> graph = () -> graph(network, seed);
    return new OpenBackbone(
        description,
        network.input(),
        FrozenNetwork.open(
            // The configuration tells the architecture, the file the weights.
            ConfigWriter.toYaml(network) + Fingerprint.ofFile(file),
            graph,
            cache.get(),
            network.input(),
            engine,
            OnnxEmbedder.Options.defaults()),
        Optional.of(graph),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * Builds a network with the weights of its file, or random ones where it names none.
   *
   * @param seed of random weights
   * @throws DataException if the file cannot be read or does not fit
   */
  static ComputationGraph graph(GraphBackboneConfig network, long seed) {
    ComputationGraph graph = network.build(seed);
    network
        .weights()
        .filter(file -> !network.buildsWithWeights())
        .map(WeightFiles::open)
        .ifPresent(weights -> WeightLoader.apply(graph, weights, network.naming(weights.shapes())));
    return graph;
  }

  private static OpenBackbone onnx(OnnxBackboneConfig config) {
    Optional<ModelDescriptor> descriptor = descriptor(config);
    Preprocessing preprocessing =
        config
            .preprocessing()
            .or(() -> descriptor.map(ModelDescriptor::preprocessing))
            .orElseThrow(
                () ->
                    new ConfigException(
                        "model.backbone: what "
                            + config.file()
                            + " expects of its input is not known: neither model.backbone"
                            + ".preprocessing nor a descriptor "
                            + ModelFiles.descriptorOf(config.file())
                            + " is given"));
    descriptor
        .map(ModelDescriptor::preprocessing)
        .filter(stated -> !stated.samePixels(preprocessing))
        .ifPresent(
            stated -> {
              throw new ConfigException(
                  "model.backbone.preprocessing: the network's descriptor says "
                      + stated.describe()
                      + ", the recipe says "
                      + preprocessing.describe()
                      + "; only crop and alignment may differ");
            });
    Embedder embedder =
        OnnxEmbedder.open(
            config.file(),
            preprocessing,
            OnnxEmbedder.Options.defaults()
                .withOutput(descriptor.flatMap(ModelDescriptor::output)));
    if (descriptor.flatMap(ModelDescriptor::sha256).stream()
        .anyMatch(stated -> !stated.equals(embedder.fingerprint()))) {
      embedder.close();
      throw DataException.in(config.file(), "is not the file that its descriptor's sha256 names");
    }
    return new OpenBackbone(
        descriptor.map(ModelDescriptor::name).orElse(config.file().getFileName().toString()),
        preprocessing,
        embedder,
        Optional.empty(),
        Optional.of(config.file()),
        descriptor.map(ModelDescriptor::licence));
  }

  /** The descriptor the recipe names, else the one beside the network, if there is one. */
  private static Optional<ModelDescriptor> descriptor(OnnxBackboneConfig config) {
    Path beside = ModelFiles.descriptorOf(config.file());
    Optional<Path> file =
        config.descriptor().or(() -> Optional.of(beside).filter(Files::isRegularFile));
    return file.map(
        yaml -> ConfigLoader.load(yaml, ModelDescriptor.class, List.of(), Map.of()).value());
  }

  /** Runs a DL4J graph folded, and keeps it unfolded for the trained model. */
  static OpenBackbone frozen(
      String description, Preprocessing preprocessing, ComputationGraph graph, Engine engine) {
    String output = graph.getConfiguration().getNetworkOutputs().get(0);
    return new OpenBackbone(
        description,
        preprocessing,
        FrozenNetwork.open(graph, output, preprocessing, engine, OnnxEmbedder.Options.defaults()),
        Optional.of(() -> graph),
        Optional.empty(),
        Optional.empty());
  }
}
