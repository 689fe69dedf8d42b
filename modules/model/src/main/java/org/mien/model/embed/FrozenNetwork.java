package org.mien.model.embed;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import onnx.Onnx;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.core.provenance.Fingerprint;
import org.mien.model.graph.FaceGraph;
import org.mien.model.graph.FoldedGraph;
import org.mien.model.onnx.OnnxGraphWriter;
import org.mien.model.onnx.Provider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a frozen graph of Deeplearning4j on the engine that was asked for.
 *
 * <p>For ONNX Runtime the graph is written as ONNX once, in memory, with batch normalisation folded
 * into the layers before it. Two engines add up in different orders: their vectors differ by
 * rounding, which {@link Engine#AUTO} measures on two images of noise before it takes the faster
 * one.
 */
public final class FrozenNetwork {
  /** Largest difference between the engines, relative to a vector's largest magnitude. */
  public static final double TOLERANCE = 1e-5;

  private static final Logger LOG = LoggerFactory.getLogger(FrozenNetwork.class);
  private static final int PROBES = 2;

  private FrozenNetwork() {}

  /**
   * Opens a graph.
   *
   * @param graph one input {@code (batch, 3, height, width)}; is not changed
   * @param vertex whose output is the vector, {@code (batch, dimension)}
   * @param options how ONNX Runtime runs it; their {@code output} has no meaning here
   * @return its fingerprint is the same on both engines, its {@link Embedder#engine()} is not
   * @throws DataException if ONNX Runtime is asked for and the graph cannot be written as ONNX
   */
  public static Embedder open(
      ComputationGraph graph,
      String vertex,
      Preprocessing preprocessing,
      Engine engine,
      OnnxEmbedder.Options options) {
    return open(graph, vertex, preprocessing, engine, new InMemory(vertex, options));
  }

  /**
   * As the other, for a network that may have been translated before: then neither the graph nor
   * ONNX Runtime's session is made before the first image comes.
   *
   * @param network tells architecture and weights from all others
   * @param graph its single output is the vector; asked for where the network is not in the cache
   * @param cache where translations are kept
   */
  public static Embedder open(
      String network,
      Supplier<ComputationGraph> graph,
      TranslationCache cache,
      Preprocessing preprocessing,
      Engine engine,
      OnnxEmbedder.Options options) {
    if (engine == Engine.ND4J || options.provider() != Provider.CPU) {
      // On a GPU only the session itself knows what it runs on.
      return open(graph.get(), preprocessing, engine, options);
    }
    String key = TranslationCache.key(network, preprocessing);
    Supplier<Embedder> translated =
        () -> {
          ComputationGraph built = graph.get();
          return open(
              built,
              output(built),
              preprocessing,
              engine,
              new OnDisk(cache, key, output(built), options));
        };
    Optional<TranslationCache.Translation> known = cache.find(key);
    if (known.isEmpty()) {
      Embedder embedder = translated.get();
      release();
      return embedder;
    }
    TranslationCache.Facts facts = known.get().facts();
    if (!agrees(facts.largestDifference())) {
      if (engine == Engine.AUTO) {
        LOG.warn("runs on ND4J, which is slower: {}", difference(facts.largestDifference()));
        return open(graph.get(), preprocessing, Engine.ND4J, options);
      }
      LOG.warn("runs on ONNX Runtime as asked, although {}", difference(facts.largestDifference()));
    }
    return new OnDemandEmbedder(
        preprocessing,
        facts.dimension(),
        facts.fingerprint(),
        OnnxEmbedder.engineOnProcessor(options),
        () -> load(known.get(), preprocessing, options, translated));
  }

  private static Embedder load(
      TranslationCache.Translation known,
      Preprocessing preprocessing,
      OnnxEmbedder.Options options,
      Supplier<Embedder> translated) {
    try {
      if (Fingerprint.ofFile(known.onnx()).equals(known.facts().sha256())) {
        return OnnxEmbedder.ofTranslated(
            known.onnx(), known.facts().fingerprint(), preprocessing, options);
      }
      LOG.warn("{} is damaged; the network is translated again", known.onnx());
    } catch (DataException e) {
      LOG.warn("{}; the network is translated again", e.getMessage());
    }
    Embedder again = translated.get();
    if (!again.engine().equals(OnnxEmbedder.engineOnProcessor(options))) {
      again.close();
      throw DataException.in(
          known.onnx(),
          "is damaged, and the network now runs on " + again.engine() + "; run again");
    }
    return again;
  }

  /** As the longer one, for a graph whose single output is the vector. */
  private static Embedder open(
      ComputationGraph graph,
      Preprocessing preprocessing,
      Engine engine,
      OnnxEmbedder.Options options) {
    return open(graph, output(graph), preprocessing, engine, options);
  }

  private static String output(ComputationGraph graph) {
    return graph.getConfiguration().getNetworkOutputs().get(0);
  }

  /** Where a translated graph goes, and ONNX Runtime reads it. */
  private abstract static class Target {
    final OnnxEmbedder.Options options;

    Target(OnnxEmbedder.Options options) {
      this.options = options;
    }

    abstract void write(Onnx.ModelProto onnx);

    abstract OnnxEmbedder open(String fingerprint, Preprocessing preprocessing);

    /** The engines were compared. */
    abstract void compared(OnnxEmbedder opened, double largestDifference);
  }

  private static final class InMemory extends Target {
    private final String name;
    private byte[] onnx;

    InMemory(String name, OnnxEmbedder.Options options) {
      super(options);
      this.name = name;
    }

    @Override
    void write(Onnx.ModelProto model) {
      onnx = model.toByteArray();
    }

    @Override
    OnnxEmbedder open(String fingerprint, Preprocessing preprocessing) {
      return OnnxEmbedder.ofTranslated(onnx, name, fingerprint, preprocessing, options);
    }

    @Override
    void compared(OnnxEmbedder opened, double largestDifference) {
      onnx = null;
    }
  }

  /** Where the disk does not take it, the network is kept in memory, and translated again later. */
  private static final class OnDisk extends Target {
    private final TranslationCache cache;
    private final String key;
    private final InMemory instead;
    private boolean written;

    OnDisk(TranslationCache cache, String key, String name, OnnxEmbedder.Options options) {
      super(options);
      this.cache = cache;
      this.key = key;
      this.instead = new InMemory(name, options);
    }

    @Override
    void write(Onnx.ModelProto onnx) {
      try {
        cache.write(key, onnx);
        written = true;
      } catch (DataException e) {
        LOG.warn("{}; without it the network is translated in every run", e.getMessage());
        instead.write(onnx);
      }
    }

    @Override
    OnnxEmbedder open(String fingerprint, Preprocessing preprocessing) {
      return written
          ? OnnxEmbedder.ofTranslated(cache.onnxOf(key), fingerprint, preprocessing, options)
          : instead.open(fingerprint, preprocessing);
    }

    @Override
    void compared(OnnxEmbedder opened, double largestDifference) {
      instead.compared(opened, largestDifference);
      if (!written) {
        return;
      }
      try {
        cache.keep(key, opened.fingerprint(), opened.dimension(), largestDifference);
      } catch (DataException e) {
        LOG.warn("{}; without it the network is translated in every run", e.getMessage());
      }
    }
  }

  private static Embedder open(
      ComputationGraph graph,
      String vertex,
      Preprocessing preprocessing,
      Engine engine,
      Target target) {
    ComputationGraph network =
        graph.getConfiguration().getNetworkOutputs().equals(List.of(vertex))
            ? graph
            : FaceGraph.upTo(graph, vertex);
    Nd4jEmbedder reference = new Nd4jEmbedder(FoldedGraph.of(network), vertex, preprocessing);
    if (engine == Engine.ND4J) {
      return reference;
    }
    OnnxEmbedder faster;
    try {
      target.write(OnnxGraphWriter.write(network, vertex, preprocessing, Map.of()));
      release();
      faster = target.open(reference.fingerprint(), preprocessing);
    } catch (DataException e) {
      if (engine == Engine.ONNX_RUNTIME) {
        throw new DataException(
            "engine onnx-runtime: " + e.getMessage() + "; engine nd4j or auto runs it on ND4J", e);
      }
      LOG.info("runs on ND4J, which is slower: {}", e.getMessage());
      return reference;
    }
    double largest = largestDifference(reference, faster);
    target.compared(faster, largest);
    if (!agrees(largest) && engine == Engine.AUTO) {
      LOG.warn("runs on ND4J, which is slower: {}", difference(largest));
      faster.close();
      return reference;
    }
    if (!agrees(largest)) {
      LOG.warn("runs on ONNX Runtime as asked, although {}", difference(largest));
    }
    return faster;
  }

  /**
   * Gives memory back now: a written network is several times its weights of garbage, partly
   * outside Java's heap, where nobody would notice for long. Once for each network that is
   * translated.
   */
  private static void release() {
    System.gc();
  }

  /** Written so that NaN does not agree. */
  private static boolean agrees(double largestDifference) {
    return largestDifference <= TOLERANCE;
  }

  private static String difference(double largest) {
    return String.format(
        Locale.ROOT,
        "its vectors there differ from those on ND4J by %.2g of the largest value (%.0e is allowed)",
        largest,
        TOLERANCE);
  }

  /** How far the engines are apart on noise, relative to a vector's largest magnitude. */
  private static double largestDifference(Embedder reference, Embedder other) {
    if (other.dimension() != reference.dimension()) {
      return Double.POSITIVE_INFINITY;
    }
    Preprocessing preprocessing = reference.preprocessing();
    float[] images = noise(preprocessing);
    float[] expected = reference.embed(images, PROBES);
    float[] actual = other.embed(images, PROBES);
    int dimension = reference.dimension();
    double largest = 0;
    for (int row = 0; row < expected.length; row += dimension) {
      double difference = 0;
      double scale = 0;
      for (int i = row; i < row + dimension; i++) {
        // Math.max passes NaN on.
        difference = Math.max(difference, Math.abs((double) expected[i] - actual[i]));
        scale = Math.max(scale, Math.abs(expected[i]));
      }
      // Vectors of zeros agree; otherwise 0/0 would not.
      largest = Math.max(largest, difference == 0 ? 0 : difference / scale);
    }
    return largest;
  }

  /** Pixels of 0 to 255 at random, preprocessed: the range that faces are in. */
  private static float[] noise(Preprocessing preprocessing) {
    SplittableRandom random = new SplittableRandom(0x6D69656EL);
    int plane = preprocessing.heightPixels() * preprocessing.widthPixels();
    float[] images = new float[PROBES * preprocessing.imageLength()];
    for (int i = 0; i < images.length; i++) {
      int channel = i / plane % 3;
      images[i] =
          (float)
              ((random.nextDouble() * 255 - preprocessing.mean().get(channel))
                  / preprocessing.std().get(channel));
    }
    return images;
  }
}
