package org.mien.eval.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mien.core.error.ConfigException;

class ExpectationCheckTest {
  private static final MetricsFile RESULTS =
      MetricsFile.of(
          Map.of(
              "lfw",
              Map.of(
                  "accuracy", Metric.of(0.99, 6000),
                  "eer", Metric.of(0.01, 6000),
                  "tar@far=1e-3", Metric.of(0.98, 3000))));

  private static List<ExpectationCheck.Failure> check(String name, Double atLeast, Double atMost) {
    return ExpectationCheck.failures(Map.of(name, new Expectation(atLeast, atMost)), RESULTS);
  }

  @Test
  void boundsAreIncluded() {
    assertEquals(List.of(), check("lfw.accuracy", 0.99, null));
    assertEquals(List.of(), check("lfw.eer", null, 0.01));
    assertEquals(List.of(), check("lfw.tar@far=1e-3", 0.98, 0.98));
  }

  @Test
  void aFigureOutsideIsAFailureWithItsExpectation() {
    List<ExpectationCheck.Failure> failures = check("lfw.accuracy", 0.991, null);
    assertEquals(1, failures.size());
    assertEquals("lfw.accuracy: expected at least 0.991, was 0.99", failures.get(0).message());
    assertEquals(
        "lfw.eer: expected at most 0.009, was 0.01",
        check("lfw.eer", null, 0.009).get(0).message());
    assertEquals(
        "lfw.eer: expected at least 0.02 and at most 0.03, was 0.01",
        check("lfw.eer", 0.02, 0.03).get(0).message());
  }

  @Test
  void failuresComeInTheOrderOfTheExpectations() {
    Map<String, Expectation> expectations = new LinkedHashMap<>();
    expectations.put("lfw.tar@far=1e-3", new Expectation(1.0, null));
    expectations.put("lfw.eer", new Expectation(0.0, null));
    expectations.put("lfw.accuracy", new Expectation(1.0, null));
    assertEquals(
        List.of("lfw.tar@far=1e-3", "lfw.accuracy"),
        ExpectationCheck.failures(expectations, RESULTS).stream()
            .map(ExpectationCheck.Failure::name)
            .toList());
  }

  @Test
  void unknownNamesAreAllToldWithTheNearest() {
    Map<String, Expectation> expectations = new LinkedHashMap<>();
    expectations.put("lfw.acuracy", new Expectation(1.0, null));
    expectations.put("lfw.tar@far=1e-4", new Expectation(1.0, null));
    ConfigException e =
        assertThrows(ConfigException.class, () -> ExpectationCheck.failures(expectations, RESULTS));
    List<String> lines = e.getMessage().lines().toList();
    assertEquals(2, lines.size());
    assertEquals(
        "expect.lfw.acuracy: no such figure; the nearest are lfw.accuracy,",
        lines.get(0).substring(0, lines.get(0).indexOf(',') + 1));
    assertEquals(
        "expect.lfw.tar@far=1e-4: no such figure; the nearest are lfw.tar@far=1e-3,",
        lines.get(1).substring(0, lines.get(1).indexOf(',') + 1));
  }

  @Test
  void withoutResultsThatIsSaid() {
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () ->
                ExpectationCheck.failures(
                    Map.of("lfw.auc", new Expectation(1.0, null)), MetricsFile.of(Map.of())));
    assertEquals("expect.lfw.auc: there are no results", e.getMessage());
  }

  @Test
  void anExpectationHasFiniteBoundsInOrder() {
    assertThrows(IllegalArgumentException.class, () -> new Expectation(null, null));
    assertThrows(IllegalArgumentException.class, () -> new Expectation(2.0, 1.0));
    assertThrows(IllegalArgumentException.class, () -> new Expectation(Double.NaN, null));
  }
}
