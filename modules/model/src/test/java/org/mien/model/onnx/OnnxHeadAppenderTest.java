package org.mien.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.embed.OnnxEmbedder;
import org.mien.model.export.Parity;
import org.mien.model.export.ParityCheck;
import org.mien.model.head.HeadGraph;
import org.mien.model.head.LinearHeadConfig;
import org.mien.model.loss.SoftmaxLossConfig;
import org.mien.model.nd4j.Nd4jRuntime;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

class OnnxHeadAppenderTest {
  private static final int IMAGES = 5;
  private static final OnnxEmbedder.Options ONE_THREAD =
      new OnnxEmbedder.Options(1, Optional.empty());

  private static Preprocessing preprocessing() {
    return new Preprocessing(
        TinyOnnx.SIDE,
        TinyOnnx.SIDE,
        ColorOrder.RGB,
        List.of(127.5, 127.5, 127.5),
        List.of(127.5, 127.5, 127.5),
        new Crop.None(),
        "any");
  }

  private static ComputationGraph head() {
    Nd4jRuntime.start();
    ComputationGraph head =
        HeadGraph.build(
            TinyOnnx.DIMENSION,
            3,
            new LinearHeadConfig(7, true, 0),
            new SoftmaxLossConfig(0),
            new Adam(1e-3),
            17);
    RandomGraph.randomize(head, 4);
    return head;
  }

  private static Onnx.ModelProto append(OnnxModelFile backbone, Optional<String> output) {
    return OnnxHeadAppender.append(
        backbone,
        output,
        preprocessing(),
        Optional.of(head()),
        Map.of(HeadGraph.EMBEDDING, OnnxGraphWriter.OUTPUT),
        TinyOnnx.DIMENSION,
        Map.of("mien.name", "joined"));
  }

  /** The joined file must give what the backbone and then the head on ND4J give. */
  private static Onnx.ModelProto assertJoined(OnnxModelFile backbone, Optional<String> output) {
    Onnx.ModelProto joined = append(backbone, output);
    float[] images = RandomGraph.numbers(IMAGES * 3 * 64, 8);
    try (OnnxEmbedder features =
            OnnxEmbedder.of(backbone, preprocessing(), ONE_THREAD.withOutput(output));
        OnnxEmbedder whole =
            OnnxEmbedder.of(
                OnnxModelFile.of(joined.toByteArray(), "joined.onnx"),
                preprocessing(),
                ONE_THREAD)) {
      float[] expected =
          head()
              .feedForward(
                  Nd4j.create(
                      features.embed(images, IMAGES), new long[] {IMAGES, TinyOnnx.DIMENSION}, 'c'),
                  false)
              .get(HeadGraph.EMBEDDING)
              .dup('c')
              .data()
              .asFloat();
      Parity parity =
          ParityCheck.compare(expected, whole.embed(images, IMAGES), whole.dimension(), 1e-5);
      assertTrue(parity.passed(), parity.describe());
      assertEquals(7, whole.dimension());
      assertTrue(whole.batches());
    }
    assertEquals("images", joined.getGraph().getInput(0).getName());
    assertEquals("embedding", joined.getGraph().getOutput(0).getName());
    assertEquals(1, joined.getGraph().getOutputCount());
    return joined;
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 9, 10, 11, 12, 13, 15, 17, 18, 20})
  void theHeadIsValidInTheBackbonesOperatorSet(int opset) {
    Onnx.ModelProto joined =
        assertJoined(
            new TinyOnnx().opset(opset).irVersion(opset > 16 ? 8 : 4).file(), Optional.empty());
    assertEquals(opset, OnnxModelFile.opset(joined));
  }

  @Test
  void anOldFormatListsTheHeadsWeightsAsInputs() {
    Onnx.ModelProto joined = assertJoined(new TinyOnnx().irVersion(3).file(), Optional.empty());
    assertEquals(3, joined.getIrVersion());
    Set<String> inputs = new HashSet<>();
    joined.getGraph().getInputList().forEach(value -> inputs.add(value.getName()));
    joined
        .getGraph()
        .getInitializerList()
        .forEach(tensor -> assertTrue(inputs.contains(tensor.getName()), tensor.getName()));
  }

  @Test
  void namesThatTheBackboneSharesWithTheHeadDoNotClash() {
    for (String[] names :
        new String[][] {
          {"images", "embedding"},
          {"embedding", "images"},
          {"features", "unitFeatures"},
          {"head/embedding", "backbone/images"}
        }) {
      assertJoined(new TinyOnnx().named(names[0], names[1]).file(), Optional.empty());
    }
  }

  @Test
  void planesOfOnePixelAreFlattenedFirst() {
    assertJoined(new TinyOnnx().reshape(null).file(), Optional.empty());
  }

  @Test
  void onlyTheChosenOutputAndWhatItNeedsIsKept() {
    OnnxModelFile two = new TinyOnnx().withSecondOutput().file();
    Onnx.ModelProto first = assertJoined(two, Optional.of("output"));
    assertTrue(
        first.getGraph().getNodeList().stream()
            .noneMatch(node -> node.getName().equals("backbone/twice")));
    assertJoined(two, Optional.of("other"));
  }

  @Test
  void withoutAHeadTheBackbonesOwnVectorsComeOut() {
    OnnxModelFile backbone = new TinyOnnx().file();
    Onnx.ModelProto renamed =
        OnnxHeadAppender.append(
            backbone,
            Optional.empty(),
            preprocessing(),
            Optional.empty(),
            Map.of(HeadGraph.EMBEDDING, OnnxGraphWriter.OUTPUT),
            TinyOnnx.DIMENSION,
            Map.of());
    float[] images = RandomGraph.numbers(IMAGES * 3 * 64, 8);
    try (OnnxEmbedder features = OnnxEmbedder.of(backbone, preprocessing(), ONE_THREAD);
        OnnxEmbedder whole =
            OnnxEmbedder.of(
                OnnxModelFile.of(renamed.toByteArray(), "renamed.onnx"),
                preprocessing(),
                ONE_THREAD)) {
      assertTrue(ParityCheck.compare(features, whole, images, IMAGES, 1e-6).passed());
    }
  }

  @Test
  void theModelSaysWhereItComesFrom() {
    OnnxModelFile backbone = new TinyOnnx().file();
    Map<String, String> entries = new HashMap<>();
    append(backbone, Optional.empty())
        .getMetadataPropsList()
        .forEach(entry -> entries.put(entry.getKey(), entry.getValue()));
    assertEquals("joined", entries.get("mien.name"));
    assertEquals(backbone.sha256(), entries.get("mien.backbone.sha256"));
    assertEquals("by hand", entries.get("mien.backbone.producer"));
  }

  @Test
  void anOperatorSetTooOldOrTooNewIsRefused() {
    for (int opset : new int[] {6, 99}) {
      DataException error =
          assertThrows(
              DataException.class,
              () -> append(new TinyOnnx().opset(opset).file(), Optional.empty()));
      assertTrue(error.getMessage().contains("it uses " + opset), error.getMessage());
    }
  }
}
