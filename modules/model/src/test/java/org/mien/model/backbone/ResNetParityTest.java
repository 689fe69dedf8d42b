package org.mien.model.backbone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.graph.FaceGraph;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.model.weights.FormulaWeights;
import org.mien.model.weights.TorchShapes;
import org.mien.model.weights.WeightLoader;

/**
 * Against torchvision itself on the same weights and images; {@code
 * benchmarks/parity/make_resnet_golden.py} wrote what it computed.
 */
class ResNetParityTest {
  @BeforeAll
  static void startNd4j() {
    Nd4jRuntime.start();
  }

  @ParameterizedTest
  @CsvSource({"18, 75, 61, 512", "50, 64, 64, 2048"})
  void featuresEqualTorchvisionsAndFoldedOnesToo(int depth, int height, int width, int dimension)
      throws IOException {
    Preprocessing input = Golden.plain(height, width);
    ResNetConfig config = new ResNetConfig(depth, Optional.empty(), Optional.of(input));
    ComputationGraph graph = config.build(1);
    WeightLoader.apply(graph, new FormulaWeights(TorchShapes.of(graph)), config.naming(Map.of()));
    assertEquals(dimension, FaceGraph.featureDimension(config.build(1), config.input()));
    Golden.assertEqual("resnet" + depth + "-" + height + "x" + width + ".f32", graph, input);
  }
}
