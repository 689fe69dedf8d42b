package org.mien.eval.regression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mien.eval.Golden.TOLERANCE;
import static org.mien.eval.Golden.number;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.mien.core.error.DataException;
import org.mien.eval.Golden;
import org.mien.eval.metrics.Metric;
import org.mien.eval.uncertainty.ClopperPearson;

class AgeEvaluationTest {
  private static final AgeOptions OPTIONS = new AgeOptions(List.of(1, 5), List.of(18, 40), 200);

  private static AgeResult evaluate(double[] actual, double[] estimated, List<String> people) {
    return AgeEvaluation.evaluate(actual, estimated, people, OPTIONS, new SplittableRandom(1));
  }

  @Test
  void countsByHand() {
    AgeResult result = evaluate(new double[] {10, 18, 39, 20}, new double[] {11, 15, 45, 20}, null);
    assertEquals(10 / 4.0, result.metrics().get("mae").value());
    assertEquals(Math.sqrt(46 / 4.0), result.metrics().get("rmse").value(), 1e-15);
    assertEquals(4 / 4.0, result.metrics().get("bias").value());
    assertEquals(0.5, result.metrics().get("cs@1").value(), "an error of just 1 year counts");
    assertEquals(0.75, result.metrics().get("cs@5").value());
    assertEquals(
        List.of("<18", "[18,40)", ">=40"),
        result.bands().stream().map(AgeResult.Band::label).toList());
    assertEquals(3, result.metrics().get("mae@age=[18,40)").value());
    assertEquals(3, result.bands().get(1).images());
    assertEquals(0, result.bands().get(2).images());
    assertTrue(result.bands().get(2).metrics().isEmpty());
    // One image: resampling says nothing.
    assertNull(result.metrics().get("mae@age=<18").low());
    assertEquals(
        ClopperPearson.interval(1, 1, 0.95).low(), result.metrics().get("cs@1@age=<18").low());
  }

  @Test
  void figuresAreThoseOfScikitLearn() {
    JsonNode expected = Golden.read().required("ages");
    AgeResult result =
        evaluate(
            Golden.doubles(expected.required("actual")),
            Golden.doubles(expected.required("estimated")),
            null);
    assertEquals(number(expected, "mae"), result.metrics().get("mae").value(), TOLERANCE);
    assertEquals(number(expected, "rmse"), result.metrics().get("rmse").value(), TOLERANCE);
  }

  @Test
  void intervalsCoverTheTruthWhereImagesOfOnePersonErrAlike() {
    int people = 0;
    int images = 0;
    int runs = 80;
    for (int run = 0; run < runs; run++) {
      Random random = new Random(run);
      List<String> names = new ArrayList<>();
      double[] actual = new double[240];
      double[] estimated = new double[240];
      double own = 0;
      for (int i = 0; i < 240; i++) {
        own = i % 8 == 0 ? 5 * random.nextGaussian() : own;
        names.add("p" + i / 8);
        actual[i] = 30;
        estimated[i] = 32 + own + random.nextGaussian();
      }
      people += holds(evaluate(actual, estimated, names).metrics().get("bias"), 2) ? 1 : 0;
      images += holds(evaluate(actual, estimated, null).metrics().get("bias"), 2) ? 1 : 0;
    }
    String covered = people + " by people, " + images + " by images of " + runs;
    System.out.println("coverage of the bias: " + covered);
    assertTrue(people >= 67, covered);
    assertTrue(images < 56, "images of one person are no independent evidence: " + covered);
  }

  private static boolean holds(Metric metric, double truth) {
    return metric.low() <= truth && truth <= metric.high();
  }

  @Test
  void errorsNameTheRow() {
    DataException e =
        assertThrows(
            DataException.class, () -> evaluate(new double[] {1, -1}, new double[] {1, 1}, null));
    assertEquals("row 1: expected a true age in [0, 150] years, was -1.0", e.getMessage());
    e =
        assertThrows(
            DataException.class,
            () -> evaluate(new double[] {1, 1}, new double[] {Double.NaN, 1}, null));
    assertEquals("row 0: expected a finite estimated age, was NaN", e.getMessage());
    assertThrows(DataException.class, () -> evaluate(new double[] {1}, new double[] {1, 2}, null));
    assertThrows(
        IllegalArgumentException.class, () -> new AgeOptions(List.of(1), List.of(40, 18), 10));
  }
}
