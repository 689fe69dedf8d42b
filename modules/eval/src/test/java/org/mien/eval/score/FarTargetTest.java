package org.mien.eval.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class FarTargetTest {
  @Test
  void allowsTheFloorOfRateTimesImpostors() {
    assertEquals(3, new FarTarget(1e-3).allowedFalseAccepts(3000));
    assertEquals(2, new FarTarget(1e-3).allowedFalseAccepts(2999));
    assertEquals(0, new FarTarget(1e-3).allowedFalseAccepts(999));
    assertEquals(0, new FarTarget(1e-4).allowedFalseAccepts(3000));
  }

  @Test
  void meansTheDecimalNumberThatIsWritten() {
    assertTrue(0.29 * 100 < 29, "floating point falls short here");
    assertEquals(29, new FarTarget(0.29).allowedFalseAccepts(100));
  }

  @Test
  void isWrittenAsAPowerOfTen() {
    assertEquals("1e-1", new FarTarget(0.1).label());
    assertEquals("1e-3", new FarTarget(0.001).label());
    assertEquals("1e-6", new FarTarget(1e-6).label());
    assertEquals("2.5e-3", new FarTarget(0.0025).label());
    assertEquals("5e-1", new FarTarget(0.5).label());
  }

  @Test
  void warnsByTheRulesOfThreeAndThirty() {
    assertEquals(Optional.empty(), new FarTarget(1e-2).warning(3000));
    assertEquals(
        "few impostors: a FAR of 1e-3 is about 3 of 3000; the rule of 30 asks for 30000",
        new FarTarget(1e-3).warning(3000).orElseThrow());
    assertEquals(
        "few impostors: by the rule of 3, a FAR of 1e-3 needs at least 3000, there are 2999",
        new FarTarget(1e-3).warning(2999).orElseThrow());
    assertEquals(
        "too few impostors: 3000 cannot show a FAR of 1e-4, at least 10000 are needed; taken just"
            + " above the highest impostor score, where FAR is 0",
        new FarTarget(1e-4).warning(3000).orElseThrow());
    assertTrue(new FarTarget(1e-2).warning(2999).isPresent());
  }

  @Test
  void isAProperRate() {
    for (double rate : new double[] {0, 1, -0.1, 1.5, Double.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> new FarTarget(rate));
    }
  }

  @Test
  void supportFollowsTheRulesOfThreeAndThirty() {
    FarTarget target = new FarTarget(1e-3);
    assertEquals(TrialSupport.NONE, target.support(999));
    assertEquals(TrialSupport.BELOW_RULE_OF_3, target.support(1000));
    assertEquals(TrialSupport.BELOW_RULE_OF_3, target.support(2999));
    assertEquals(TrialSupport.BELOW_RULE_OF_30, target.support(3000));
    assertEquals(TrialSupport.BELOW_RULE_OF_30, target.support(29999));
    assertEquals(TrialSupport.FULL, target.support(30000));
    assertEquals(3000, target.impostorsFor(3));
    assertEquals(Long.MAX_VALUE, new FarTarget(1e-300).impostorsFor(3), "as many as can be said");
  }
}
