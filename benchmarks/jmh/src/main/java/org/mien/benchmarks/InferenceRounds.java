package org.mien.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.backbone.NetworkBuilder;
import org.mien.model.backbone.ResNetConfig;
import org.mien.model.embed.Embedder;
import org.mien.model.embed.Engine;
import org.mien.model.embed.FrozenNetwork;
import org.mien.model.embed.OnnxEmbedder;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.model.onnx.Provider;
import org.mien.model.weights.StateDictionary;
import org.mien.model.weights.TorchWeights;
import org.mien.model.weights.WeightLoader;

/**
 * ResNet-50 on Mien's engines, ONNX Runtime and PyTorch, on the same weights in one run: rounds in
 * which each has its turn, and medians of the ratios within a round, for other work on the machine
 * disturbs neighbours alike.
 *
 * <p>Arguments: weights, torchvision's ONNX export of them, rounds, and Python with the script that
 * drives PyTorch.
 */
public final class InferenceRounds {
  private static final PrintStream OUT = System.out;
  private static final int SIDE = 112;
  private static final int[] BATCHES = {1, 8, 32};
  private static final String AUTO = "Mien, auto";
  private static final String SHARED = "Mien, auto, --intra-op-threads of every processor";
  private static final String ND4J = "Mien, nd4j";
  private static final String EXPORT = "ONNX Runtime on torchvision's export, as it comes";
  private static final String EXPORT_ALL = "the same, on every processor";
  private static final String EAGER = "PyTorch, eager";
  private static final String FROZEN = "PyTorch, frozen and optimised";
  private static final String FROZEN_ONE = "the same, on one thread";

  private InferenceRounds() {}

  /** Runs a batch several times and returns the seconds. */
  private interface Contender {
    double seconds(int batch, int repeats) throws IOException, OrtException;
  }

  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 5) {
      throw new IllegalArgumentException(
          "expected WEIGHTS ONNX ROUNDS PYTHON SCRIPT, was " + Arrays.toString(arguments));
    }
    Path weights = Path.of(arguments[0]);
    int rounds = Integer.parseInt(arguments[2]);
    Nd4jRuntime.start();
    Preprocessing input =
        new Preprocessing(
            SIDE,
            SIDE,
            ColorOrder.RGB,
            List.of(127.5, 127.5, 127.5),
            List.of(127.5, 127.5, 127.5),
            new Crop.None(),
            "any");
    ComputationGraph graph = graph(weights, input);
    SplittableRandom random = new SplittableRandom(1);
    float[] images = new float[32 * input.imageLength()];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextDouble(-1, 1);
    }
    try (Embedder auto = open(graph, input, Engine.AUTO);
        Embedder nd4j = open(graph, input, Engine.ND4J);
        Embedder shared =
            FrozenNetwork.open(
                graph,
                NetworkBuilder.FEATURES,
                input,
                Engine.AUTO,
                new OnnxEmbedder.Options(
                    1,
                    Runtime.getRuntime().availableProcessors(),
                    Provider.CPU,
                    Optional.empty()));
        Exported exported = new Exported(arguments[1], images, 0);
        Exported exportedOnAll =
            new Exported(arguments[1], images, Runtime.getRuntime().availableProcessors());
        PythonPeer torch = PythonPeer.start(arguments[3], arguments[4], "serve", arguments[0])) {
      OUT.println(torch.greeting());
      OUT.printf(
          "%d processors, Java %s; auto is %s; nd4j is %s%n",
          Runtime.getRuntime().availableProcessors(),
          System.getProperty("java.vm.version"),
          auto.engine(),
          nd4j.engine());
      Map<String, Contender> contenders = new LinkedHashMap<>();
      contenders.put(AUTO, (batch, repeats) -> seconds(auto, images, batch, repeats));
      contenders.put(SHARED, (batch, repeats) -> seconds(shared, images, batch, repeats));
      contenders.put(EXPORT, exported::seconds);
      contenders.put(EXPORT_ALL, exportedOnAll::seconds);
      contenders.put(ND4J, (batch, repeats) -> seconds(nd4j, images, batch, repeats));
      contenders.put(EAGER, (batch, repeats) -> torch.ask("eager", batch, repeats));
      contenders.put(FROZEN, (batch, repeats) -> torch.ask("frozen", batch, repeats));
      contenders.put(FROZEN_ONE, (batch, repeats) -> torch.ask("frozen1", batch, repeats));
      for (int batch : BATCHES) {
        print(batch, rounds, measure(contenders, batch, rounds));
      }
    }
  }

  private static ComputationGraph graph(Path weights, Preprocessing input) {
    ResNetConfig config = new ResNetConfig(50, Optional.of(weights), Optional.of(input));
    ComputationGraph graph = config.build(1);
    StateDictionary read = TorchWeights.read(weights);
    WeightLoader.apply(graph, read, config.naming(read.shapes()));
    return graph;
  }

  private static Embedder open(ComputationGraph graph, Preprocessing input, Engine engine) {
    return FrozenNetwork.open(
        graph, NetworkBuilder.FEATURES, input, engine, OnnxEmbedder.Options.defaults());
  }

  private static Map<String, double[]> measure(
      Map<String, Contender> contenders, int batch, int rounds) throws IOException, OrtException {
    int repeats = Math.max(1, 16 / batch);
    Map<String, double[]> speeds = new LinkedHashMap<>();
    for (int round = -1; round < rounds; round++) {
      for (Map.Entry<String, Contender> contender : contenders.entrySet()) {
        double seconds = contender.getValue().seconds(batch, repeats);
        if (round >= 0) { // the first warms
          speeds.computeIfAbsent(contender.getKey(), unused -> new double[rounds])[round] =
              batch * repeats / seconds;
        }
      }
    }
    return speeds;
  }

  private static double seconds(Embedder embedder, float[] images, int batch, int repeats) {
    long began = System.nanoTime();
    for (int i = 0; i < repeats; i++) {
      embedder.embed(images, batch);
    }
    return (System.nanoTime() - began) / 1e9;
  }

  private static void print(int batch, int rounds, Map<String, double[]> speeds) {
    OUT.printf("%nbatch %d, medians of %d rounds%n%n", batch, rounds);
    OUT.println("| what | images/s | of ONNX Runtime's best | of PyTorch's best |");
    OUT.println("|---|---|---|---|");
    double[] export = best(speeds, EXPORT, EXPORT_ALL);
    double[] torch = best(speeds, EAGER, FROZEN, FROZEN_ONE);
    speeds.forEach(
        (name, values) ->
            OUT.printf(
                Locale.ROOT,
                "| %s | %.1f | %.2f | %.2f |%n",
                name,
                median(values),
                medianRatio(values, export),
                medianRatio(values, torch)));
  }

  private static double[] best(Map<String, double[]> speeds, String... names) {
    return Arrays.stream(names)
        .map(speeds::get)
        .max(Comparator.comparingDouble(InferenceRounds::median))
        .orElseThrow();
  }

  private static double medianRatio(double[] speeds, double[] others) {
    double[] ratios = new double[speeds.length];
    Arrays.setAll(ratios, i -> speeds[i] / others[i]);
    return median(ratios);
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** ONNX Runtime by itself, on another exporter's file. */
  private static final class Exported implements AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final float[] images;

    /**
     * @param threads that share out an operator; 0 for what ONNX Runtime chooses
     */
    Exported(String file, float[] images, int threads) throws OrtException {
      try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
        if (threads > 0) {
          options.setIntraOpNumThreads(threads);
        }
        this.session = environment.createSession(file, options);
      }
      this.images = images;
    }

    double seconds(int batch, int repeats) throws OrtException {
      int length = 3 * SIDE * SIDE;
      FloatBuffer buffer =
          ByteBuffer.allocateDirect(batch * length * Float.BYTES)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      long began = System.nanoTime();
      for (int i = 0; i < repeats; i++) {
        buffer.clear().put(images, 0, batch * length).flip();
        try (OnnxTensor tensor =
                OnnxTensor.createTensor(environment, buffer, new long[] {batch, 3, SIDE, SIDE});
            OrtSession.Result result = session.run(Map.of("images", tensor))) {
          float[] features = new float[batch * 2048];
          ((OnnxTensor) result.get(0)).getFloatBuffer().get(features);
        }
      }
      return (System.nanoTime() - began) / 1e9;
    }

    @Override
    public void close() throws OrtException {
      session.close();
    }
  }
}
