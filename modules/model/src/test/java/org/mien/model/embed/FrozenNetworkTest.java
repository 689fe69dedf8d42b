package org.mien.model.embed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.backbone.NetworkBuilder;
import org.mien.model.backbone.SmallResNetConfig;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.model.onnx.Provider;
import org.mien.model.onnx.RandomGraph;

class FrozenNetworkTest {
  private static final OnnxEmbedder.Options OPTIONS = new OnnxEmbedder.Options(2, Optional.empty());
  private static final int IMAGES = 9;

  private static Preprocessing preprocessing(int side) {
    return new Preprocessing(
        side,
        side,
        ColorOrder.RGB,
        List.of(127.5, 127.5, 127.5),
        List.of(127.5, 127.5, 127.5),
        new Crop.None(),
        "any");
  }

  private static ComputationGraph resNet() {
    Nd4jRuntime.start();
    ComputationGraph graph =
        new SmallResNetConfig(List.of(8, 16), List.of(1, 2), Optional.empty()).build(4);
    RandomGraph.randomize(graph, 6);
    return graph;
  }

  /** What Deeplearning4j can run and ONNX export does not know. */
  private static ComputationGraph untranslatable() {
    return RandomGraph.onImages(
        8,
        builder ->
            builder
                .addLayer(
                    "conv", new ConvolutionLayer.Builder(3, 3).nOut(4).build(), RandomGraph.INPUT)
                .addLayer("up", new Upsampling2D.Builder(2).build(), "conv")
                .addLayer("pool", new GlobalPoolingLayer(PoolingType.AVG), "up")
                .setOutputs("pool"));
  }

  private static Embedder open(ComputationGraph graph, Engine engine) {
    Preprocessing input =
        new SmallResNetConfig(List.of(8, 16), List.of(1, 2), Optional.empty()).input();
    return FrozenNetwork.open(graph, NetworkBuilder.FEATURES, input, engine, OPTIONS);
  }

  @Test
  void bothEnginesGiveTheSameVectorsUnderTheSameFingerprint() {
    ComputationGraph graph = resNet();
    try (Embedder nd4j = open(graph, Engine.ND4J);
        Embedder onnx = open(graph, Engine.ONNX_RUNTIME);
        Embedder fastest = open(graph, Engine.AUTO);
        Embedder again = open(graph, Engine.AUTO)) {
      assertTrue(nd4j instanceof Nd4jEmbedder);
      assertTrue(onnx.engine().startsWith("ONNX Runtime "), onnx.engine());
      assertEquals(onnx.engine(), fastest.engine());
      assertEquals(nd4j.fingerprint(), onnx.fingerprint());
      float[] images = RandomGraph.numbers(IMAGES * nd4j.preprocessing().imageLength(), 3);
      float[] expected = nd4j.embed(images, IMAGES);
      float[] actual = onnx.embed(images, IMAGES);
      double scale = 0;
      double difference = 0;
      for (int i = 0; i < expected.length; i++) {
        scale = Math.max(scale, Math.abs(expected[i]));
        difference = Math.max(difference, Math.abs(expected[i] - actual[i]));
      }
      assertTrue(scale > 0.01 && difference <= 1e-5 * scale, difference + " of " + scale);
      // What was opened anew gives the same to the last bit: a run that goes on needs that.
      assertArrayEquals(actual, fastest.embed(images, IMAGES));
      assertArrayEquals(actual, again.embed(images, IMAGES));
    }
  }

  @Test
  void severalThreadsMayUseTheTranslatedGraph() {
    try (Embedder embedder = open(resNet(), Engine.AUTO)) {
      float[] images = RandomGraph.numbers(3 * embedder.preprocessing().imageLength(), 3);
      float[] expected = embedder.embed(images, 3);
      IntStream.range(0, 16)
          .parallel()
          .forEach(i -> assertArrayEquals(expected, embedder.embed(images, 3)));
    }
  }

  @Test
  void aGraphThatCannotBeTranslatedRunsOnNd4j() {
    ComputationGraph graph = untranslatable();
    try (Embedder fastest =
        FrozenNetwork.open(graph, "pool", preprocessing(8), Engine.AUTO, OPTIONS)) {
      assertTrue(fastest instanceof Nd4jEmbedder);
    }
    DataException error =
        assertThrows(
            DataException.class,
            () ->
                FrozenNetwork.open(graph, "pool", preprocessing(8), Engine.ONNX_RUNTIME, OPTIONS));
    assertTrue(error.getMessage().startsWith("engine onnx-runtime: "), error.getMessage());
    assertTrue(error.getMessage().contains("Upsampling2D"), error.getMessage());
  }

  @Test
  void anInnerVertexCanBeTheVector() {
    ComputationGraph graph =
        RandomGraph.onImages(
            8,
            builder ->
                builder
                    .addLayer(
                        "conv",
                        new ConvolutionLayer.Builder(3, 3).nOut(4).build(),
                        RandomGraph.INPUT)
                    .addLayer("pool", new GlobalPoolingLayer(PoolingType.AVG), "conv")
                    .addLayer(
                        "more",
                        new org.deeplearning4j.nn.conf.layers.DenseLayer.Builder().nOut(3).build(),
                        "pool")
                    .setOutputs("more"));
    try (Embedder embedder =
        FrozenNetwork.open(graph, "pool", preprocessing(8), Engine.AUTO, OPTIONS)) {
      assertEquals(4, embedder.dimension());
      assertTrue(embedder instanceof OnnxEmbedder);
    }
  }

  @Test
  void withoutItsArtifactTheGpuIsRefusedInOneLineAndAutoRunsOnTheProcessor() {
    ComputationGraph graph = resNet();
    ConfigException error =
        assertThrows(
            ConfigException.class,
            () ->
                FrozenNetwork.open(
                    graph,
                    NetworkBuilder.FEATURES,
                    new SmallResNetConfig(List.of(8, 16), List.of(1, 2), Optional.empty()).input(),
                    Engine.AUTO,
                    OPTIONS.withProvider(Provider.CUDA)));
    assertTrue(error.getMessage().contains("onnxruntime_gpu"), error.getMessage());
    assertEquals(1, error.getMessage().lines().count());
    try (Embedder embedder =
        FrozenNetwork.open(
            graph,
            NetworkBuilder.FEATURES,
            new SmallResNetConfig(List.of(8, 16), List.of(1, 2), Optional.empty()).input(),
            Engine.AUTO,
            OPTIONS.withProvider(Provider.AUTO))) {
      assertTrue(embedder.engine().endsWith("CPU, threads 2"), embedder.engine());
    }
  }

  @Test
  void threadsWithinAnOperatorChangeNothingButTheTime() {
    ComputationGraph graph = resNet();
    Preprocessing input =
        new SmallResNetConfig(List.of(8, 16), List.of(1, 2), Optional.empty()).input();
    try (Embedder one = open(graph, Engine.ONNX_RUNTIME);
        Embedder two =
            FrozenNetwork.open(
                graph,
                NetworkBuilder.FEATURES,
                input,
                Engine.ONNX_RUNTIME,
                new OnnxEmbedder.Options(1, 2, Provider.CPU, Optional.empty()))) {
      float[] images = RandomGraph.numbers(3 * input.imageLength(), 3);
      float[] expected = one.embed(images, 3);
      assertArrayEquals(expected, two.embed(images, 3), 1e-4f);
      assertTrue(two.engine().endsWith("threads 1 with 2 each"), two.engine());
    }
  }
}
