package org.mien.model.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mien.core.error.DataException;
import org.mien.model.embed.OnnxEmbedder;
import org.mien.model.file.FaceModel;
import org.mien.model.file.ModelDescriptor;
import org.mien.model.file.SmallModels;
import org.mien.model.graph.FaceGraph;
import org.mien.model.head.BnFcHeadConfig;
import org.mien.model.head.HeadConfig;
import org.mien.model.head.HeadGraph;
import org.mien.model.head.LinearHeadConfig;
import org.mien.model.loss.LossSamples;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.model.onnx.OnnxGraphWriter;
import org.mien.model.onnx.OnnxModelFile;
import org.mien.model.onnx.RandomGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** Every loss and head as a file: Mien's own, and ONNX with and without the classifier. */
final class EveryLossExportTest {
  private static final int IMAGES = 3;

  @BeforeAll
  static void startNd4j() {
    Nd4jRuntime.start();
  }

  static List<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    List<HeadConfig> heads =
        List.of(
            new LinearHeadConfig(SmallModels.DIMENSION, true, 16, 0.2),
            new BnFcHeadConfig(SmallModels.DIMENSION, 0.2, 0.9, 1e-5, 8));
    for (String loss : LossSamples.words()) {
      cases.add(Arguments.of(loss, heads.get(cases.size() % 2)));
    }
    cases.add(Arguments.of("{type: softmax}", heads.get(1)));
    cases.add(Arguments.of("{type: arcface}", heads.get(1)));
    cases.add(Arguments.of("{type: triplet}", heads.get(0)));
    return cases;
  }

  private static ComputationGraph head(String loss, HeadConfig head) {
    ComputationGraph graph =
        HeadGraph.build(
            5, SmallModels.IDENTITIES.size(), head, LossSamples.parse(loss), new Adam(1e-3), 3);
    RandomGraph.randomize(graph, 4);
    return graph;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyOutputIsTheSameInOnnx(String loss, HeadConfig head) {
    ComputationGraph joined = FaceGraph.join(SmallModels.backbone(), head(loss, head));
    float[] images = SmallModels.images(IMAGES);
    INDArray input =
        Nd4j.create(
            images,
            new long[] {
              IMAGES,
              3,
              SmallModels.preprocessing().heightPixels(),
              SmallModels.preprocessing().widthPixels()
            },
            'c');
    List<String> vertices =
        List.of(
            HeadGraph.EMBEDDING,
            HeadGraph.classifies(joined) ? HeadGraph.CLASSIFIER : HeadGraph.METRIC);
    for (String vertex : vertices) {
      float[] expected = joined.feedForward(input, false).get(vertex).dup('c').data().asFloat();
      OnnxModelFile file =
          OnnxModelFile.of(
              OnnxGraphWriter.write(joined, vertex, SmallModels.preprocessing(), Map.of())
                  .toByteArray(),
              "joined.onnx");
      try (OnnxEmbedder engine =
          OnnxEmbedder.of(file, SmallModels.preprocessing(), SmallModels.ONE_THREAD)) {
        Parity parity =
            ParityCheck.compare(expected, engine.embed(images, IMAGES), engine.dimension(), 1e-5);
        assertTrue(parity.passed(), vertex + ": " + parity.describe());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aSavedModelGivesTheSame(String loss, HeadConfig head, @TempDir Path folder) {
    ComputationGraph graph = head(loss, head);
    ModelDescriptor descriptor =
        SmallModels.descriptor()
            .withIdentities(
                SmallModels.IDENTITIES,
                HeadGraph.classifies(graph) ? SmallModels.IDENTITIES : List.of());
    Path zip = folder.resolve("model.zip");
    float[] images = SmallModels.images(IMAGES);
    try (FaceModel model = FaceModel.ofGraph(descriptor, SmallModels.backbone(), graph)) {
      model.save(zip);
      float[] features = model.features(images, IMAGES);
      try (FaceModel read = FaceModel.load(zip)) {
        assertEquals(model.descriptor(), read.descriptor());
        assertEquals(model.classifies(), read.classifies());
        assertArrayEquals(
            model.embedder().embed(images, IMAGES), read.embedder().embed(images, IMAGES));
        if (HeadGraph.classifies(graph)) {
          assertArrayEquals(model.predict(features, IMAGES), read.predict(features, IMAGES));
        } else {
          assertThrows(DataException.class, () -> read.predict(features, IMAGES));
        }
      }
    }
  }
}
