package org.mien.model.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mien.core.error.ConfigException;
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.backbone.SmallResNetConfig;
import org.mien.model.head.LinearHeadConfig;
import org.mien.model.loss.SoftmaxLossConfig;
import org.mien.model.nd4j.Nd4jRuntime;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

class GraphCutTest {
  private static final Preprocessing INPUT =
      new Preprocessing(
          24,
          16,
          ColorOrder.RGB,
          List.of(0.0, 0.0, 0.0),
          List.of(1.0, 1.0, 1.0),
          new Crop.None(),
          "any");
  private static final SmallResNetConfig NETWORK =
      new SmallResNetConfig(List.of(4, 6, 8), List.of(1, 2, 1), Optional.of(INPUT));

  private static INDArray images;
  private static INDArray labels;

  @BeforeAll
  static void startNd4j() {
    Nd4jRuntime.start();
    images = ImageNoise.images(4, 16, 24);
    labels = Nd4j.createFromArray(new float[][] {{0}, {1}, {2}, {0}});
  }

  @ParameterizedTest
  @ValueSource(strings = {"conv1", "layer1", "layer2.0.relu", "layer2", "layer3.0.add"})
  void bothPartsInARowAndRejoinedGiveWhatTheWholeGives(String upTo) {
    ComputationGraph whole = noisy(NETWORK.build(1));
    GraphCut cut = GraphCut.behind(whole, upTo, INPUT);
    INDArray expected = whole.outputSingle(false, images);
    ComputationGraph upper = cut.upper();
    INDArray passed = cut.lower().outputSingle(false, images);
    assertEquals(2, passed.rank());
    assertClose(expected, upper.outputSingle(false, passed));
    assertClose(expected, cut.rejoined(upper).outputSingle(false, images));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void trainingTheUpperPartMovesNothingBelowAndStatisticsOnlyWhereTheyAreTaken(boolean fixed) {
    ComputationGraph whole = noisy(NETWORK.build(1));
    GraphCut cut = GraphCut.behind(whole, "layer2", INPUT);
    ComputationGraph upper = trainable(cut.upper(), fixed);
    INDArray passed = cut.lower().outputSingle(false, images);
    for (int step = 0; step < 3; step++) {
      upper.fit(new DataSet(passed, labels));
    }
    ComputationGraph trained = FaceGraph.backboneOf(cut.rejoined(upper));
    Map<String, INDArray> before = whole.paramTable();
    trained
        .paramTable()
        .forEach(
            (name, values) -> {
              boolean below = !name.startsWith("layer3");
              boolean statistic = name.matches(".*_(mean|var)");
              if (below || (statistic && fixed)) {
                assertEquals(before.get(name), values, name + " moved");
              } else {
                assertNotEquals(before.get(name), values, name + " did not move");
              }
            });
    assertEquals(before.keySet(), trained.paramTable().keySet());
    // Through the file format of checkpoints: the layer of our own has to survive JSON.
    ComputationGraphConfiguration read =
        ComputationGraphConfiguration.fromJson(upper.getConfiguration().toJson());
    assertEquals(upper.getConfiguration(), read);
  }

  @Test
  void gradientsWithFixedStatisticsEqualFiniteDifferences() {
    ComputationGraph graph =
        trainable(noisy(NETWORK.build(1)), true).convertDataType(DataType.DOUBLE);
    DataSet batch = new DataSet(images.castTo(DataType.DOUBLE), labels.castTo(DataType.DOUBLE));
    graph.setInputs(batch.getFeatures());
    graph.setLabels(batch.getLabels());
    graph.computeGradientAndScore();
    Map<String, INDArray> gradients = graph.gradient().gradientForVariable();
    for (Map.Entry<String, INDArray> entry : gradients.entrySet()) {
      String name = entry.getKey();
      if (name.matches(".*_(mean|var)")) {
        assertEquals(0, entry.getValue().amaxNumber().doubleValue(), name);
        continue;
      }
      INDArray parameter = graph.getParam(name);
      for (long i = 0; i < parameter.length(); i += Math.max(1, parameter.length() / 2)) {
        double value = parameter.getDouble(i);
        double step = 1e-6;
        parameter.putScalar(i, value + step);
        double above = graph.score(batch, true);
        parameter.putScalar(i, value - step);
        double below = graph.score(batch, true);
        parameter.putScalar(i, value);
        double slope = (above - below) / (2 * step);
        double gradient = entry.getValue().getDouble(i) / images.size(0);
        assertEquals(slope, gradient, 1e-5 * Math.max(1, Math.abs(slope)), name + " " + i);
      }
    }
  }

  @Test
  void aPlaceWhereOneCannotCutNamesThoseWhereOneCan() {
    ComputationGraph whole = NETWORK.build(1);
    String inside = refused(whole, "layer2.0.conv1");
    assertTrue(inside.contains("layer2.0.add"), inside);
    assertTrue(inside.contains("reads"), inside);
    String unknown = refused(whole, "layer9");
    assertTrue(unknown.contains("layer1, layer2, layer3"), unknown);
    String everything = refused(whole, "features");
    assertTrue(everything.contains("freeze: backbone"), everything);
  }

  private static String refused(ComputationGraph whole, String upTo) {
    return assertThrows(ConfigException.class, () -> GraphCut.behind(whole, upTo, INPUT))
        .getMessage();
  }

  private static ComputationGraph trainable(ComputationGraph backbone, boolean fixed) {
    return FaceGraph.trainable(
        backbone,
        8,
        new LinearHeadConfig(6, false, 0),
        new SoftmaxLossConfig(0),
        3,
        new Sgd(0.1),
        new FaceGraph.Tuning(0, fixed, LearningRateFactors.NONE),
        5);
  }

  private static ComputationGraph noisy(ComputationGraph graph) {
    Nd4j.getRandom().setSeed(3);
    graph
        .paramTable()
        .forEach(
            (name, values) -> {
              if (name.matches(".*_(mean|beta)")) {
                values.assign(Nd4j.randn(values.shape()).muli(0.3));
              } else if (name.matches(".*_(var|gamma)")) {
                values.assign(Nd4j.rand(values.shape()).addi(0.5));
              }
            });
    return graph;
  }

  private static void assertClose(INDArray expected, INDArray actual) {
    double scale = expected.amaxNumber().doubleValue();
    double difference = expected.sub(actual).amaxNumber().doubleValue();
    assertTrue(scale > 0 && difference <= 1e-5 * scale, difference + " of " + scale);
  }
}
