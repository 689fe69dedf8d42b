package org.mien.model.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mien.model.head.HeadGraph;
import org.mien.model.head.LinearHeadConfig;
import org.mien.model.nd4j.Nd4jRuntime;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.ILossFunction;

class SoftmaxCrossEntropyLossTest {
  private static final ActivationSoftmax SOFTMAX = new ActivationSoftmax();

  @BeforeAll
  static void startNd4j() {
    Nd4jRuntime.start();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1})
  void gradientEqualsTheSlopeOfTheLoss(double smoothing) {
    ILossFunction loss = new SoftmaxLossConfig(smoothing).toLossFunction();
    INDArray logits = randomLogits(5, 7, 11);
    INDArray labels = oneHot(new int[] {3, 0, 6, 2, 2}, 7);
    INDArray gradient = loss.computeGradient(labels, logits, SOFTMAX, null);
    double step = 1e-6;
    for (int i = 0; i < 5; i++) {
      for (int j = 0; j < 7; j++) {
        double slope =
            (scoreWith(loss, labels, logits, i, j, step)
                    - scoreWith(loss, labels, logits, i, j, -step))
                / (2 * step);
        assertEquals(slope, gradient.getDouble(i, j), 1e-8, "logit " + i + "," + j);
      }
    }
  }

  @Test
  void lossOfEqualLogitsIsTheLogarithmOfTheNumberOfIdentities() {
    ILossFunction loss = new SoftmaxLossConfig(0).toLossFunction();
    INDArray logits = Nd4j.zeros(DataType.DOUBLE, 4, 10);
    INDArray labels = oneHot(new int[] {0, 1, 2, 3}, 10);
    assertEquals(Math.log(10), loss.computeScore(labels, logits, SOFTMAX, null, true), 1e-12);
    assertEquals(4 * Math.log(10), loss.computeScore(labels, logits, SOFTMAX, null, false), 1e-12);
  }

  @Test
  void hugeLogitsNeitherOverflowNorSaturate() {
    ILossFunction loss = new SoftmaxLossConfig(0).toLossFunction();
    INDArray logits = Nd4j.createFromArray(new float[][] {{1000, 0, -1000}});
    INDArray labels = oneHot(new int[] {2}, 3).castTo(DataType.FLOAT);
    assertEquals(2000, loss.computeScore(labels, logits, SOFTMAX, null, true), 1e-3);
    INDArray gradient = loss.computeGradient(labels, logits, SOFTMAX, null);
    assertEquals(1, gradient.getDouble(0, 0), 1e-6);
    assertEquals(-1, gradient.getDouble(0, 2), 1e-6);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.2})
  void aColumnOfIndicesGivesWhatOneHotRowsGive(double smoothing) {
    ILossFunction loss = new SoftmaxLossConfig(smoothing).toLossFunction();
    INDArray logits = randomLogits(3, 4, 5);
    INDArray rows = oneHot(new int[] {1, 3, 0}, 4);
    INDArray column = Nd4j.createFromArray(new double[][] {{1}, {3}, {0}});
    assertEquals(
        loss.computeScoreArray(rows, logits, SOFTMAX, null),
        loss.computeScoreArray(column, logits, SOFTMAX, null));
    assertEquals(
        loss.computeGradient(rows, logits, SOFTMAX, null),
        loss.computeGradient(column, logits, SOFTMAX, null));
  }

  @Test
  void anIndexBeyondTheIdentitiesIsRefused() {
    ILossFunction loss = new SoftmaxLossConfig(0).toLossFunction();
    INDArray column = Nd4j.createFromArray(new double[][] {{4}});
    assertThrows(
        IllegalArgumentException.class,
        () -> loss.computeScore(column, randomLogits(1, 4, 5), SOFTMAX, null, true));
  }

  @Test
  void smoothingOutsideItsRangeIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new SoftmaxLossConfig(1));
    assertThrows(IllegalArgumentException.class, () -> new SoftmaxLossConfig(-0.1));
  }

  @Test
  void aModelWrittenBeforeThereWereWeightsIsRead() {
    String json =
        HeadGraph.build(
                3, 4, new LinearHeadConfig(2, false, 0), new SoftmaxLossConfig(0.25), new Adam(), 1)
            .getConfiguration()
            .toJson();
    assertFalse(json.contains("identityWeights"), json);
  }

  @Test
  void survivesTheJsonOfAGraph() {
    String json =
        HeadGraph.build(
                3, 4, new LinearHeadConfig(2, false, 0), new SoftmaxLossConfig(0.25), new Adam(), 1)
            .getConfiguration()
            .toJson();
    var vertex =
        (org.deeplearning4j.nn.conf.graph.LayerVertex)
            ComputationGraphConfiguration.fromJson(json).getVertices().get(HeadGraph.CLASSIFIER);
    OutputLayer layer = (OutputLayer) vertex.getLayerConf().getLayer();
    assertEquals(new SoftmaxCrossEntropyLoss(0.25, IdentityWeights.EQUAL), layer.getLossFn());
  }

  @Test
  void survivesTheJsonOfAGraphWithItsWeights() {
    IdentityWeights weights = IdentityWeights.of(new double[] {0.1, 1, 1 / 3.0, 7});
    String json =
        HeadGraph.build(
                3,
                4,
                new LinearHeadConfig(2, false, 0),
                new SoftmaxLossConfig(0.25),
                weights,
                new Adam(),
                1)
            .getConfiguration()
            .toJson();
    var vertex =
        (org.deeplearning4j.nn.conf.graph.LayerVertex)
            ComputationGraphConfiguration.fromJson(json).getVertices().get(HeadGraph.CLASSIFIER);
    OutputLayer layer = (OutputLayer) vertex.getLayerConf().getLayer();
    assertEquals(new SoftmaxCrossEntropyLoss(0.25, weights), layer.getLossFn());
    assertNotEquals(new SoftmaxCrossEntropyLoss(0.25, IdentityWeights.EQUAL), layer.getLossFn());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1})
  void theWeightedGradientEqualsTheSlopeOfTheWeightedLoss(double smoothing) {
    IdentityWeights weights = IdentityWeights.of(new double[] {0.2, 3, 1, 1, 0.5, 1, 2});
    ILossFunction loss = new SoftmaxLossConfig(smoothing).toLossFunction(weights);
    INDArray logits = randomLogits(5, 7, 11);
    INDArray labels = Nd4j.createFromArray(new double[][] {{3}, {0}, {6}, {1}, {4}});
    INDArray gradient = loss.computeGradient(labels, logits, SOFTMAX, null);
    double step = 1e-6;
    for (int i = 0; i < 5; i++) {
      for (int j = 0; j < 7; j++) {
        double slope =
            (scoreWith(loss, labels, logits, i, j, step)
                    - scoreWith(loss, labels, logits, i, j, -step))
                / (2 * step);
        assertEquals(slope, gradient.getDouble(i, j), 1e-8, "logit " + i + "," + j);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.2})
  void aWeightMultipliesTheRowsOfItsIdentityAndNothingElse(double smoothing) {
    double[] values = {0.25, 4, 1.5, 1};
    ILossFunction plain = new SoftmaxLossConfig(smoothing).toLossFunction();
    ILossFunction weighted =
        new SoftmaxLossConfig(smoothing).toLossFunction(IdentityWeights.of(values));
    int[] identities = {1, 3, 0, 2, 1};
    INDArray logits = randomLogits(5, 4, 8);
    INDArray column = Nd4j.createFromArray(new double[][] {{1}, {3}, {0}, {2}, {1}});
    INDArray scores = plain.computeScoreArray(column, logits, SOFTMAX, null);
    INDArray gradient = plain.computeGradient(column, logits, SOFTMAX, null);
    INDArray weightedScores = weighted.computeScoreArray(column, logits, SOFTMAX, null);
    INDArray weightedGradient = weighted.computeGradient(column, logits, SOFTMAX, null);
    double sum = 0;
    for (int i = 0; i < 5; i++) {
      double weight = values[identities[i]];
      assertEquals(weight * scores.getDouble(i), weightedScores.getDouble(i), 1e-12);
      sum += weight * scores.getDouble(i);
      for (int j = 0; j < 4; j++) {
        assertEquals(weight * gradient.getDouble(i, j), weightedGradient.getDouble(i, j), 1e-12);
      }
    }
    assertEquals(sum / 5, weighted.computeScore(column, logits, SOFTMAX, null, true), 1e-12);
    INDArray rows = oneHot(identities, 4);
    assertEquals(weightedScores, weighted.computeScoreArray(rows, logits, SOFTMAX, null));
    assertEquals(weightedGradient, weighted.computeGradient(rows, logits, SOFTMAX, null));
  }

  @Test
  void weightsThatDoNotFitAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> IdentityWeights.of(new double[] {1, 0, 1}));
    assertThrows(
        IllegalArgumentException.class, () -> IdentityWeights.of(new double[] {1, Double.NaN}));
    ILossFunction loss =
        new SoftmaxLossConfig(0).toLossFunction(IdentityWeights.of(new double[] {1, 2}));
    INDArray column = Nd4j.createFromArray(new double[][] {{1}});
    assertThrows(
        IllegalArgumentException.class,
        () -> loss.computeScore(column, randomLogits(1, 4, 5), SOFTMAX, null, true));
  }

  private static double scoreWith(
      ILossFunction loss, INDArray labels, INDArray logits, int i, int j, double step) {
    INDArray moved = logits.dup();
    moved.putScalar(i, j, moved.getDouble(i, j) + step);
    return loss.computeScore(labels, moved, SOFTMAX, null, false);
  }

  private static INDArray randomLogits(int rows, int columns, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    INDArray logits = Nd4j.create(DataType.DOUBLE, rows, columns);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        logits.putScalar(i, j, random.nextDouble(-4, 4));
      }
    }
    return logits;
  }

  private static INDArray oneHot(int[] identities, int count) {
    INDArray rows = Nd4j.zeros(DataType.DOUBLE, identities.length, count);
    for (int i = 0; i < identities.length; i++) {
      rows.putScalar(i, identities[i], 1);
    }
    return rows;
  }
}
