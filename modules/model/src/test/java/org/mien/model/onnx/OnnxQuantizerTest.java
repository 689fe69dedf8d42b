package org.mien.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import onnx.Onnx;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.backbone.NetworkBuilder;
import org.mien.model.backbone.SmallResNetConfig;
import org.mien.model.embed.OnnxEmbedder;
import org.mien.model.export.Parity;
import org.mien.model.export.ParityCheck;
import org.mien.model.file.SmallModels;
import org.mien.model.nd4j.Nd4jRuntime;

class OnnxQuantizerTest {
  private static final OnnxEmbedder.Options ONE_THREAD =
      new OnnxEmbedder.Options(1, Optional.empty());
  private static final SmallResNetConfig CONFIG =
      new SmallResNetConfig(List.of(16, 32), List.of(1, 2), Optional.empty());

  private static Onnx.ModelProto resNet() {
    Nd4jRuntime.start();
    ComputationGraph graph = CONFIG.build(4);
    RandomGraph.randomize(graph, 6);
    return OnnxGraphWriter.write(
        graph, NetworkBuilder.FEATURES, CONFIG.input(), Map.of("mien.name", "small"));
  }

  private static Onnx.ModelProto quantized(Onnx.ModelProto model, Preprocessing input) {
    return OnnxQuantizer.quantize(
        model,
        "small",
        RandomGraph.numbers(16 * input.imageLength(), 1),
        16,
        input.heightPixels(),
        input.widthPixels());
  }

  private static Parity compare(
      Onnx.ModelProto expected, Onnx.ModelProto actual, Preprocessing input) {
    float[] images = RandomGraph.numbers(5 * input.imageLength(), 9);
    try (OnnxEmbedder one =
            OnnxEmbedder.of(OnnxModelFile.of(expected.toByteArray(), "float"), input, ONE_THREAD);
        OnnxEmbedder other =
            OnnxEmbedder.of(OnnxModelFile.of(actual.toByteArray(), "int8"), input, ONE_THREAD)) {
      return ParityCheck.compare(one, other, images, 5, 1e-5);
    }
  }

  @Test
  void anEightBitNetworkPointsWhereTheFloatNetworkPoints() {
    Onnx.ModelProto model = resNet();
    Onnx.ModelProto small = quantized(model, CONFIG.input());
    Parity parity = compare(model, small, CONFIG.input());
    assertTrue(parity.smallestCosine() > 0.99, parity.describe());
    assertFalse(parity.passed(), "8 bits cannot be exact: " + parity.describe());
    assertTrue(small.getSerializedSize() < 0.4 * model.getSerializedSize());
    assertEquals(model.getMetadataPropsList(), small.getMetadataPropsList());
  }

  @Test
  void weightsAreSevenBitsByChannelAndNoFloatWeightIsLeft() {
    Onnx.GraphProto graph = quantized(resNet(), CONFIG.input()).getGraph();
    Map<String, Onnx.TensorProto> constants = new HashMap<>();
    graph.getInitializerList().forEach(t -> constants.put(t.getName(), t));
    Map<String, Onnx.NodeProto> producers = new HashMap<>();
    graph.getNodeList().forEach(n -> producers.put(n.getOutput(0), n));
    int convolutions = 0;
    for (Onnx.NodeProto node : graph.getNodeList()) {
      if (node.getOpType().equals("Conv")) {
        convolutions++;
        Onnx.NodeProto reader = producers.get(node.getInput(1));
        assertEquals("DequantizeLinear", reader.getOpType());
        Onnx.TensorProto stored = constants.get(reader.getInput(0));
        assertEquals(Onnx.TensorProto.DataType.INT8_VALUE, stored.getDataType());
        assertEquals(List.of(stored.getDims(0)), constants.get(reader.getInput(1)).getDimsList());
        byte[] weights = stored.getRawData().toByteArray();
        int largest = 0;
        for (byte weight : weights) {
          largest = Math.max(largest, Math.abs(weight));
        }
        assertEquals(OnnxQuantizer.LARGEST_WEIGHT, largest);
        assertEquals("DequantizeLinear", producers.get(node.getInput(0)).getOpType());
      }
    }
    assertTrue(convolutions > 5);
    long floats =
        graph.getInitializerList().stream()
            .filter(t -> t.getDataType() == Onnx.TensorProto.DataType.FLOAT_VALUE)
            .filter(t -> t.getDimsCount() > 1)
            .count();
    assertEquals(0, floats);
  }

  @ParameterizedTest
  @ValueSource(ints = {7, 9, 11, 13})
  void olderOperatorSetsAreRaised(int opset) {
    Onnx.ModelProto model = new TinyOnnx().opset(opset).batch(0).reshape(0, -1).build();
    Onnx.ModelProto.Builder clipped = model.toBuilder();
    // A clip of the old form, whose limits were attributes.
    Onnx.GraphProto.Builder graph = clipped.getGraphBuilder();
    Onnx.NodeProto.Builder clip =
        Onnx.NodeProto.newBuilder().setOpType("Clip").addInput("planes").addOutput("clipped");
    if (opset < 11) {
      clip.addAttribute(OnnxNodes.attribute("min", -3.0))
          .addAttribute(OnnxNodes.attribute("max", 3.0));
    } else {
      for (String limit : List.of("-3", "3")) {
        graph.addInitializer(
            Onnx.TensorProto.newBuilder()
                .setName(limit)
                .setDataType(1)
                .addFloatData(Float.parseFloat(limit)));
        clip.addInput(limit);
      }
    }
    graph.getNodeBuilder(1).setInput(0, "clipped");
    Onnx.NodeProto last = graph.getNode(1);
    graph.removeNode(1).addNode(clip).addNode(last);
    Preprocessing input = SmallModels.preprocessing();
    Onnx.ModelProto small = quantized(clipped.build(), input);
    assertEquals(13, OnnxModelFile.opset(small));
    assertEquals(
        Set.of(""),
        new HashSet<>(
            small.getOpsetImportList().stream().map(Onnx.OperatorSetIdProto::getDomain).toList()));
    Parity parity = compare(clipped.build(), small, input);
    assertTrue(parity.smallestCosine() > 0.99, parity.describe());
  }

  @Test
  void anOperatorOfUnknownMeaningIsRefusedByName() {
    Onnx.ModelProto.Builder model =
        new TinyOnnx().opset(9).batch(0).reshape(0, -1).build().toBuilder();
    model.getGraphBuilder().getNodeBuilder(1).setOpType("Softmax").clearInput().addInput("planes");
    Onnx.ValueInfoProto.Builder output = model.getGraphBuilder().getOutputBuilder(0);
    output.getTypeBuilder().getTensorTypeBuilder().clearShape();
    DataException error =
        assertThrows(
            DataException.class, () -> quantized(model.build(), SmallModels.preprocessing()));
    assertTrue(error.getMessage().startsWith("small: its operator Softmax"), error.getMessage());
  }

  @Test
  void imagesThatAreNotNumbersCannotCalibrate() {
    Preprocessing input = SmallModels.preprocessing();
    float[] images = RandomGraph.numbers(2 * input.imageLength(), 1);
    java.util.Arrays.fill(images, Float.POSITIVE_INFINITY);
    DataException error =
        assertThrows(
            DataException.class,
            () ->
                OnnxQuantizer.quantize(
                    new TinyOnnx().batch(0).reshape(0, -1).build(), "small", images, 2, 8, 8));
    assertTrue(error.getMessage().contains("not finite"), error.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> OnnxQuantizer.quantize(new TinyOnnx().build(), "small", new float[3], 1, 8, 8));
  }

  @Test
  void whatANetworkCostsIsCountedFromTheFile() {
    OnnxSummary tiny = OnnxSummary.of(new TinyOnnx().file(), 8, 8);
    // One convolution over the whole image: 4 x 3 x 8 x 8 weights, each used once.
    assertEquals(768, tiny.parameters());
    assertEquals(768, tiny.multiplyAdds());
    assertEquals(9, tiny.opset());
    Preprocessing input = CONFIG.input();
    Onnx.ModelProto model = resNet();
    OnnxSummary large =
        OnnxSummary.of(
            OnnxModelFile.of(model.toByteArray(), "float"),
            input.heightPixels(),
            input.widthPixels());
    OnnxSummary small =
        OnnxSummary.of(
            OnnxModelFile.of(quantized(model, input).toByteArray(), "int8"),
            input.heightPixels(),
            input.widthPixels());
    assertEquals(large.multiplyAdds(), small.multiplyAdds());
    assertEquals(
        org.mien.model.graph.GraphSummary.of(CONFIG.build(4), input).multiplyAdds(),
        large.multiplyAdds());
  }
}
