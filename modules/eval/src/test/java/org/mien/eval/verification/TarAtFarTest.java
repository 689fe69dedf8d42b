package org.mien.eval.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.ScoreSet;

class TarAtFarTest {
  private static final double[] GENUINE = {0.5, 0.85, 0.9, 0.95};

  private static TarAtFar at(double[] impostors, double rate) {
    return TarAtFar.at(ScoreSet.ofSimilarities(GENUINE, impostors), new FarTarget(rate));
  }

  @Test
  void refusesAllBelowTheKthHighestImpostor() {
    double[] impostors = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9};
    TarAtFar found = at(impostors, 0.2);
    assertEquals(Math.nextUp(0.8), found.threshold().value());
    assertEquals(2, found.falseAccepts());
    assertEquals(0.2, found.far());
    assertEquals(3, found.trueAccepts());
    assertEquals(0.75, found.tar());
  }

  @Test
  void doesNotInterpolateBetweenTwoImpostors() {
    double[] impostors = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9};
    assertEquals(at(impostors, 0.2).threshold(), at(impostors, 0.29).threshold());
    assertEquals(2, at(impostors, 0.29).falseAccepts());
  }

  @Test
  void movesUpWhereTheNextImpostorTies() {
    double[] impostors = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.8, 0.9};
    TarAtFar found = at(impostors, 0.2);
    assertEquals(Math.nextUp(0.8), found.threshold().value());
    assertEquals(1, found.falseAccepts());
    assertFalse(found.tooFewImpostors());
  }

  @Test
  void goesAboveTheHighestImpostorWhereAllOfThemTie() {
    double[] impostors = {0.5, 0.5, 0.5, 0.5};
    TarAtFar found = at(impostors, 0.5);
    assertEquals(Math.nextUp(0.5), found.threshold().value());
    assertEquals(0, found.falseAccepts());
    assertEquals(3, found.trueAccepts());
    assertFalse(found.tooFewImpostors());
  }

  @Test
  void saysWhenThereAreTooFewImpostors() {
    TarAtFar found = at(new double[] {0.1, 0.6}, 1e-3);
    assertTrue(found.tooFewImpostors());
    assertEquals(Math.nextUp(0.6), found.threshold().value());
    assertEquals(0.75, found.tar());
    assertTrue(found.warning().orElseThrow().startsWith("too few impostors: 2 cannot show"));
  }

  @Test
  void saysWhenTiesKeepItFromTheRateAskedFor() {
    double[] impostors =
        IntStream.range(0, 1000).mapToDouble(i -> i >= 970 ? i : Math.min(i, 950)).toArray();
    TarAtFar tied = at(impostors, 0.04);
    assertEquals(30, tied.falseAccepts());
    assertEquals(
        Optional.of("equal impostor scores: only 30 of the 40 false accepts allowed can be used"),
        tied.warning());
    double[] distinct = IntStream.range(0, 1000).mapToDouble(i -> i).toArray();
    assertEquals(Optional.empty(), at(distinct, 0.04).warning());
  }
}
