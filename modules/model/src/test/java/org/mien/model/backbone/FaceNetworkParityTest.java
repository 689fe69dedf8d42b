package org.mien.model.backbone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mien.model.backbone.GoldenVectors.assertClose;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.embed.Nd4jEmbedder;
import org.mien.model.embed.OnnxEmbedder;
import org.mien.model.graph.FoldedGraph;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.model.onnx.OnnxGraphWriter;
import org.mien.model.onnx.OnnxModelFile;
import org.mien.model.weights.FormulaWeights;
import org.mien.model.weights.StateDictionary;
import org.mien.model.weights.TfjsWeights;
import org.mien.model.weights.WeightLoader;
import org.mien.testing.DataFolder;
import org.mien.testing.DataTest;

/**
 * Against PyTorch on the same weights and images; {@code benchmarks/parity/make_face_golden.py}
 * wrote what it computed, how its tensors are called, and how many parameters it counts.
 */
class FaceNetworkParityTest {
  private static final int HEIGHT = 36;
  private static final int WIDTH = 50;

  @BeforeAll
  static void startNd4j() {
    Nd4jRuntime.start();
  }

  private static Preprocessing input(int height, int width) {
    return new Preprocessing(
        width,
        height,
        ColorOrder.RGB,
        List.of(0.0, 0.0, 0.0),
        List.of(1.0, 1.0, 1.0),
        new Crop.None(),
        "any");
  }

  private static GraphBackboneConfig config(String name) {
    Optional<Preprocessing> small = Optional.of(input(HEIGHT, WIDTH));
    return switch (name) {
      case "iresnet18" -> new IResNetConfig(18, 512, 0.4, Optional.empty(), small);
      case "dlib-resnet29" ->
          new DlibResNetConfig(Optional.of(Path.of("unread")), Optional.of(input(104, 125)));
      default -> new MobileFaceNetConfig(128, Optional.empty(), small);
    };
  }

  /** Names and shapes as the other framework's state dictionary has them. */
  private static Map<String, List<Long>> tensors(String name) throws IOException {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    try (var in = FaceNetworkParityTest.class.getResourceAsStream(name + ".tensors")) {
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split(" "))
          .forEach(
              words ->
                  shapes.put(words[0], Arrays.stream(words).skip(1).map(Long::parseLong).toList()));
    }
    return shapes;
  }

  @ParameterizedTest
  @ValueSource(strings = {"iresnet18", "mobilefacenet", "mobilefacenet-numbered"})
  void everyTensorFindsItsPlaceAndTheOutputIsTorchs(String name) throws IOException {
    GraphBackboneConfig config = config(name);
    ComputationGraph graph = config.build(1);
    Map<String, List<Long>> shapes = tensors(name);
    WeightLoader.Loaded loaded =
        WeightLoader.apply(graph, new FormulaWeights(shapes), config.naming(shapes));
    assertEquals(shapes.size(), loaded.tensors() + loaded.leftOut().size());
    assertTrue(loaded.leftOut().stream().allMatch(t -> t.endsWith(".num_batches_tracked")));
    assertSame(name, config.input(), graph);
  }

  @Test
  void theNetworkOfDlibGivesWhatItsTensorsGiveInPyTorch() throws IOException {
    GraphBackboneConfig config = config("dlib-resnet29");
    ComputationGraph graph = config.build(1);
    Map<String, List<Long>> shapes = tensors("dlib-resnet29");
    WeightLoader.Loaded loaded =
        WeightLoader.apply(graph, new ChannelsLastFormula(shapes), config.naming(shapes));
    assertEquals(shapes.size(), loaded.tensors());
    assertSame("dlib-resnet29", config.input(), graph);
  }

  @DataTest
  @Test
  void thePublishedWeightsOfDlibGiveWhatTheyGiveInPyTorch() throws IOException {
    Path manifest =
        DataFolder.path()
            .resolve("models/dlib-resnet29/face_recognition_model-weights_manifest.json");
    DlibResNetConfig config = new DlibResNetConfig(Optional.of(manifest), Optional.empty());
    ComputationGraph graph = config.build(1);
    StateDictionary weights = TfjsWeights.read(manifest);
    WeightLoader.Loaded loaded =
        WeightLoader.apply(graph, weights, config.naming(weights.shapes()));
    assertEquals(weights.shapes().size(), loaded.tensors());
    float[] images = FormulaWeights.images(2, 150, 150);
    for (int i = 0; i < images.length; i++) {
      images[i] /= 4;
    }
    assertSame("dlib-resnet29-published", config.input(), graph, images);
  }

  private static void assertSame(String golden, Preprocessing input, ComputationGraph graph)
      throws IOException {
    assertSame(
        golden, input, graph, FormulaWeights.images(2, input.heightPixels(), input.widthPixels()));
  }

  private static void assertSame(
      String golden, Preprocessing input, ComputationGraph graph, float[] images)
      throws IOException {
    float[] expected = GoldenVectors.read(golden + ".f32");
    ComputationGraph folded = FoldedGraph.of(graph);
    assertTrue(folded.getVertices().length < graph.getVertices().length);
    for (ComputationGraph variant : List.of(graph, folded)) {
      try (Nd4jEmbedder embedder = new Nd4jEmbedder(variant, NetworkBuilder.FEATURES, input)) {
        assertClose(expected, embedder.embed(images, 2));
      }
    }
    byte[] onnx =
        OnnxGraphWriter.write(graph, NetworkBuilder.FEATURES, input, Map.of()).toByteArray();
    try (OnnxEmbedder exported =
        OnnxEmbedder.of(OnnxModelFile.of(onnx, golden), input, OnnxEmbedder.Options.defaults())) {
      assertClose(expected, exported.embed(images, 2));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "iresnet18, 24025600",
    "iresnet34, 34139328",
    "iresnet50, 43590848",
    "iresnet100, 65156160",
    "mobilefacenet-128, 1003136",
    "mobilefacenet-512, 1200512"
  })
  void theNumberOfParametersIsThePublishedOne(String name, long published) throws IOException {
    int number = Integer.parseInt(name.replaceAll("[^0-9]", ""));
    GraphBackboneConfig config =
        name.startsWith("iresnet")
            ? new IResNetConfig(number, 512, 0, Optional.empty(), Optional.empty())
            : new MobileFaceNetConfig(number, Optional.empty(), Optional.empty());
    try (var in = FaceNetworkParityTest.class.getResourceAsStream("parameters.tsv")) {
      assertTrue(
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .anyMatch((name + "\t" + published)::equals));
    }
    ComputationGraph graph = config.build(1);
    long statistics = 0;
    for (Layer layer : graph.getLayers()) {
      if (layer.conf().getLayer() instanceof BatchNormalization norm) {
        statistics += 2 * norm.getNOut();
      }
    }
    assertEquals(published, graph.numParams() - statistics);
    graph.close();
  }

  @Test
  void weightsOfAnotherDepthAreRefusedWithATable() throws IOException {
    Map<String, List<Long>> shapes = tensors("iresnet18");
    IResNetConfig deeper =
        new IResNetConfig(34, 512, 0, Optional.empty(), Optional.of(input(HEIGHT, WIDTH)));
    String message =
        assertThrows(
                DataException.class,
                () ->
                    WeightLoader.apply(
                        deeper.build(1), new FormulaWeights(shapes), deeper.naming(shapes)))
            .getMessage();
    assertTrue(message.contains("is it the same network and depth?"), message);
    assertTrue(message.matches("(?s).*\nlayer1\\.2\\.bn1\\.weight +\\[64] +nothing .*"), message);
  }

  @Test
  void tensorsOfAnotherInputSizeAreNamedAsSuch() throws IOException {
    Map<String, List<Long>> shapes = tensors("mobilefacenet");
    MobileFaceNetConfig larger = new MobileFaceNetConfig(128, Optional.empty(), Optional.empty());
    String message =
        assertThrows(
                DataException.class,
                () ->
                    WeightLoader.apply(
                        larger.build(1), new FormulaWeights(shapes), larger.naming(shapes)))
            .getMessage();
    assertTrue(message.contains("1 of "), message);
    assertTrue(
        message.matches("(?s).*\nconv_6_dw\\.conv\\.weight +\\[512, 1, 7, 7] +\\[512, 1, 3, 4].*"),
        message);
  }

  @Test
  void valuesOutsideTheirRangeAreRefused() {
    for (int depth : new int[] {0, 19, 101}) {
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> new IResNetConfig(depth, 512, 0, Optional.empty(), Optional.empty()))
              .getMessage();
      assertTrue(message.contains("18, 34, 50 or 100, was " + depth), message);
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> new IResNetConfig(18, 512, 1, Optional.empty(), Optional.empty()));
    assertThrows(
        IllegalArgumentException.class,
        () -> new MobileFaceNetConfig(0, Optional.empty(), Optional.empty()));
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> new DlibResNetConfig(Optional.empty(), Optional.of(input(150, 102))))
            .getMessage();
    assertTrue(message.contains("at least 103x103 pixels, was 102x150"), message);
    assertEquals(
        NetworkBuilder.FEATURES,
        new DlibResNetConfig(Optional.empty(), Optional.of(input(103, 103)))
            .build(1)
            .getConfiguration()
            .getNetworkOutputs()
            .get(0));
  }

  /** The formula's values of PyTorch's layout, laid out and named as face-api.js does. */
  private record ChannelsLastFormula(Map<String, List<Long>> shapes) implements StateDictionary {
    @Override
    public String origin() {
      return "formula";
    }

    @Override
    public float[] values(String name) {
      String formulaName = name.replace("/scale/weights", "/scale/weight");
      List<Long> shape = shapes.get(name);
      int rank = shape.size();
      if (rank == 1) {
        return formula(formulaName, shape);
      }
      int pixels = rank == 4 ? Math.toIntExact(shape.get(0) * shape.get(1)) : 1;
      int in = Math.toIntExact(shape.get(rank - 2));
      int out = Math.toIntExact(shape.get(rank - 1));
      float[] torch =
          formula(
              formulaName,
              rank == 4
                  ? List.of(shape.get(3), shape.get(2), shape.get(0), shape.get(1))
                  : List.of(shape.get(1), shape.get(0)));
      float[] moved = new float[torch.length];
      for (int o = 0; o < out; o++) {
        for (int i = 0; i < in; i++) {
          for (int p = 0; p < pixels; p++) {
            moved[(p * in + i) * out + o] = torch[(o * in + i) * pixels + p];
          }
        }
      }
      return moved;
    }

    private static float[] formula(String name, List<Long> shape) {
      return new FormulaWeights(Map.of(name, shape)).values(name);
    }
  }
}
