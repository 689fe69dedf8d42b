package org.mien.model.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mien.model.checkpoint.CheckpointStore;
import org.mien.model.head.BnFcHeadConfig;
import org.mien.model.head.HeadConfig;
import org.mien.model.head.HeadGraph;
import org.mien.model.head.LinearHeadConfig;
import org.mien.model.layer.CosineOutputLayer;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.testing.DataFolder;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** What holds of every loss, in the graph it is trained in. */
final class EveryLossTest {
  private static final int FEATURES = 5;
  private static final int IDENTITIES = 4;
  private static final int[] LABELS = {0, 1, 2, 3, 0, 1, 2, 3};

  /** Parameters that batches move and gradients do not. */
  private static final Set<String> STATISTICS =
      Set.of("mean", "var", "log10stdev", "state", "centres");

  private static final HeadConfig LINEAR = new LinearHeadConfig(3, true, 4);
  private static final HeadConfig DROPPED = new LinearHeadConfig(3, false, 0, 0.3);
  private static final HeadConfig BN_FC = new BnFcHeadConfig(3, 0.3, 0.9, 1e-5, 0);

  @BeforeAll
  static void startNd4j() {
    Nd4jRuntime.start();
  }

  static List<String> samples() {
    return LossSamples.words();
  }

  /**
   * Losses and heads know nothing of each other: each loss on one head, each head several times.
   */
  static Stream<Arguments> samplesOnHeads() {
    List<HeadConfig> heads = List.of(LINEAR, DROPPED, BN_FC);
    return IntStream.range(0, samples().size())
        .mapToObj(i -> Arguments.of(samples().get(i), heads.get(i % heads.size())));
  }

  private static IdentityWeights weights(LossConfig loss) {
    return loss.classifier() == LossConfig.Classifier.NONE
        ? IdentityWeights.EQUAL
        : IdentityWeights.of(new double[] {0.5, 2, 1, 1.5});
  }

  private static ComputationGraph graph(LossConfig loss, HeadConfig head) {
    return HeadGraph.build(FEATURES, IDENTITIES, head, loss, weights(loss), new Adam(0.03), 7);
  }

  private static INDArray column(DataType type) {
    double[] labels = Arrays.stream(LABELS).asDoubleStream().toArray();
    return Nd4j.createFromArray(labels).reshape(labels.length, 1).castTo(type);
  }

  /** Rows of different lengths. */
  private static INDArray features(DataType type, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] rows = new double[LABELS.length][FEATURES];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < FEATURES; j++) {
        rows[i][j] = random.nextDouble(-1, 1) * (1 + i);
      }
    }
    return Nd4j.createFromArray(rows).castTo(type);
  }

  private static double score(ComputationGraph graph) {
    graph.computeGradientAndScore();
    return graph.score();
  }

  @Test
  void everyPermittedLossHasASampleAndARowInTheDocs() throws IOException {
    Set<Class<?>> sampled = new HashSet<>();
    LossSamples.all().values().forEach(loss -> sampled.add(loss.getClass()));
    String docs = Files.readString(DataFolder.projectRoot().resolve("docs/losses.md"));
    for (Class<?> loss : LossConfig.class.getPermittedSubclasses()) {
      assertTrue(sampled.contains(loss), "no sample of " + loss);
      String row = "| `" + LossSamples.typeOf(loss) + "` |";
      assertTrue(docs.contains(row), "docs/losses.md has no row " + row);
    }
  }

  @ParameterizedTest
  @MethodSource("samplesOnHeads")
  void theGradientOfTheWholeHeadIsTheSlopeOfTheLoss(String yaml, HeadConfig head) {
    ComputationGraph graph = graph(LossSamples.parse(yaml), head).convertDataType(DataType.DOUBLE);
    graph.setInput(0, features(DataType.DOUBLE, 3));
    graph.setLabels(column(DataType.DOUBLE));
    fixState(graph);
    score(graph);
    int checked = 0;
    double largest = 0;
    for (Layer layer : graph.getLayers()) {
      String name = layer.conf().getLayer().getLayerName();
      for (Map.Entry<String, INDArray> entry : layer.paramTable().entrySet()) {
        if (STATISTICS.contains(entry.getKey())) {
          continue;
        }
        score(graph);
        INDArray gradient = graph.gradient().getGradientFor(name + "_" + entry.getKey()).dup('c');
        INDArray parameter = entry.getValue();
        for (long i = 0; i < parameter.length(); i++) {
          // By row and column: places in one row of numbers depend on an array's order.
          long[] at =
              parameter.rank() == 1
                  ? new long[] {i}
                  : new long[] {i / parameter.size(1), i % parameter.size(1)};
          double value = parameter.getDouble(at);
          double step = 1e-6;
          parameter.putScalar(at, value + step);
          double above = score(graph);
          parameter.putScalar(at, value - step);
          double below = score(graph);
          parameter.putScalar(at, value);
          // Gradients are of the sum over the batch, scores are means.
          double slope = (above - below) / (2 * step) * LABELS.length;
          double actual = gradient.getDouble(at);
          assertEquals(
              slope,
              actual,
              2e-5 * Math.max(1, Math.abs(slope)),
              name + "." + entry.getKey() + "[" + i + "]");
          largest = Math.max(largest, Math.abs(actual));
          checked++;
        }
      }
    }
    assertTrue(checked >= FEATURES * 3, checked + " parameters were checked");
    assertTrue(largest > 1e-3, "all gradients are about 0");
  }

  /**
   * A state in the middle of a training. AdaFace's gradient leaves out how quality follows the
   * length, so the check needs qualities that do not: 1 and -1, on either side of the mean.
   */
  private static void fixState(ComputationGraph graph) {
    if (!HeadGraph.classifies(graph)) {
      return;
    }
    INDArray state = graph.getLayer(HeadGraph.CLASSIFIER).paramTable().get(CosineOutputLayer.STATE);
    if (state != null && state.length() == 2) {
      double[] lengths = graph.feedForward(true).get(HeadGraph.EMBEDDING).norm2(1).toDoubleVector();
      Arrays.sort(lengths);
      state.putScalar(0, 0, (lengths[3] + lengths[4]) / 2);
      state.putScalar(0, 1, 1e-6);
    } else if (state != null) {
      state.putScalar(0, 0, 0.3);
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void lossAndGradientAreFiniteAtTheEdges(String yaml) {
    ComputationGraph graph =
        graph(LossSamples.parse(yaml), new LinearHeadConfig(FEATURES, false, 0));
    graph.getLayer(HeadGraph.EMBEDDING).getParam("W").assign(Nd4j.eye(FEATURES));
    if (HeadGraph.classifies(graph)) {
      // Columns along, against and across the first axis: cosines of 1, -1 and 0.
      INDArray columns = Nd4j.zeros(DataType.FLOAT, FEATURES, IDENTITIES);
      columns.putScalar(0, 0, 1);
      columns.putScalar(0, 1, -3);
      columns.putScalar(1, 2, 1);
      graph.getLayer(HeadGraph.CLASSIFIER).getParam("W").assign(columns);
    }
    for (float size : new float[] {0, 1e-30f, 1e-6f, 1, 1e4f, 1e9f}) {
      INDArray rows = Nd4j.zeros(DataType.FLOAT, LABELS.length, FEATURES);
      for (int i = 0; i < LABELS.length; i++) {
        rows.putScalar(i, 0, i % 3 == 0 ? -size : size);
      }
      graph.setInput(0, rows);
      graph.setLabels(column(DataType.FLOAT));
      assertTrue(Double.isFinite(score(graph)), "loss at length " + size + ": " + graph.score());
      for (INDArray gradient : graph.gradient().gradientForVariable().values()) {
        assertTrue(
            Double.isFinite(gradient.sumNumber().doubleValue()), "gradient at length " + size);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("samplesOnHeads")
  void aSavedTrainingGoesOnExactly(String yaml, HeadConfig head, @TempDir Path folder) {
    ComputationGraph graph = graph(LossSamples.parse(yaml), head);
    DataSet batch = new DataSet(features(DataType.FLOAT, 3), column(DataType.FLOAT));
    float[] start = graph.params().dup('c').data().asFloat();
    for (int step = 0; step < 3; step++) {
      graph.fit(batch);
    }
    CheckpointStore store = new CheckpointStore(folder);
    store.save(1, 0, graph, "state");
    ComputationGraph read = store.latest().orElseThrow().graph();
    assertEquals(graph.getConfiguration().toJson(), read.getConfiguration().toJson());
    INDArray input = features(DataType.FLOAT, 5);
    assertEquals(graph.outputSingle(input), read.outputSingle(input));
    for (int step = 0; step < 2; step++) {
      graph.fit(batch);
      read.fit(batch);
    }
    float[] expected = graph.params().dup('c').data().asFloat();
    assertArrayEquals(expected, read.params().dup('c').data().asFloat());
    assertFalse(Arrays.equals(start, expected), "nothing was learned");
  }

  @ParameterizedTest
  @MethodSource("samples")
  void theConfigurationSurvivesItsJson(String yaml) {
    ComputationGraphConfiguration made = graph(LossSamples.parse(yaml), LINEAR).getConfiguration();
    ComputationGraphConfiguration read = ComputationGraphConfiguration.fromJson(made.toJson());
    for (String name : List.of(HeadGraph.CLASSIFIER, HeadGraph.METRIC)) {
      assertEquals(made.getVertices().get(name), read.getVertices().get(name));
    }
    assertEquals(made.toJson(), read.toJson());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void eightVectorsOfFourPeopleAreLearnedByHeart(String yaml) {
    LossConfig loss = LossSamples.parse(yaml);
    ComputationGraph graph =
        HeadGraph.build(12, IDENTITIES, new LinearHeadConfig(6, true, 8), loss, new Adam(0.03), 7);
    INDArray input = Nd4j.create(DataType.FLOAT, LABELS.length, 12);
    SplittableRandom random = new SplittableRandom(11);
    for (long i = 0; i < input.length(); i++) {
      input.putScalar(i, random.nextDouble(-1, 1));
    }
    DataSet batch = new DataSet(input, column(DataType.FLOAT));
    double first = graph.score(batch, false);
    for (int step = 0; step < 100; step++) {
      graph.fit(batch);
    }
    float[][] output = graph.outputSingle(input).toFloatMatrix();
    int[] predicted = new int[LABELS.length];
    for (int i = 0; i < predicted.length; i++) {
      predicted[i] = HeadGraph.classifies(graph) ? highest(output[i]) : LABELS[nearest(output, i)];
    }
    assertArrayEquals(LABELS, predicted);
    assertTrue(graph.score(batch, false) < first);
  }

  private static int highest(float[] values) {
    int best = 0;
    for (int j = 1; j < values.length; j++) {
      best = values[j] > values[best] ? j : best;
    }
    return best;
  }

  private static int nearest(float[][] rows, int row) {
    int best = -1;
    double highest = Double.NEGATIVE_INFINITY;
    for (int other = 0; other < rows.length; other++) {
      double cosine = cosine(rows[row], rows[other]);
      if (other != row && cosine > highest) {
        highest = cosine;
        best = other;
      }
    }
    return best;
  }

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    double squaresOfA = 0;
    double squaresOfB = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      squaresOfA += (double) a[i] * a[i];
      squaresOfB += (double) b[i] * b[i];
    }
    return dot / Math.sqrt(squaresOfA * squaresOfB);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void oneHotRowsGiveWhatTheColumnGives(String yaml) {
    LossConfig loss = LossSamples.parse(yaml);
    if (loss.classifier() == LossConfig.Classifier.NONE) {
      assertThrows(
          IllegalArgumentException.class,
          () -> loss.toOutputLayer(3, 4, IdentityWeights.of(new double[] {1, 2, 3, 4})));
      return;
    }
    List<Double> scores = new ArrayList<>();
    for (INDArray labels : List.of(column(DataType.FLOAT), oneHot())) {
      ComputationGraph graph = graph(loss, LINEAR);
      graph.setInput(0, features(DataType.FLOAT, 3));
      graph.setLabels(labels);
      scores.add(score(graph));
    }
    assertEquals(scores.get(0), scores.get(1), 1e-6);
  }

  private static INDArray oneHot() {
    INDArray rows = Nd4j.zeros(DataType.FLOAT, LABELS.length, IDENTITIES);
    for (int i = 0; i < LABELS.length; i++) {
      rows.putScalar(i, LABELS[i], 1);
    }
    return rows;
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aWeightMultipliesTheLossOfItsRows(String yaml) {
    LossConfig loss = LossSamples.parse(yaml);
    if (loss.classifier() == LossConfig.Classifier.NONE) {
      return;
    }
    DataSet batch = new DataSet(features(DataType.FLOAT, 3), column(DataType.FLOAT));
    ComputationGraph plain = HeadGraph.build(FEATURES, IDENTITIES, LINEAR, loss, new Adam(0.03), 7);
    double[] expected = plain.scoreExamples(batch, false).data().asDouble();
    double[] weighted = graph(loss, LINEAR).scoreExamples(batch, false).data().asDouble();
    double[] factors = {0.5, 2, 1, 1.5};
    double mean = 0;
    for (int i = 0; i < LABELS.length; i++) {
      assertEquals(factors[LABELS[i]] * expected[i], weighted[i], 1e-5 * Math.abs(weighted[i]));
      mean += weighted[i] / LABELS.length;
    }
    assertEquals(mean, graph(loss, LINEAR).score(batch, false), 1e-5 * mean);
  }
}
