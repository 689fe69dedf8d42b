package org.mien.model.backbone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mien.model.backbone.GoldenVectors.assertClose;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import onnx.Onnx;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
import org.mien.testing.DataFolder;
import org.mien.testing.DataTest;

/** Rebuilt graphs give what ONNX Runtime gives on the file itself. */
class OnnxGraphImportTest {
  @TempDir Path folder;

  @BeforeAll
  static void startNd4j() {
    Nd4jRuntime.start();
  }

  private static Preprocessing input(int height, int width) {
    return new Preprocessing(
        width,
        height,
        ColorOrder.RGB,
        List.of(127.0, 127.0, 127.0),
        List.of(128.0, 128.0, 128.0),
        new Crop.None(),
        "any");
  }

  private static float[] images(Preprocessing input, int count) {
    float[] images = FormulaWeights.images(count, input.heightPixels(), input.widthPixels());
    for (int i = 0; i < images.length; i++) {
      images[i] /= 2;
    }
    return images;
  }

  /** Rebuilt, folded, and exported again: all equal what ONNX Runtime makes of the file. */
  private static ComputationGraph assertSame(Path file, Preprocessing input) {
    OnnxGraphConfig config = new OnnxGraphConfig(file, input);
    ComputationGraph graph = config.build(1);
    float[] images = images(input, 3);
    float[] expected;
    try (OnnxEmbedder original = OnnxEmbedder.open(file, input, OnnxEmbedder.Options.defaults())) {
      expected = original.embed(images, 3);
    }
    for (ComputationGraph variant : List.of(graph, FoldedGraph.of(graph))) {
      try (Nd4jEmbedder embedder = new Nd4jEmbedder(variant, NetworkBuilder.FEATURES, input)) {
        assertClose(expected, embedder.embed(images, 3));
      }
    }
    byte[] again =
        OnnxGraphWriter.write(graph, NetworkBuilder.FEATURES, input, Map.of()).toByteArray();
    try (OnnxEmbedder exported =
        OnnxEmbedder.of(OnnxModelFile.of(again, "again"), input, OnnxEmbedder.Options.defaults())) {
      assertClose(expected, exported.embed(images, 3));
    }
    return graph;
  }

  private Path small() throws IOException {
    Path file = folder.resolve("small-graph.onnx");
    try (var in = OnnxGraphImportTest.class.getResourceAsStream("small-graph.onnx")) {
      Files.write(file, in.readAllBytes());
    }
    return file;
  }

  @Test
  void whatPyTorchsExporterWritesIsRebuiltUnderItsNames() throws IOException {
    ComputationGraph graph = assertSame(small(), input(18, 16));
    assertEquals(8, graph.getLayer("/conv/Conv").getParam("W").size(0));
    assertEquals(3, graph.getLayer("/grouped/Conv.group2").getParam("W").size(0));
    assertEquals(6, graph.getLayer("/MatMul").getParam("b").length());
  }

  @Test
  void whatMienExportsIsRebuilt() throws IOException {
    Preprocessing input = input(32, 40);
    MobileFaceNetConfig config = new MobileFaceNetConfig(16, Optional.empty(), Optional.of(input));
    ComputationGraph graph = config.build(1);
    Path file = folder.resolve("mobilefacenet.onnx");
    Files.write(
        file, OnnxGraphWriter.write(graph, NetworkBuilder.FEATURES, input, Map.of()).toByteArray());
    assertSame(file, input);
  }

  @DataTest
  @Test
  void aRealNetworkIsRebuilt() {
    ComputationGraph graph =
        assertSame(
            DataFolder.path().resolve("models/mobilefacenet-512/fr_feature.onnx"), input(112, 112));
    assertTrue(graph.numParams() > 1_190_000);
  }

  @Test
  void anInputOfAnotherSizeIsRefused() throws IOException {
    Path file = small();
    String message = refused(() -> OnnxGraphImport.read(file, input(18, 17), 1));
    assertTrue(message.contains("input input is anyx3x18x16"), message);
    assertTrue(message.contains("3x18x17"), message);
  }

  @Test
  void anOperatorThatIsNotUnderstoodIsNamedWithItsNode() throws IOException {
    String message = refusedAfter(node("Relu"), node -> node.setOpType("Erf").setName("strange"));
    assertTrue(message.contains("node strange (Erf): this operator is not understood"), message);
  }

  @Test
  void attributesThatChangeTheResultAreRefusedRatherThanIgnored() throws IOException {
    assertTrue(
        refusedAfter(node("MaxPool"), node -> setInt(node, "ceil_mode", 1))
            .contains("(MaxPool): with ceil_mode 1, only 0 is understood"));
    assertTrue(
        refusedAfter(node("Conv"), node -> setInt(node, "group", 2))
            .contains("in 2 groups do not fit 3 planes"));
    assertTrue(
        refusedAfter(node("Flatten"), node -> setInt(node, "axis", 2))
            .contains("(Flatten): with axis 2"));
    // The pooling's zeros would win against negative numbers.
    assertTrue(
        refusedAfter(node("Relu"), node -> node.setOpType("Tanh"))
            .contains("on numbers that may be negative"));
  }

  @Test
  void tensorsThatLieAboutTheirSizeAreRefused() throws IOException {
    for (List<Long> shape :
        List.of(
            List.of(4L, 3L, 3L, 1L << 40),
            List.of(1L << 31, 1L << 31, 3L, 3L),
            List.of(-4L, 3L, 3L, -3L),
            List.of(4L, 3L, 3L, 4L))) {
      Onnx.ModelProto.Builder model = model();
      model.getGraphBuilder().getInitializerBuilder(0).clearDims().addAllDims(shape);
      String message = refused(() -> OnnxGraphImport.read(write(model), input(16, 16), 1));
      assertTrue(message.contains("the tensor weight"), message);
    }
  }

  @Test
  void aFileCutShortIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(small());
    for (int percent : new int[] {3, 50, 99}) {
      Path cut =
          Files.write(
              folder.resolve("cut.onnx"), Arrays.copyOf(whole, whole.length * percent / 100));
      refused(() -> OnnxGraphImport.read(cut, input(18, 16), 1));
    }
  }

  @Test
  void theSmallModelOfTheseTestsIsSoundBeforeItIsChanged() throws IOException {
    assertSame(write(model()), input(16, 16));
  }

  private static void setInt(Onnx.NodeProto.Builder node, String name, long value) {
    for (int i = 0; i < node.getAttributeCount(); i++) {
      if (node.getAttribute(i).getName().equals(name)) {
        node.removeAttribute(i);
      }
    }
    node.addAttribute(
        Onnx.AttributeProto.newBuilder()
            .setName(name)
            .setType(Onnx.AttributeProto.AttributeType.INT)
            .setI(value));
  }

  private static Onnx.AttributeProto.Builder ints(String name, long... values) {
    Onnx.AttributeProto.Builder attribute =
        Onnx.AttributeProto.newBuilder()
            .setName(name)
            .setType(Onnx.AttributeProto.AttributeType.INTS);
    Arrays.stream(values).forEach(attribute::addInts);
    return attribute;
  }

  /** Conv, Relu, MaxPool with padding, Flatten. */
  private static Onnx.ModelProto.Builder model() {
    Onnx.ModelProto.Builder model = Onnx.ModelProto.newBuilder().setIrVersion(7);
    model.addOpsetImportBuilder().setVersion(13);
    Onnx.GraphProto.Builder graph = model.getGraphBuilder().setName("small");
    value(graph.addInputBuilder(), "input", 1, 3, 16, 16);
    value(graph.addOutputBuilder(), "output", 1, 4 * 8 * 8);
    Onnx.TensorProto.Builder weight =
        graph
            .addInitializerBuilder()
            .setName("weight")
            .setDataType(Onnx.TensorProto.DataType.FLOAT_VALUE)
            .addAllDims(List.of(4L, 3L, 3L, 3L));
    for (int i = 0; i < 4 * 3 * 3 * 3; i++) {
      weight.addFloatData((i % 7 - 3) / 10f);
    }
    graph
        .addNodeBuilder()
        .setOpType("Conv")
        .addInput("input")
        .addInput("weight")
        .addOutput("a")
        .addAttribute(ints("pads", 1, 0, 1, 2));
    graph.addNodeBuilder().setOpType("Relu").addInput("a").addOutput("b");
    graph
        .addNodeBuilder()
        .setOpType("MaxPool")
        .addInput("b")
        .addOutput("c")
        .addAttribute(ints("kernel_shape", 3, 3))
        .addAttribute(ints("strides", 2, 2))
        .addAttribute(ints("pads", 1, 1, 1, 1));
    graph.addNodeBuilder().setOpType("Flatten").addInput("c").addOutput("output");
    return model;
  }

  private static void value(Onnx.ValueInfoProto.Builder value, String name, long... sides) {
    Onnx.TypeProto.Tensor.Builder tensor =
        value.setName(name).getTypeBuilder().getTensorTypeBuilder();
    tensor.setElemType(Onnx.TensorProto.DataType.FLOAT_VALUE);
    Arrays.stream(sides)
        .forEach(side -> tensor.getShapeBuilder().addDimBuilder().setDimValue(side));
  }

  private record NodeOf(Onnx.ModelProto.Builder model, Onnx.NodeProto.Builder node) {}

  private static NodeOf node(String operator) {
    Onnx.ModelProto.Builder model = model();
    Onnx.NodeProto.Builder node =
        model.getGraphBuilder().getNodeBuilderList().stream()
            .filter(n -> n.getOpType().equals(operator))
            .findFirst()
            .orElseThrow();
    return new NodeOf(model, node);
  }

  private String refusedAfter(NodeOf found, Consumer<Onnx.NodeProto.Builder> change)
      throws IOException {
    change.accept(found.node());
    Path file = write(found.model());
    return refused(() -> OnnxGraphImport.read(file, input(16, 16), 1));
  }

  private Path write(Onnx.ModelProto.Builder model) throws IOException {
    return Files.write(folder.resolve("changed.onnx"), model.build().toByteArray());
  }

  private interface Reading {
    void run() throws IOException;
  }

  private static String refused(Reading reading) {
    return assertThrows(DataException.class, reading::run).getMessage();
  }
}
