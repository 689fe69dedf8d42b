package org.mien.eval.uncertainty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.mien.eval.Golden.number;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mien.eval.Golden;

class ClopperPearsonTest {
  static List<JsonNode> golden() {
    return Golden.cases("clopperPearson");
  }

  @ParameterizedTest
  @MethodSource("golden")
  void isThatOfSciPy(JsonNode expected) {
    Interval found =
        ClopperPearson.interval(
            expected.required("successes").longValue(),
            expected.required("trials").longValue(),
            number(expected, "confidence"));
    assertRelative(number(expected, "low"), found.low());
    assertRelative(number(expected, "high"), found.high());
    // The distance from 1 is what matters for a rate near 1.
    assertEquals(1 - number(expected, "high"), 1 - found.high(), 1e-12);
  }

  /** Rates of one in a million need relative, not absolute, agreement. */
  private static void assertRelative(double expected, double found) {
    assertEquals(expected, found, 1e-9 * Math.abs(expected));
  }

  @Test
  void endsAtZeroAndOneWhereNothingElseWasSeen() {
    Interval none = ClopperPearson.interval(0, 3000, 0.95);
    assertEquals(0, none.low());
    // Closed form: 1 - (a/2)^(1/n).
    assertEquals(1 - Math.pow(0.025, 1 / 3000.0), none.high(), 1e-14);
    Interval all = ClopperPearson.interval(3000, 3000, 0.95);
    assertEquals(1, all.high());
    assertEquals(Math.pow(0.025, 1 / 3000.0), all.low(), 1e-14);
  }

  @Test
  void coversTheTrueRateAtLeastAsOftenAsItSays() {
    int trials = 20;
    for (double rate : new double[] {0.01, 0.1, 0.37, 0.5, 0.93}) {
      double covered = 0;
      double probability = Math.pow(1 - rate, trials);
      for (int successes = 0; successes <= trials; successes++) {
        Interval interval = ClopperPearson.interval(successes, trials, 0.9);
        if (interval.low() <= rate && rate <= interval.high()) {
          covered += probability;
        }
        probability *= (trials - successes) / (successes + 1.0) * rate / (1 - rate);
      }
      if (covered < 0.9) {
        throw new AssertionError("covers " + rate + " with probability " + covered);
      }
    }
  }

  @Test
  void refusesImpossibleCounts() {
    assertThrows(IllegalArgumentException.class, () -> ClopperPearson.interval(0, 0, 0.95));
    assertThrows(IllegalArgumentException.class, () -> ClopperPearson.interval(-1, 5, 0.95));
    assertThrows(IllegalArgumentException.class, () -> ClopperPearson.interval(6, 5, 0.95));
    assertThrows(IllegalArgumentException.class, () -> ClopperPearson.interval(1, 5, 1));
  }
}
