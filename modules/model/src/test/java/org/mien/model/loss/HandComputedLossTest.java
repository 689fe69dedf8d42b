package org.mien.model.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mien.model.head.HeadGraph;
import org.mien.model.head.LinearHeadConfig;
import org.mien.model.layer.CentreOutputLayer;
import org.mien.model.layer.CosineOutputLayer;
import org.mien.model.nd4j.Nd4jRuntime;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Losses of rows that can be worked out on paper. */
final class HandComputedLossTest {
  private static final ActivationIdentity NONE = new ActivationIdentity();

  @BeforeAll
  static void startNd4j() {
    Nd4jRuntime.start();
  }

  /** Two features are the embedding; two identities along the axes. */
  private static ComputationGraph plane(LossConfig loss) {
    ComputationGraph graph =
        HeadGraph.build(2, 2, new LinearHeadConfig(2, false, 0), loss, new Sgd(0.1), 1);
    graph.getLayer(HeadGraph.EMBEDDING).getParam("W").assign(Nd4j.eye(2));
    if (HeadGraph.classifies(graph)) {
      graph.getLayer(HeadGraph.CLASSIFIER).getParam("W").assign(Nd4j.eye(2).mul(3));
    }
    return graph;
  }

  private static DataSet rows(float[][] features, float... labels) {
    return new DataSet(
        Nd4j.createFromArray(features), Nd4j.createFromArray(labels).reshape(labels.length, 1));
  }

  /** At 60 degrees from its own identity and 30 from the other; its length is 5. */
  private static DataSet sixtyDegrees() {
    return rows(new float[][] {{2.5f, 4.330127f}}, 0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        // loss; what the own cosine 0.5 becomes; what the other, 0.8660254, becomes
        "{type: cosface, margin: 0.35, scale: 2}; 0.15; 0.8660254",
        "{type: arcface, marginRadians: 0.5, scale: 2}; 0.0235967; 0.8660254",
        "{type: sphereface, margin: 3, lambda: 1, scale: 2}; -0.25; 0.8660254",
        "{type: combined-margin, factor: 1, marginRadians: 0.3, offset: 0.2, scale: 2};"
            + " 0.0217406; 0.8660254",
        "{type: adaface, margin: 0.4, scale: 2}; 0.1; 0.8660254",
        "{type: curricularface, marginRadians: 0.5, scale: 2}; 0.0235967; 0.75"
      })
  void marginLossesAtSixtyDegrees(String yaml, double own, double other) {
    double expected = Math.log(1 + Math.exp(2 * (other - own)));
    ComputationGraph graph = plane(LossSamples.parse(yaml));
    assertEquals(expected, graph.score(sixtyDegrees(), false), 1e-5);
    // What is predicted knows no margin.
    double probability = 1 / (1 + Math.exp(2 * (0.8660254 - 0.5)));
    assertEquals(
        probability, graph.outputSingle(sixtyDegrees().getFeatures()).getDouble(0, 0), 1e-5);
  }

  @Test
  void adaFaceLearnsTheLengthsAndAsksMoreOfLongerEmbeddings() {
    ComputationGraph graph = plane(new AdaFaceLossConfig(0.4, 0.333, 0.5, 2));
    INDArray state = graph.getLayer(HeadGraph.CLASSIFIER).paramTable().get(CosineOutputLayer.STATE);
    DataSet pair = rows(new float[][] {{3, 4}, {0, 7}}, 0, 1);
    graph.setLearningRate(0);
    graph.fit(pair);
    // The first batch gives the state: lengths 5 and 7, deviation sqrt(2).
    assertEquals(6, state.getDouble(0), 1e-5);
    assertEquals(Math.sqrt(2), state.getDouble(1), 1e-5);
    graph.fit(rows(new float[][] {{3, 4}, {9, 0}}, 0, 1));
    // Then each counts a half: lengths 5 and 9, deviation sqrt(8).
    assertEquals(6.5, state.getDouble(0), 1e-5);
    assertEquals(1.5 * Math.sqrt(2), state.getDouble(1), 1e-5);
    double quality = (5 - 6.5) * 0.333 / (1.5 * Math.sqrt(2));
    double own = Math.cos(Math.PI / 3 - 0.4 * quality) - 0.4 * (quality + 1);
    assertEquals(
        Math.log(1 + Math.exp(2 * (0.8660254 - own))), graph.score(sixtyDegrees(), false), 1e-5);
  }

  @Test
  void adaFacesGradientTurnsTheEmbeddingAndLeavesItsLength() {
    ComputationGraph graph =
        plane(new AdaFaceLossConfig(0.4, 0.333, 0.5, 2)).convertDataType(DataType.DOUBLE);
    INDArray state = graph.getLayer(HeadGraph.CLASSIFIER).paramTable().get(CosineOutputLayer.STATE);
    state.assign(Nd4j.createFromArray(new double[][] {{4.2, 1.3}}));
    graph.setInput(0, Nd4j.createFromArray(new double[][] {{2.5, 4.330127}}));
    graph.setLabels(Nd4j.zeros(DataType.DOUBLE, 1, 1));
    graph.computeGradientAndScore();
    // The bias of the embedding has the embedding's own gradient.
    INDArray gradient = graph.gradient().getGradientFor("embedding_b").dup();
    double radial = gradient.getDouble(0) * 2.5 + gradient.getDouble(1) * 4.330127;
    assertEquals(0, radial, 1e-9);
    INDArray bias = graph.getLayer(HeadGraph.EMBEDDING).getParam("b");
    double step = 1e-6;
    double[] scores = new double[2];
    for (int side = 0; side < 2; side++) {
      double away = side == 0 ? step : -step;
      bias.putScalar(0, -4.330127 / 5 * away);
      bias.putScalar(1, 2.5 / 5 * away);
      graph.computeGradientAndScore();
      scores[side] = graph.score();
    }
    double tangential = -4.330127 / 5 * gradient.getDouble(0) + 2.5 / 5 * gradient.getDouble(1);
    assertEquals((scores[0] - scores[1]) / (2 * step), tangential, 1e-7);
    assertTrue(Math.abs(tangential) > 0.01);
  }

  @Test
  void curricularFacesStateFollowsTheMeanCosine() {
    ComputationGraph graph = plane(new CurricularFaceLossConfig(0.5, 0.1, 2));
    INDArray state = graph.getLayer(HeadGraph.CLASSIFIER).paramTable().get(CosineOutputLayer.STATE);
    graph.setLearningRate(0);
    // Cosines 0.5 and 1.
    DataSet pair = rows(new float[][] {{2.5f, 4.330127f}, {0, 7}}, 0, 1);
    graph.fit(pair);
    assertEquals(0.075, state.getDouble(0), 1e-6);
    graph.fit(pair);
    assertEquals(0.9 * 0.075 + 0.075, state.getDouble(0), 1e-6);
    double other = 0.8660254 * (0.1425 + 0.8660254);
    assertEquals(
        Math.log(1 + Math.exp(2 * (other - 0.0235967))), graph.score(sixtyDegrees(), false), 1e-5);
  }

  @Test
  void centreLossAddsTheDistanceAndMovesTheCentres() {
    ComputationGraph graph = plane(new CentreLossConfig(0.2, 0.5));
    INDArray centres =
        graph.getLayer(HeadGraph.CLASSIFIER).paramTable().get(CentreOutputLayer.CENTRES);
    // Logits 3 and 6; the centre is at 0, the distance squared 5.
    DataSet row = rows(new float[][] {{1, 2}}, 0);
    double softmax = Math.log(1 + Math.exp(3));
    assertEquals(softmax + 0.1 * 5, graph.score(row, false), 1e-5);
    graph.setLearningRate(0);
    graph.fit(rows(new float[][] {{1, 2}, {3, 2}, {8, 9}}, 0, 0, 1));
    // -0.5 ((0 - 1) + (0 - 3)) / 3 and so on.
    assertEquals(2 / 3.0, centres.getDouble(0, 0), 1e-6);
    assertEquals(2 / 3.0, centres.getDouble(0, 1), 1e-6);
    assertEquals(2, centres.getDouble(1, 0), 1e-6);
    assertEquals(2.25, centres.getDouble(1, 1), 1e-6);
    double distance = (1 / 3.0) * (1 / 3.0) + (4 / 3.0) * (4 / 3.0);
    assertEquals(softmax + 0.1 * distance, graph.score(row, false), 1e-5);
  }

  @Test
  void focalLossAtEqualLogits() {
    ILossFunction loss = new FocalLossConfig(2).toLossFunction();
    INDArray labels = Nd4j.zeros(DataType.DOUBLE, 1, 1);
    INDArray logits = Nd4j.zeros(DataType.DOUBLE, 1, 2);
    assertEquals(0.25 * Math.log(2), loss.computeScore(labels, logits, NONE, null, true), 1e-12);
    // No exponent, no difference from cross-entropy, also far beyond a probability of 1e-10.
    INDArray far = Nd4j.createFromArray(new double[][] {{-600, 0}});
    ILossFunction plain = new FocalLossConfig(0).toLossFunction();
    assertEquals(600, plain.computeScore(labels, far, NONE, null, true), 1e-9);
    assertEquals(-1, plain.computeGradient(labels, far, NONE, null).getDouble(0, 0), 1e-9);
    // A row that is right: (1 - p)^2 (1 - p), where 1 - p is exp(-30).
    INDArray right = Nd4j.createFromArray(new double[][] {{30, 0}});
    assertEquals(
        Math.exp(-90), loss.computeScore(labels, right, NONE, null, true), Math.exp(-90) * 1e-9);
  }

  @Test
  void squaredErrorAtEqualLogits() {
    ILossFunction loss = new MseLossConfig().toLossFunction();
    INDArray labels = Nd4j.zeros(DataType.DOUBLE, 1, 1);
    assertEquals(
        0.5, loss.computeScore(labels, Nd4j.zeros(DataType.DOUBLE, 1, 2), NONE, null, true), 1e-12);
    INDArray wrong = Nd4j.createFromArray(new double[][] {{-800, 800}});
    assertEquals(2, loss.computeScore(labels, wrong, NONE, null, true), 1e-12);
  }

  /** At 0, 90 and 180 degrees; the first two are one person. */
  private static final float[][] HALF_CIRCLE = {{2, 0}, {0, 3}, {-1, 0}};

  @ParameterizedTest
  @CsvSource({"BATCH_HARD", "SEMI_HARD"})
  void tripletsOnAHalfCircle(TripletLossConfig.Mining mining) {
    // Squared distances: 2 within the person, 4 and 2 to the other; only the second anchor pays.
    ComputationGraph graph = plane(new TripletLossConfig(1, mining));
    assertEquals(1 / 3.0, graph.score(rows(HALF_CIRCLE, 0, 0, 1), false), 1e-6);
  }

  @Test
  void semiHardTripletsTakeTheNearestNegativeBeyondThePositive() {
    // The positive is at 60 degrees; negatives at 30, nearer, 90 and 120.
    float[][] rows = {{1, 0}, turned(60), turned(30), turned(90), turned(120)};
    INDArray labels = Nd4j.createFromArray(new float[][] {{0}, {0}, {1}, {2}, {3}});
    INDArray embeddings = Nd4j.createFromArray(rows);
    ILossFunction semi =
        new TripletLossConfig(1.5, TripletLossConfig.Mining.SEMI_HARD).toLossFunction();
    ILossFunction hard =
        new TripletLossConfig(1.5, TripletLossConfig.Mining.BATCH_HARD).toLossFunction();
    double positive = 2 - 2 * Math.cos(Math.PI / 3);
    double thirty = 2 - 2 * Math.cos(Math.PI / 6);
    assertEquals(
        1.5 + positive - 2,
        semi.computeScoreArray(labels, embeddings, NONE, null).getDouble(0),
        1e-6);
    assertEquals(
        1.5 + positive - thirty,
        hard.computeScoreArray(labels, embeddings, NONE, null).getDouble(0),
        1e-6);
    // Nothing is beyond the positive of the second row but nothing is nearer than 30 degrees.
    assertEquals(
        1.5 + positive - (2 - 2 * Math.cos(Math.PI / 3)),
        semi.computeScoreArray(labels, embeddings, NONE, null).getDouble(1),
        1e-6);
  }

  private static float[] turned(double degrees) {
    double radians = Math.toRadians(degrees);
    return new float[] {(float) Math.cos(radians), (float) Math.sin(radians)};
  }

  @Test
  void contrastiveLossOnAHalfCircle() {
    ComputationGraph graph = plane(new ContrastiveLossConfig(1.8));
    double apart = (1.8 - Math.sqrt(2)) * (1.8 - Math.sqrt(2)) / 2;
    // Each of the three pairs is in two rows, and a row's loss is the mean over its two pairs.
    assertEquals((1 + 0 + apart) / 3, graph.score(rows(HALF_CIRCLE, 0, 0, 1), false), 1e-6);
  }

  @Test
  void expectationLossOfThreeBins() {
    INDArray logits = Nd4j.zeros(DataType.DOUBLE, 1, 3);
    INDArray label = Nd4j.createFromArray(new double[][] {{2}});
    // Expectation 1, cross-entropy log 3.
    assertEquals(
        Math.log(3) + 0.5,
        new ExpectationLoss(0, 0.5).computeScore(label, logits, NONE, null, true),
        1e-12);
    double one = Math.exp(-0.5);
    double two = Math.exp(-2);
    double sum = 1 + one + two;
    double divergence = Math.log(3) + (one * -0.5 + two * -2) / sum - Math.log(sum);
    assertEquals(
        divergence, new ExpectationLoss(1, 0).computeScore(label, logits, NONE, null, true), 1e-12);
    assertEquals(1.5, ExpectationLoss.expectation(new float[] {0.25f, 0, 0.75f}), 1e-6);
  }

  @Test
  void ordinalLossOfThreeRanks() {
    OrdinalLoss loss = new OrdinalLoss();
    INDArray logits = Nd4j.createFromArray(new double[][] {{1, -2}});
    double expected = Math.log1p(Math.exp(-1)) + Math.log1p(Math.exp(-2));
    INDArray label = Nd4j.createFromArray(new double[][] {{1}});
    assertEquals(expected, loss.computeScore(label, logits, NONE, null, true), 1e-12);
    assertEquals(1, OrdinalLoss.rank(new float[] {1, -2}));
    // Three ranks, two questions: rank 2 is allowed, 3 is not.
    INDArray two = Nd4j.createFromArray(new double[][] {{2}});
    assertEquals(expected + 2, loss.computeScore(two, logits, NONE, null, true), 1e-12);
    assertThrows(
        IllegalArgumentException.class,
        () ->
            loss.computeScore(
                Nd4j.createFromArray(new double[][] {{3}}), logits, NONE, null, true));
    INDArray huge = Nd4j.createFromArray(new double[][] {{-1000, 1000}});
    assertEquals(2000, loss.computeScore(label, huge, NONE, null, true), 1e-9);
  }

  @Test
  void gradientsOfTheAgeLossesAreTheirSlopes() {
    INDArray labels = Nd4j.createFromArray(new double[][] {{0}, {3}, {1}});
    INDArray logits =
        Nd4j.createFromArray(
            new double[][] {{0.3, -1, 2, 0.1}, {1, 0, -0.4, 0.7}, {-2, 1.1, 0.2, 0.4}});
    for (ILossFunction loss :
        new ILossFunction[] {
          new ExpectationLoss(0, 1), new ExpectationLoss(1.5, 0.7), new OrdinalLoss()
        }) {
      INDArray gradient = loss.computeGradient(labels, logits, NONE, null);
      double step = 1e-6;
      for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 4; j++) {
          double value = logits.getDouble(i, j);
          logits.putScalar(i, j, value + step);
          double above = loss.computeScore(labels, logits, NONE, null, false);
          logits.putScalar(i, j, value - step);
          double below = loss.computeScore(labels, logits, NONE, null, false);
          logits.putScalar(i, j, value);
          assertEquals((above - below) / (2 * step), gradient.getDouble(i, j), 1e-7);
        }
      }
    }
  }
}
