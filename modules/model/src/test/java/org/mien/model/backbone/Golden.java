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
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.embed.Embedder;
import org.mien.model.embed.Nd4jEmbedder;
import org.mien.model.embed.OnnxEmbedder;
import org.mien.model.graph.FoldedGraph;
import org.mien.model.onnx.OnnxGraphWriter;
import org.mien.model.onnx.OnnxModelFile;
import org.mien.model.weights.FormulaWeights;

/** Compares a network with what scripts in {@code benchmarks/parity} wrote of another framework. */
final class Golden {
  private static final double TOLERANCE = 1e-5;
  private static final int IMAGES = 2;

  private Golden() {}

  /** An input contract that leaves pixels as they are. */
  static Preprocessing plain(int height, int width) {
    return new Preprocessing(
        width,
        height,
        ColorOrder.RGB,
        List.of(0.0, 0.0, 0.0),
        List.of(1.0, 1.0, 1.0),
        new Crop.None(),
        "any");
  }

  /** The graph as it is, folded, and exported to ONNX Runtime must all give the golden features. */
  static void assertEqual(String file, ComputationGraph graph, Preprocessing input)
      throws IOException {
    float[] images = FormulaWeights.images(IMAGES, input.heightPixels(), input.widthPixels());
    float[] golden = read(file);
    for (ComputationGraph variant : List.of(graph, FoldedGraph.of(graph))) {
      try (Embedder embedder = new Nd4jEmbedder(variant, NetworkBuilder.FEATURES, input)) {
        assertClose(file + " nd4j", golden, embedder.embed(images, IMAGES));
      }
    }
    try (Embedder exported = exported(graph, input)) {
      assertClose(file + " onnx", golden, exported.embed(images, IMAGES));
    }
  }

  static Embedder exported(ComputationGraph graph, Preprocessing input) {
    byte[] model =
        OnnxGraphWriter.write(graph, NetworkBuilder.FEATURES, input, Map.of()).toByteArray();
    return OnnxEmbedder.of(
        OnnxModelFile.of(model, "exported.onnx"),
        input,
        new OnnxEmbedder.Options(1, Optional.empty()));
  }

  static void assertClose(String what, float[] expected, float[] actual) {
    assertEquals(expected.length, actual.length, what);
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(expected[i] - actual[i]));
    }
    System.out.printf("%s: largest difference %.2e of %.2f%n", what, difference, largest);
    assertTrue(largest > 0, what + ": only zeros were compared");
    assertTrue(
        difference <= TOLERANCE * largest, what + " differs by " + difference + " of " + largest);
  }

  private static float[] read(String name) throws IOException {
    try (InputStream in = Golden.class.getResourceAsStream(name)) {
      byte[] bytes = in.readAllBytes();
      float[] values = new float[bytes.length / Float.BYTES];
      ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
      return values;
    }
  }
}
