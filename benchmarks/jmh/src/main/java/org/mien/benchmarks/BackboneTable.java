package org.mien.benchmarks;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.config.ConfigLoader;
import org.mien.core.config.Setting;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.backbone.BackboneConfig;
import org.mien.model.backbone.GraphBackboneConfig;
import org.mien.model.backbone.OnnxBackboneConfig;
import org.mien.model.embed.Embedder;
import org.mien.model.embed.Engine;
import org.mien.model.embed.FrozenNetwork;
import org.mien.model.embed.OnnxEmbedder;
import org.mien.model.graph.GraphSummary;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.model.onnx.OnnxModelFile;
import org.mien.model.onnx.OnnxSummary;

/**
 * Size and latency of backbones as a table. Each backbone has its turn in every round, so that
 * other work on the machine disturbs all of them alike.
 *
 * <p>Argument: a YAML file with a list {@code backbones} of what recipes have as {@code
 * model.backbone}.
 */
public final class BackboneTable {
  private static final PrintStream OUT = System.out;
  private static final int ROUNDS = 7;
  private static final int BATCH = 8;

  private BackboneTable() {}

  /**
   * The file.
   *
   * @param backbones those that Mien builds, and ONNX files whose preprocessing is stated
   */
  public record Backbones(@Setting("The backbones.") List<BackboneConfig> backbones) {}

  @SuppressWarnings("ArrayRecordComponent") // A tuple inside this class, never compared.
  private record Open(
      String name,
      Preprocessing input,
      long parameters,
      long multiplyAdds,
      Embedder embedder,
      double[] single,
      double[] batched) {}

  public static void main(String[] arguments) {
    if (arguments.length != 1) {
      throw new IllegalArgumentException("expected a FILE, was " + Arrays.toString(arguments));
    }
    Nd4jRuntime.start();
    Backbones file =
        ConfigLoader.load(Path.of(arguments[0]), Backbones.class, List.of(), Map.of()).value();
    List<Open> open = new ArrayList<>();
    for (BackboneConfig config : file.backbones()) {
      open.add(open(config));
    }
    for (int round = -1; round < ROUNDS; round++) {
      for (Open backbone : open) {
        double single = seconds(backbone, 1);
        double batched = seconds(backbone, BATCH);
        if (round >= 0) { // the first warms
          backbone.single()[round] = 1000 * single;
          backbone.batched()[round] = BATCH / batched;
        }
      }
    }
    OUT.println(
        "| backbone | input | features | parameters | MB | M multiply-adds | ms, 1 image |"
            + " images/s, batch 8 | engine |");
    OUT.println("|---|---|---|---|---|---|---|---|---|");
    for (Open backbone : open) {
      OUT.printf(
          Locale.ROOT,
          "| %s | %dx%d | %d | %,d | %.1f | %,.0f | %.1f | %.0f | %s |%n",
          backbone.name(),
          backbone.input().widthPixels(),
          backbone.input().heightPixels(),
          backbone.embedder().dimension(),
          backbone.parameters(),
          backbone.parameters() * 4 / 1e6,
          backbone.multiplyAdds() / 1e6,
          InferenceRounds.median(backbone.single()),
          InferenceRounds.median(backbone.batched()),
          backbone.embedder().engine());
      backbone.embedder().close();
    }
  }

  private static double seconds(Open backbone, int batch) {
    float[] images = new float[batch * backbone.input().imageLength()];
    long began = System.nanoTime();
    backbone.embedder().embed(images, batch);
    return (System.nanoTime() - began) / 1e9;
  }

  private static Open open(BackboneConfig config) {
    if (config instanceof GraphBackboneConfig network) {
      ComputationGraph graph = network.build(1);
      GraphSummary summary = GraphSummary.of(graph, network.input());
      String output = graph.getConfiguration().getNetworkOutputs().get(0);
      return new Open(
          network.describe(),
          network.input(),
          summary.parameters(),
          summary.multiplyAdds(),
          FrozenNetwork.open(
              graph, output, network.input(), Engine.AUTO, OnnxEmbedder.Options.defaults()),
          new double[ROUNDS],
          new double[ROUNDS]);
    }
    if (config instanceof OnnxBackboneConfig onnx) {
      Preprocessing input =
          onnx.preprocessing()
              .orElseThrow(
                  () -> new IllegalArgumentException("expected preprocessing for " + onnx.file()));
      OnnxSummary summary =
          OnnxSummary.of(
              OnnxModelFile.read(onnx.file()), input.heightPixels(), input.widthPixels());
      return new Open(
          onnx.file().getFileName().toString(),
          input,
          summary.parameters(),
          summary.multiplyAdds(),
          OnnxEmbedder.open(onnx.file(), input, OnnxEmbedder.Options.defaults()),
          new double[ROUNDS],
          new double[ROUNDS]);
    }
    throw new IllegalArgumentException("expected a network or an ONNX file, was " + config);
  }
}
