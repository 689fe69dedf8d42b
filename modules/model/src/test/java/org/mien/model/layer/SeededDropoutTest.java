package org.mien.model.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.mien.model.nd4j.Nd4jRuntime;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

final class SeededDropoutTest {
  @BeforeAll
  static void startNd4j() {
    Nd4jRuntime.start();
  }

  private static INDArray dropped(double rate, long seed, int iteration) {
    INDArray ones = Nd4j.ones(DataType.FLOAT, 100, 50);
    return new SeededDropout(rate, seed)
        .applyDropout(ones, Nd4j.createUninitialized(DataType.FLOAT, 100, 50), iteration, 0, null);
  }

  @Test
  void whatIsDroppedFollowsFromSeedAndStep() {
    assertEquals(dropped(0.4, 1, 7), dropped(0.4, 1, 7));
    assertNotEquals(dropped(0.4, 1, 7), dropped(0.4, 1, 8));
    assertNotEquals(dropped(0.4, 1, 7), dropped(0.4, 2, 7));
  }

  @Test
  void aShareIsDroppedAndTheMeanStays() {
    INDArray values = dropped(0.4, 3, 0);
    double kept = values.gt(0).castTo(DataType.FLOAT).meanNumber().doubleValue();
    assertEquals(0.6, kept, 0.03);
    assertEquals(1 / 0.6, values.maxNumber().doubleValue(), 1e-6);
  }

  @Test
  void theGradientIsDroppedWhereTheInputWas() {
    INDArray gradient = Nd4j.ones(DataType.FLOAT, 100, 50);
    assertEquals(
        dropped(0.4, 1, 7), new SeededDropout(0.4, 1).backprop(gradient, gradient.dup(), 7, 0));
  }

  @Test
  void aRateOutsideItsRangeIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new SeededDropout(1, 0));
    assertThrows(IllegalArgumentException.class, () -> new SeededDropout(-0.1, 0));
  }
}
