package org.mien.eval.classification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mien.eval.Golden.TOLERANCE;
import static org.mien.eval.Golden.number;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mien.core.error.DataException;
import org.mien.eval.Golden;
import org.mien.eval.metrics.Metric;

class AttributesEvaluationTest {
  static List<JsonNode> detection() {
    return Golden.cases("detection");
  }

  static List<JsonNode> logLosses() {
    return Golden.cases("logLoss");
  }

  private static AttributesResult evaluate(
      List<String> names, float[][] scores, int[][] labels, double threshold) {
    return AttributesEvaluation.evaluate(
        names, scores, labels, threshold, null, 200, new SplittableRandom(1));
  }

  @Test
  void figuresAreThoseOfScikitLearn() {
    JsonNode golden = Golden.read().required("attributes");
    float[][] scores = Golden.rows(golden.required("scores"));
    int[][] labels =
        IntStream.range(0, scores.length)
            .mapToObj(row -> Golden.ints(golden.required("labels").get(row)))
            .toArray(int[][]::new);
    AttributesResult result = evaluate(List.of("a", "b", "c", "d"), scores, labels, 0.5);
    for (int a = 0; a < 4; a++) {
      JsonNode expected = golden.required("attributes").get(a);
      AttributeFigures found = result.attributes().get(a);
      assertFigure(expected, "accuracy", found.accuracy());
      assertFigure(expected, "balancedAccuracy", found.balancedAccuracy());
      assertFigure(expected, "precision", found.precision());
      assertFigure(expected, "recall", found.recall());
      assertFigure(expected, "f1", found.f1());
      assertFigure(expected, "averagePrecision", found.averagePrecision());
    }
    Metric mean = result.metrics().get("averagePrecision.mean");
    assertEquals(number(golden, "meanAveragePrecision"), mean.value(), TOLERANCE);
    assertTrue(mean.low() < mean.value() && mean.value() < mean.high(), mean.toString());
  }

  private static void assertFigure(JsonNode expected, String name, Optional<Metric> found) {
    assertEquals(number(expected, name), found.orElseThrow().value(), TOLERANCE, name);
  }

  @ParameterizedTest
  @MethodSource("detection")
  void averagePrecisionIsThatOfScikitLearn(JsonNode node) {
    double[] genuine = Golden.doubles(node.required("genuine"));
    double[] impostor = Golden.doubles(node.required("impostor"));
    double[] scores = new double[genuine.length + impostor.length];
    boolean[] positive = new boolean[scores.length];
    for (int i = 0; i < scores.length; i++) {
      positive[i] = i < genuine.length;
      scores[i] = positive[i] ? genuine[i] : impostor[i - genuine.length];
    }
    assertEquals(
        number(node, "averagePrecision"), AveragePrecision.of(scores, positive), TOLERANCE);
  }

  @ParameterizedTest
  @MethodSource("logLosses")
  void logLossIsThatOfScikitLearn(JsonNode node) {
    double[][] probabilities =
        IntStream.range(0, node.required("probabilities").size())
            .mapToObj(row -> Golden.doubles(node.required("probabilities").get(row)))
            .toArray(double[][]::new);
    Metric found =
        LogLoss.of(
            probabilities, Golden.ints(node.required("actual")), 200, new SplittableRandom(1));
    assertEquals(number(node, "logLoss"), found.value(), TOLERANCE);
    assertTrue(found.low() < found.value() && found.value() < found.high(), found.toString());
  }

  @Test
  void logLossErrorsNameTheRow() {
    SplittableRandom random = new SplittableRandom(1);
    DataException e =
        assertThrows(
            DataException.class,
            () -> LogLoss.of(new double[][] {{0.5, 0.5}, {2, -1}}, new int[] {0, 0}, 9, random));
    assertTrue(e.getMessage().startsWith("row 1: expected a probability"), e.getMessage());
    e =
        assertThrows(
            DataException.class,
            () -> LogLoss.of(new double[][] {{0.5, 0.4}}, new int[] {0}, 9, random));
    assertTrue(e.getMessage().startsWith("row 0: expected probabilities that sum to 1"));
  }

  @Property(tries = 100)
  void weightedAveragePrecisionIsThatOfTrialsWrittenOut(@ForAll long seed) {
    Random random = new Random(seed);
    int n = 1 + random.nextInt(20);
    double[] scores = new double[n];
    boolean[] positive = new boolean[n];
    int[] weights = new int[n];
    for (int i = 0; i < n; i++) {
      scores[i] = random.nextInt(6);
      positive[i] = i == 0 || random.nextBoolean();
      weights[i] = i == 0 ? 1 : random.nextInt(4);
    }
    int[] rows =
        IntStream.range(0, n).flatMap(i -> IntStream.generate(() -> i).limit(weights[i])).toArray();
    boolean[] copies = new boolean[rows.length];
    for (int i = 0; i < rows.length; i++) {
      copies[i] = positive[rows[i]];
    }
    double expected =
        AveragePrecision.of(Arrays.stream(rows).mapToDouble(r -> scores[r]).toArray(), copies);
    assertEquals(expected, AveragePrecision.sorted(scores, positive).weighted(weights), 1e-12);
  }

  @Test
  void unknownLabelsDoNotCountAndWhatIsNotDefinedIsLeftOut() {
    AttributesResult result =
        evaluate(
            List.of("glasses", "beard"),
            new float[][] {{1, 0}, {0, 0}, {1, 1}},
            new int[][] {{1, 0}, {-1, 0}, {0, 0}},
            0.5);
    AttributeFigures glasses = result.attributes().get(0);
    assertEquals(2, glasses.images());
    assertEquals(0.5, glasses.accuracy().orElseThrow().value());
    AttributeFigures beard = result.attributes().get(1);
    assertEquals(0, beard.positives());
    assertEquals(Optional.empty(), beard.recall());
    assertEquals(Optional.empty(), beard.averagePrecision());
    assertEquals(0, beard.precision().orElseThrow().value());
    assertEquals(
        "of 1 of 2 attributes; it is not defined for the others",
        result.metrics().get("averagePrecision.mean").note());
    assertNull(result.metrics().get("f1.macro").note());
  }

  @Test
  void errorsNameTheRowAndTheAttribute() {
    DataException e =
        assertThrows(
            DataException.class,
            () -> evaluate(List.of("hat"), new float[][] {{1}, {0}}, new int[][] {{1}, {2}}, 0));
    assertEquals("row 1: expected a label of hat of 1, 0 or -1 (unknown), was 2", e.getMessage());
    e =
        assertThrows(
            DataException.class,
            () -> evaluate(List.of("hat"), new float[][] {{Float.NaN}}, new int[][] {{1}}, 0));
    assertEquals("row 0: the score of hat is NaN", e.getMessage());
  }
}
