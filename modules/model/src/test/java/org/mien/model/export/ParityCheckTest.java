package org.mien.model.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ParityCheckTest {
  @Test
  void differencesAreMeasuredAgainstTheLargestValueOfTheirVector() {
    float[] expected = {3, 4, 0, 100};
    float[] actual = {3, 4.5f, 0, 101};

    Parity parity = ParityCheck.compare(expected, actual, 2, 0.2);

    assertEquals(2, parity.images());
    assertEquals(1, parity.largestAbsoluteDifference(), 1e-12);
    assertEquals(0.5 / 4, parity.largestRelativeDifference(), 1e-12);
    assertEquals(27 / (5 * Math.sqrt(9 + 20.25)), parity.smallestCosine(), 1e-12);
    assertTrue(parity.passed());
    assertFalse(ParityCheck.compare(expected, actual, 2, 0.1).passed());
  }

  @Test
  void equalVectorsPassWithoutTolerance() {
    Parity parity = ParityCheck.compare(new float[] {1, 2}, new float[] {1, 2}, 2, 0);
    assertTrue(parity.passed());
    assertEquals(1, parity.smallestCosine(), 1e-12);
  }

  @Test
  void vectorsThatAreNotFiniteNeverPass() {
    for (float broken : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      float[] good = {1, 2, 3, 4};
      float[] bad = {1, 2, broken, 4};
      assertFalse(ParityCheck.compare(good, bad, 2, 1e9).passed());
      assertFalse(ParityCheck.compare(bad, good, 2, 1e9).passed());
      assertFalse(ParityCheck.compare(bad, bad, 2, 1e9).passed());
    }
  }

  @Test
  void aReferenceOfZerosNeverPasses() {
    assertFalse(ParityCheck.compare(new float[2], new float[2], 2, 1).passed());
  }

  @Test
  void unequalNumbersOfVectorsAreAnError() {
    assertThrows(
        IllegalArgumentException.class,
        () -> ParityCheck.compare(new float[4], new float[6], 2, 1e-5));
  }
}
