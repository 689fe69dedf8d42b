package org.mien.model.backbone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.embed.Nd4jEmbedder;
import org.mien.model.graph.FaceGraph;
import org.mien.model.graph.FoldedGraph;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.model.weights.FormulaWeights;
import org.mien.model.weights.TorchShapes;
import org.mien.model.weights.WeightLoader;

/**
 * Against torchvision itself on the same weights and images; {@code
 * benchmarks/parity/make_resnet_golden.py} wrote what it computed.
 */
class ResNetParityTest {
  private static final double TOLERANCE = 1e-5;

  @BeforeAll
  static void startNd4j() {
    Nd4jRuntime.start();
  }

  @ParameterizedTest
  @CsvSource({"18, 75, 61, 512", "50, 64, 64, 2048"})
  void featuresEqualTorchvisionsAndFoldedOnesToo(int depth, int height, int width, int dimension)
      throws IOException {
    Preprocessing input =
        new Preprocessing(
            width,
            height,
            ColorOrder.RGB,
            List.of(0.0, 0.0, 0.0),
            List.of(1.0, 1.0, 1.0),
            new Crop.None(),
            "any");
    ResNetConfig config = new ResNetConfig(depth, Optional.empty(), Optional.of(input));
    ComputationGraph graph = config.build(1);
    WeightLoader.apply(graph, new FormulaWeights(TorchShapes.of(graph)), config.naming(Map.of()));
    assertEquals(dimension, FaceGraph.featureDimension(config.build(1), config.input()));
    float[] golden = golden("resnet" + depth + "-" + height + "x" + width + ".f32", 2 * dimension);
    for (ComputationGraph variant : List.of(graph, FoldedGraph.of(graph))) {
      try (Nd4jEmbedder embedder = new Nd4jEmbedder(variant, NetworkBuilder.FEATURES, input)) {
        float[] features = embedder.embed(FormulaWeights.images(2, height, width), 2);
        assertClose(golden, features);
      }
    }
  }

  private static void assertClose(float[] expected, float[] actual) {
    assertEquals(expected.length, actual.length);
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(expected[i] - actual[i]));
    }
    System.out.printf("largest difference %.2e of %.2f%n", difference, largest);
    assertTrue(difference <= TOLERANCE * largest, "differs by " + difference + " of " + largest);
  }

  private static float[] golden(String name, int count) throws IOException {
    try (InputStream in = ResNetParityTest.class.getResourceAsStream(name)) {
      float[] values = new float[count];
      byte[] bytes = in.readAllBytes();
      assertEquals(count * Float.BYTES, bytes.length);
      ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
      return values;
    }
  }
}
