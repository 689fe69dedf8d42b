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
    assertTrue(
        message.contains(
            "(1 missing in the file, 1 of another shape, 1 that no layer wants; 28 of its 30"
                + " tensors fit)"),
        message);
    assertTrue(
        message.matches("(?s).*\nbn1\\.bias +\\[2] +nothing +beta of layer bn1\n.*"), message);
    assertTrue(
        message.matches(
            "(?s).*\nlayer1\\.0\\.conv1\\.weight +\\[2, 2, 3, 3] +\\[2, 2, 5, 5] +weight of"
                + " layer layer1\\.0\\.conv1\n.*"),
        message);
    assertTrue(
        message.matches("(?s).*\nlayer3\\.0\\.conv1\\.weight +nothing +\\[8, 4, 3, 3] +no layer.*"),
        message);
    assertEquals(before, graph.params(), "the graph changed although the weights were refused");
  }

  @Test
  void theFilesTensorOfThatShapeAndTheNearestNameIsPointedOut() {
    ComputationGraph graph = TINY.build(1);
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    TorchShapes.of(graph)
        .forEach((name, shape) -> shapes.put(name.replace("bn1.b", "bn_1.b"), shape));
    String message =
        assertThrows(
                DataException.class,
                () -> WeightLoader.apply(graph, new FormulaWeights(shapes), TINY.naming(shapes)))
            .getMessage();
    assertTrue(
        message.contains("beta of layer bn1; of this shape, and wanted by no layer: bn_1.bias"),
        message);
  }

  @Test
  void aNetworkUnderOnePrefixIsFoundAndTheRestLeftOut() {
    ComputationGraph graph = TINY.build(1);
    Map<String, List<Long>> shapes = prefixed(graph, "backbone.");
    shapes.put("backbone.bn1.num_batches_tracked", List.of());
    shapes.put("head.weight", List.of(10L, 4L));
    FormulaWeights weights = new FormulaWeights(shapes);
    WeightLoader.Loaded loaded = WeightLoader.apply(graph, weights, TINY.naming(shapes));
    assertEquals(List.of("backbone.bn1.num_batches_tracked", "head.weight"), loaded.leftOut());
    assertEquals(
        weights.values("backbone.layer2.0.bn2.running_var")[2],
        graph.getLayer("layer2.0.bn2").getParam("var").getFloat(2));
  }

  @Test
  void aNetworkUnderTwoPrefixesIsNotGuessed() {
    ComputationGraph graph = TINY.build(1);
    Map<String, List<Long>> shapes = prefixed(graph, "student.");
    shapes.putAll(prefixed(graph, "teacher."));
    String message =
        assertThrows(
                DataException.class,
                () -> WeightLoader.apply(graph, new FormulaWeights(shapes), TINY.naming(shapes)))
            .getMessage();
    assertTrue(message.contains("under 'student.' and 'teacher.'"), message);
  }

  @Test
  void numbersThatAreNotFiniteAreRefused() {
    ComputationGraph graph = TINY.build(1);
    FormulaWeights good = new FormulaWeights(TorchShapes.of(graph));
    StateDictionary bad =
        new StateDictionary() {
          @Override
          public String origin() {
            return "diverged.pth";
          }

          @Override
          public Map<String, List<Long>> shapes() {
            return good.shapes();
          }

          @Override
          public float[] values(String name) {
            float[] values = good.values(name);
            values[values.length - 1] = name.equals("bn1.bias") ? Float.NaN : values[0];
            return values;
          }
        };
    String message =
        assertThrows(
                DataException.class,
                () -> WeightLoader.apply(graph, bad, TINY.naming(bad.shapes())))
            .getMessage();
    assertTrue(message.contains("diverged.pth: 'bn1.bias' holds NaN as number 1"), message);
  }

  private static Map<String, List<Long>> prefixed(ComputationGraph graph, String prefix) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    TorchShapes.of(graph).forEach((name, shape) -> shapes.put(prefix + name, shape));
    return shapes;
  }
}
