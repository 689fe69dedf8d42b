package org.mien.eval.classification;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mien.core.error.DataException;
import org.mien.eval.metrics.Metric;
import org.mien.eval.uncertainty.ClopperPearson;

class ClassificationEvaluationTest {
  private static final List<String> NAMES = List.of("Ada", "Bo", "Cy", "Di");
  private static final int[] ACTUAL = {0, 0, 0, 1, 1, 2};
  private static final int[] PREDICTED = {0, 0, 1, 1, 3, 1};

  private static ClassificationResult evaluate(int[] actual, int[] predicted) {
    return ClassificationEvaluation.evaluate(
        NAMES, actual, predicted, null, new SplittableRandom(1));
  }

  @Test
  void countsByHand() {
    ConfusionMatrix confusion = ConfusionMatrix.of(ACTUAL, PREDICTED, 4);
    assertEquals(3, confusion.correct());
    assertEquals(0.5, confusion.accuracy());
    assertEquals(3, confusion.support(0));
    assertEquals(3, confusion.predicted(1));
    assertEquals(1, confusion.correct(1));
    assertEquals(1 / 3.0, confusion.precision(1));
    assertEquals(0.5, confusion.recall(1));
    assertEquals(0.4, confusion.f1(1), 1e-15);
    assertEquals(0, confusion.precision(2), "never predicted");
    assertEquals(0, confusion.recall(3), "no image");
    assertEquals(1, confusion.neverPredicted());
    assertEquals(1, confusion.withoutImages());
    assertEquals(4, confusion.occurring());
    assertEquals((2 / 3.0 + 0.5) / 4, confusion.macro().recall(), 1e-15);
  }

  @Test
  void anIdentityThatDoesNotOccurIsLeftOutOfAverages() {
    ConfusionMatrix confusion = ConfusionMatrix.of(new int[] {0, 1}, new int[] {0, 1}, 5);
    assertEquals(2, confusion.occurring());
    assertEquals(1, confusion.macro().f1());
  }

  @Test
  void namesFiguresAndTellsWhatCountsAsZero() {
    ClassificationResult result =
        ClassificationEvaluation.evaluate(
            NAMES, ACTUAL, PREDICTED, new int[] {0, 0, 0, 1, 1, 2}, new SplittableRandom(1));
    assertEquals(
        List.of(
            "accuracy",
            "balancedAccuracy",
            "precision.macro",
            "recall.macro",
            "f1.macro",
            "precision.micro",
            "recall.micro",
            "f1.micro",
            "precision.weighted",
            "recall.weighted",
            "f1.weighted",
            "accuracy.nearestCentroid"),
        List.copyOf(result.metrics().keySet()));
    assertEquals(1, result.metrics().get("accuracy.nearestCentroid").value());
    assertEquals(
        "1 identities were never predicted; their precision counts as 0",
        result.metrics().get("precision.macro").note());
    assertEquals(
        "1 predicted identities have no images; their recall counts as 0",
        result.metrics().get("recall.weighted").note());
    assertEquals(
        "1 identities were never predicted; their precision counts as 0; 1 predicted identities"
            + " have no images; their recall counts as 0",
        result.metrics().get("f1.macro").note());
    assertEquals(6, result.metrics().get("f1.macro").trials());
  }

  @Test
  void intervalsSurroundTheFiguresAndAreNeverAPoint() {
    // Identity i is right in 20 - i of 20 images and else taken for the next one.
    int[] actual = IntStream.range(0, 80).map(i -> i / 20).toArray();
    int[] predicted =
        IntStream.range(0, 80).map(i -> i % 20 < i / 20 ? (i / 20 + 1) % 4 : i / 20).toArray();
    ClassificationResult result = evaluate(actual, predicted);
    result
        .metrics()
        .forEach(
            (name, metric) ->
                assertTrue(
                    metric.low() < metric.value() && metric.value() < metric.high(),
                    name + " " + metric));
    Metric allRight = evaluate(actual, actual).metrics().get("f1.macro");
    assertEquals(1, allRight.value());
    assertEquals(ClopperPearson.interval(80, 80, 0.95).low(), allRight.low());
    assertTrue(allRight.note().contains("Clopper-Pearson"), allRight.note());
    assertEquals(result.metrics(), evaluate(actual, predicted).metrics(), "same seed");
  }

  @Test
  void worstIdentitiesAndMostConfusedPairsComeFirst() {
    ClassificationResult result = evaluate(ACTUAL, PREDICTED);
    assertEquals(
        List.of("Cy", "Di", "Bo"), result.worst(3).stream().map(IdentityFigures::name).toList());
    ConfusionMatrix confusion =
        ConfusionMatrix.of(new int[] {0, 0, 1, 1, 2, 2, 2}, new int[] {1, 1, 0, 2, 0, 0, 2}, 3);
    assertEquals(
        List.of(
            new ConfusionMatrix.Confusion(0, 1, 2),
            new ConfusionMatrix.Confusion(2, 0, 2),
            new ConfusionMatrix.Confusion(1, 0, 1)),
        confusion.mostConfused(3));
    assertEquals(4, confusion.confusions().size());
  }

  @Test
  void topFiveIsReportedFromScoresOfMoreThanFiveIdentities() {
    List<String> six = List.of("a", "b", "c", "d", "e", "f");
    float[][] scores = {{6, 5, 4, 3, 2, 1}, {6, 5, 4, 3, 2, 1}, {1, 2, 3, 4, 5, 6}};
    ClassificationResult result =
        ClassificationEvaluation.evaluate(
            six, new int[] {0, 5, 1}, scores, null, new SplittableRandom(1));
    assertEquals(2 / 3.0, result.metrics().get("top5").value());
    assertEquals(1 / 3.0, result.metrics().get("accuracy").value());
    ClassificationResult four =
        ClassificationEvaluation.evaluate(
            NAMES, new int[] {0}, new float[][] {{1, 0, 0, 0}}, null, new SplittableRandom(1));
    assertFalse(four.metrics().containsKey("top5"));
  }

  @Test
  void tiesAreDecidedAgainstTheModel() {
    float[][] indifferent = {{1, 1, 1}, {1, 1, 1}};
    assertEquals(0, TopK.of(indifferent, new int[] {0, 2}, 2).hits());
    assertEquals(2, TopK.of(indifferent, new int[] {0, 2}, 3).hits());
    float[][] tied = {{2, 3, 2, 1}};
    assertEquals(0, TopK.of(tied, new int[] {0}, 2).hits());
    assertEquals(1, TopK.of(tied, new int[] {0}, 3).hits());
    assertArrayEquals(new int[] {0, 0}, TopK.best(indifferent), "the first of equals");
  }

  @Test
  void errorsNameTheRow() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> ConfusionMatrix.of(new int[] {0, 4}, new int[] {0, 0}, 4));
    assertEquals("row 1: expected a true identity in [0, 4), was 4", e.getMessage());
    e =
        assertThrows(
            IllegalArgumentException.class,
            () -> ConfusionMatrix.of(new int[] {0, 1}, new int[] {0, -1}, 4));
    assertEquals("row 1: expected a predicted identity in [0, 4), was -1", e.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> ConfusionMatrix.of(new int[] {0}, new int[] {0, 1}, 4));
    assertThrows(
        IllegalArgumentException.class, () -> ConfusionMatrix.of(new int[0], new int[0], 4));
    DataException nan =
        assertThrows(
            DataException.class,
            () -> TopK.of(new float[][] {{0, 1}, {0, Float.NaN}}, new int[] {0, 0}, 1));
    assertEquals("row 1: the score of identity 1 is NaN", nan.getMessage());
    e =
        assertThrows(
            IllegalArgumentException.class,
            () -> TopK.of(new float[][] {{0, 1}, {0}}, new int[] {0, 0}, 1));
    assertEquals("row 1: expected 2 scores, were 1", e.getMessage());
  }

  @Test
  void aCentroidIsTheMeanDirection() {
    // Lengths do not matter: identity 0 lies along (1, 1), identity 1 along (1, -1).
    NearestCentroid baseline =
        NearestCentroid.of(
            new float[][] {{100, 0}, {0, 0.01f}, {0, -5}, {5, 0}}, new int[] {0, 0, 1, 1}, 2);
    assertArrayEquals(
        new int[] {0, 1, 0}, baseline.predict(new float[][] {{1, 0.1f}, {7, -1}, {3, 0}}));
  }

  @Test
  void centroidErrorsNameRowOrIdentity() {
    DataException e =
        assertThrows(
            DataException.class,
            () -> NearestCentroid.of(new float[][] {{1}, {0}}, new int[] {0, 0}, 1));
    assertEquals("training row 1: the feature is zero or not finite", e.getMessage());
    e =
        assertThrows(
            DataException.class, () -> NearestCentroid.of(new float[][] {{1}}, new int[] {0}, 2));
    assertEquals(
        "identity 1: expected a training image for its centroid, found none", e.getMessage());
    e =
        assertThrows(
            DataException.class,
            () -> NearestCentroid.of(new float[][] {{1}, {-1}}, new int[] {0, 0}, 1));
    assertEquals(
        "identity 0: the mean of its features is zero and has no direction", e.getMessage());
    NearestCentroid fine = NearestCentroid.of(new float[][] {{1, 0}}, new int[] {0}, 1);
    assertThrows(DataException.class, () -> fine.predict(new float[][] {{Float.NaN, 0}}));
    assertThrows(IllegalArgumentException.class, () -> fine.predict(new float[][] {{1}}));
  }
}
