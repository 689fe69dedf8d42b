package org.mien.model.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.mien.core.error.DataException;
import org.mien.model.backbone.SmallResNetConfig;
import org.mien.model.nd4j.Nd4jRuntime;
import org.nd4j.linalg.api.ndarray.INDArray;

class WeightLoaderTest {
  private static final SmallResNetConfig TINY =
      new SmallResNetConfig(List.of(2, 4), List.of(1, 1), Optional.empty());

  @BeforeAll
  static void startNd4j() {
    Nd4jRuntime.start();
  }

  @Test
  void fillsEveryLayerAndLeavesTheClassifierOut() {
    ComputationGraph graph = TINY.build(1);
    Map<String, List<Long>> shapes = TorchShapes.of(graph);
    shapes.put("bn1.num_batches_tracked", List.of());
    shapes.put("fc.weight", List.of(10L, 4L));
    shapes.put("fc.bias", List.of(10L));
    FormulaWeights weights = new FormulaWeights(shapes);
    WeightLoader.Loaded loaded = WeightLoader.apply(graph, weights, TINY.naming(shapes));
    assertEquals(List.of("bn1.num_batches_tracked", "fc.weight", "fc.bias"), loaded.leftOut());
    assertEquals(shapes.size() - 3, loaded.tensors());
    assertEquals(
        weights.values("layer2.0.downsample.0.weight")[3],
        graph.getLayer("layer2.0.downsample.0").getParam("W").getFloat(1, 1, 0, 0));
    assertEquals(
        weights.values("layer2.0.bn2.running_var")[2],
        graph.getLayer("layer2.0.bn2").getParam("var").getFloat(2));
  }

  @Test
  void missingLeftOverAndMisshapenTensorsAreToldInOneTable() {
    ComputationGraph graph = TINY.build(1);
    INDArray before = graph.params().dup();
    Map<String, List<Long>> shapes = new LinkedHashMap<>(TorchShapes.of(graph));
    shapes.remove("bn1.bias");
    shapes.put("layer1.0.conv1.weight", List.of(2L, 2L, 5L, 5L));
    shapes.put("layer3.0.conv1.weight", List.of(8L, 4L, 3L, 3L));
    String message =
        assertThrows(
                DataException.class,
                () -> WeightLoader.apply(graph, new FormulaWeights(shapes), TINY.naming(shapes)))
            .getMessage();
    assertTrue(message.contains("3 of "), message);
    assertTrue(message.matches("(?s).*\nbn1\\.bias +\\[2] +nothing\n.*"), message);
    assertTrue(
        message.matches("(?s).*\nlayer1\\.0\\.conv1\\.weight +\\[2, 2, 3, 3] +\\[2, 2, 5, 5]\n.*"),
        message);
    assertTrue(
        message.matches("(?s).*\nlayer3\\.0\\.conv1\\.weight +nothing +\\[8, 4, 3, 3].*"), message);
    assertEquals(before, graph.params(), "the graph changed although the weights were refused");
  }
}
