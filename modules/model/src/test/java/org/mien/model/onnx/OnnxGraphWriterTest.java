package org.mien.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import onnx.Onnx;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.embed.Nd4jEmbedder;
import org.mien.model.embed.OnnxEmbedder;
import org.mien.model.export.Parity;
import org.mien.model.export.ParityCheck;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationReLU;

class OnnxGraphWriterTest {
  private static final int SIDE = 13;
  private static final double TOLERANCE = 1e-5;
  private static final String IN = RandomGraph.INPUT;

  private static Preprocessing preprocessing() {
    return new Preprocessing(
        SIDE,
        SIDE,
        ColorOrder.RGB,
        List.of(127.5, 127.5, 127.5),
        List.of(127.5, 127.5, 127.5),
        new Crop.None(),
        "any");
  }

  private static ConvolutionLayer.Builder convolution(int outputs, int kernel) {
    return new ConvolutionLayer.Builder(kernel, kernel)
        .nOut(outputs)
        .activation(Activation.IDENTITY);
  }

  /** Puts a layer between a convolution and a dense layer. */
  private static Consumer<GraphBuilder> inTheMiddle(Layer layer) {
    return graph ->
        graph
            .addLayer("conv", convolution(6, 3).stride(1, 1).build(), IN)
            .addLayer("middle", layer, "conv")
            .addLayer("top", dense(5), "middle")
            .setOutputs("top");
  }

  private static DenseLayer dense(int outputs) {
    return new DenseLayer.Builder().nOut(outputs).activation(Activation.IDENTITY).build();
  }

  /** Exports, runs in ONNX Runtime, and compares with the graph itself, one image and several. */
  private static Onnx.ModelProto assertSame(ComputationGraph graph, String output) {
    Onnx.ModelProto model = null;
    float[] images = RandomGraph.numbers(5 * 3 * SIDE * SIDE, 21);
    Nd4jEmbedder reference = new Nd4jEmbedder(graph, output, preprocessing());
    for (boolean fold : new boolean[] {false, true}) {
      model = OnnxGraphWriter.write(graph, output, preprocessing(), Map.of(), fold);
      try (OnnxEmbedder exported =
          OnnxEmbedder.of(
              OnnxModelFile.of(model.toByteArray(), "exported.onnx"),
              preprocessing(),
              new OnnxEmbedder.Options(1, Optional.empty()))) {
        assertTrue(exported.batches());
        for (int count : new int[] {1, 5}) {
          Parity parity = ParityCheck.compare(reference, exported, images, count, TOLERANCE);
          assertTrue(parity.passed(), (fold ? "folded: " : "") + parity.describe());
        }
      }
    }
    return model;
  }

  private static void assertSame(Consumer<GraphBuilder> layers) {
    assertSame(RandomGraph.onImages(SIDE, layers), "top");
  }

  private static List<String> operators(Onnx.ModelProto model) {
    return model.getGraph().getNodeList().stream().map(Onnx.NodeProto::getOpType).toList();
  }

  @Test
  void strideDilationPaddingAndBiasOfConvolutionsAreKept() {
    assertSame(
        graph ->
            graph
                .addLayer("a", convolution(4, 3).stride(2, 1).padding(1, 2).build(), IN)
                .addLayer("b", convolution(5, 3).dilation(2, 1).hasBias(false).build(), "a")
                .addLayer("top", dense(4), "b")
                .setOutputs("top"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void samePaddingIsWrittenInNumbers(int kernel) {
    for (int stride = 1; stride <= 3; stride++) {
      int s = stride;
      assertSame(
          graph ->
              graph
                  .addLayer(
                      "a",
                      convolution(4, kernel)
                          .stride(s, s)
                          .convolutionMode(ConvolutionMode.Same)
                          .build(),
                      IN)
                  .addLayer("top", dense(4), "a")
                  .setOutputs("top"));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PoolingType.class,
      names = {"MAX", "AVG"})
  void poolingWithAndWithoutPaddingIsTheSame(PoolingType type) {
    for (int padding = 0; padding <= 1; padding++) {
      assertSame(
          inTheMiddle(
              new SubsamplingLayer.Builder(type)
                  .kernelSize(3, 3)
                  .stride(2, 2)
                  .padding(padding, padding)
                  .build()));
    }
    assertSame(
        inTheMiddle(
            new SubsamplingLayer.Builder(type)
                .kernelSize(3, 3)
                .stride(2, 2)
                .convolutionMode(ConvolutionMode.Same)
                .build()));
    assertSame(inTheMiddle(new GlobalPoolingLayer.Builder(type).build()));
  }

  @Test
  void everyActivationIsTheSame() {
    for (Activation activation :
        List.of(
            Activation.IDENTITY,
            Activation.RELU,
            Activation.RELU6,
            Activation.LEAKYRELU,
            Activation.ELU,
            Activation.SIGMOID,
            Activation.HARDSIGMOID,
            Activation.TANH,
            Activation.SWISH)) {
      assertSame(inTheMiddle(new ActivationLayer.Builder().activation(activation).build()));
    }
    assertSame(
        inTheMiddle(
            new ActivationLayer.Builder().activation(new ActivationReLU(0.7, 0.0, 0.0)).build()));
    assertSame(
        inTheMiddle(new PReLULayer.Builder().inputShape(6, 11, 11).sharedAxes(2, 3).build()));
  }

  @Test
  void otherLayersAreTheSame() {
    assertSame(inTheMiddle(new LocalResponseNormalization.Builder().n(5).alpha(0.3).build()));
    assertSame(inTheMiddle(new ZeroPaddingLayer.Builder(1, 2, 0, 3).build()));
    assertSame(inTheMiddle(new DropoutLayer.Builder(0.5).build()));
    assertSame(
        inTheMiddle(
            new DepthwiseConvolution2D.Builder()
                .kernelSize(3, 3)
                .depthMultiplier(2)
                .activation(Activation.RELU)
                .build()));
    assertSame(inTheMiddle(new FrozenLayer(convolution(3, 3).activation(Activation.RELU).build())));
  }

  @Test
  void batchNormalisationAfterAConvolutionOrDenseLayerIsFolded() {
    ComputationGraph graph =
        RandomGraph.onImages(
            SIDE,
            builder ->
                builder
                    .addLayer("a", convolution(4, 3).hasBias(false).build(), IN)
                    .addLayer("a.norm", new BatchNormalization.Builder().eps(1e-3).build(), "a")
                    .addLayer("a.relu", new ActivationLayer(Activation.RELU), "a.norm")
                    .addLayer("b", convolution(5, 3).build(), "a.relu")
                    .addLayer(
                        "b.norm",
                        new FrozenLayer(
                            new BatchNormalization.Builder()
                                .lockGammaBeta(true)
                                .gamma(1.5)
                                .beta(-0.25)
                                .build()),
                        "b")
                    .addLayer("c", dense(6), "b.norm")
                    .addLayer("top", new BatchNormalization.Builder().useLogStd(true).build(), "c")
                    .setOutputs("top"));

    Onnx.ModelProto folded = assertSame(graph, "top");

    assertEquals(List.of("Conv", "Relu", "Conv", "Flatten", "Gemm"), operators(folded));
  }

  @Test
  void batchNormalisationIsNotFoldedIntoAConvolutionThatOthersUseToo() {
    ComputationGraph graph =
        RandomGraph.onImages(
            SIDE,
            builder ->
                builder
                    .addLayer("first", new BatchNormalization(), IN)
                    .addLayer("a", convolution(4, 3).build(), "first")
                    .addLayer("norm", new BatchNormalization(), "a")
                    .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a", "norm")
                    .addLayer("top", dense(3), "sum")
                    .setOutputs("top"));

    Onnx.ModelProto model = assertSame(graph, "top");

    assertEquals(
        2, operators(model).stream().filter(op -> op.equals("BatchNormalization")).count());
  }

  @Test
  void branchesAreJoinedBySumsAndByConcatenation() {
    assertSame(
        graph ->
            graph
                .addLayer("a", convolution(4, 3).build(), IN)
                .addLayer("b", convolution(4, 3).build(), IN)
                .addLayer("c", convolution(4, 3).build(), IN)
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a", "b", "c")
                .addVertex("max", new ElementWiseVertex(ElementWiseVertex.Op.Max), "a", "b")
                .addVertex("mean", new ElementWiseVertex(ElementWiseVertex.Op.Average), "b", "c")
                .addVertex(
                    "difference", new ElementWiseVertex(ElementWiseVertex.Op.Subtract), "a", "c")
                .addVertex("product", new ElementWiseVertex(ElementWiseVertex.Op.Product), "a", "b")
                .addVertex("all", new MergeVertex(), "sum", "max", "mean", "difference", "product")
                .addLayer("top", dense(4), "all")
                .setOutputs("top"));
  }

  @Test
  void normalisedScaledAndShiftedVectorsAreTheSame() {
    assertSame(
        graph ->
            graph
                .addLayer("a", dense(6), IN)
                .addVertex("unit", new L2NormalizeVertex(), "a")
                .addVertex("scaled", new ScaleVertex(32), "unit")
                .addVertex("top", new ShiftVertex(0.5), "scaled")
                .addLayer(
                    "classes",
                    new OutputLayer.Builder().nOut(3).activation(Activation.SOFTMAX).build(),
                    "top")
                .setOutputs("classes"));
  }

  @Test
  void probabilitiesAreTheSame() {
    assertSame(
        graph ->
            graph
                .addLayer("a", dense(6), IN)
                .addLayer(
                    "top",
                    new OutputLayer.Builder().nOut(3).activation(Activation.SOFTMAX).build(),
                    "a")
                .setOutputs("top"));
  }

  @Test
  void inputAndOutputHaveTheirNamesWhateverTheVerticesAreCalled() {
    ComputationGraph graph =
        RandomGraph.onImages(
            SIDE,
            builder ->
                builder
                    .addLayer("embedding", convolution(2, 3).build(), IN)
                    .addLayer("images", dense(4), "embedding")
                    .addLayer("top", dense(3), "images")
                    .setOutputs("top"));

    Onnx.ModelProto model = assertSame(graph, "top");

    assertEquals("images", model.getGraph().getInput(0).getName());
    assertEquals("embedding", model.getGraph().getOutput(0).getName());
    assertEquals(7, model.getIrVersion());
    assertEquals(13, OnnxModelFile.opset(model));
    assertEquals("Mien", model.getProducerName());
    assertEquals(
        "batch",
        model.getGraph().getOutput(0).getType().getTensorType().getShape().getDim(0).getDimParam());
  }

  @Test
  void layersAfterTheOutputAreLeftOut() {
    ComputationGraph graph =
        RandomGraph.onImages(
            SIDE,
            builder ->
                builder
                    .addLayer("embedding", dense(4), IN)
                    .addLayer("other", dense(4), IN)
                    .addLayer(
                        "classifier",
                        new OutputLayer.Builder().nOut(3).activation(Activation.SOFTMAX).build(),
                        "embedding",
                        "other")
                    .setOutputs("classifier"));

    Onnx.ModelProto model = assertSame(graph, "embedding");

    assertEquals(List.of("Flatten", "Gemm"), operators(model));
  }

  @Test
  void theSameGraphGivesTheSameBytes() {
    ComputationGraph graph =
        RandomGraph.onImages(SIDE, b -> b.addLayer("top", dense(4), IN).setOutputs("top"));
    Map<String, String> metadata = Map.of("a", "1", "b", "2", "c", "3");
    assertEquals(
        OnnxGraphWriter.write(graph, "top", preprocessing(), metadata).toByteString(),
        OnnxGraphWriter.write(graph, "top", preprocessing(), metadata).toByteString());
  }

  @Test
  void aLayerThatCannotBeWrittenIsNamedWithItsClass() {
    ComputationGraph upsampling =
        RandomGraph.onImages(SIDE, inTheMiddle(new Upsampling2D.Builder().size(2).build()));
    assertRefused(upsampling, "middle", Upsampling2D.class.getName());

    ComputationGraph planesLast =
        RandomGraph.onImages(SIDE, graph -> inTheMiddle(convolution(2, 3).build()).accept(graph));
    ((ConvolutionLayer) planesLast.getLayer("middle").conf().getLayer())
        .setCnn2dDataFormat(CNN2DFormat.NHWC);
    assertRefused(planesLast, "middle", "NHWC");

    assertRefused(
        RandomGraph.onImages(
            SIDE, inTheMiddle(new ActivationLayer.Builder().activation(Activation.MISH).build())),
        "middle",
        "ActivationMish");
  }

  private static void assertRefused(ComputationGraph graph, String layer, String what) {
    DataException error =
        assertThrows(
            DataException.class,
            () -> OnnxGraphWriter.write(graph, "top", preprocessing(), Map.of()));
    assertTrue(error.getMessage().contains("layer " + layer + " "), error.getMessage());
    assertTrue(error.getMessage().contains(what), error.getMessage());
  }
}
