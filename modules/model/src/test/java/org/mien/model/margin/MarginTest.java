package org.mien.model.margin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

final class MarginTest {
  @Property(tries = 300)
  void theTargetFallsMonotonicallyWithTheAngleAlsoPastPiMinusMargin(
      @ForAll @DoubleRange(min = 0.5, max = 6) double factor,
      @ForAll @DoubleRange(min = -1.5, max = 1.5) double shift,
      @ForAll @DoubleRange(min = 0, max = 1) double offset,
      @ForAll @DoubleRange(min = 0, max = 10) double lambda) {
    TargetMargin margin = new AnnealedMargin(new AngularMargin(factor, shift, offset), lambda);
    double before = margin.value(1);
    for (int i = 1; i <= 500; i++) {
      double value = margin.value(Math.cos(Math.PI * i / 500));
      assertTrue(value <= before, () -> "rises at " + margin);
      // Continuous: no step is longer than the slope by the angle allows.
      assertTrue(before - value <= Math.PI / 500 * (factor + 1) + 1e-9, () -> "jumps at " + margin);
      before = value;
    }
  }

  @Property(tries = 500)
  void theDerivativeIsTheSlope(
      @ForAll @DoubleRange(min = 0.5, max = 6) double factor,
      @ForAll @DoubleRange(min = -1.5, max = 1.5) double shift,
      @ForAll @DoubleRange(min = 0, max = 10) double lambda,
      @ForAll @DoubleRange(min = 0.05, max = 3.09) double theta) {
    TargetMargin margin = new AnnealedMargin(new AngularMargin(factor, shift, 0.1), lambda);
    double cosine = Math.cos(theta);
    double step = 1e-7;
    double slope = (margin.value(cosine + step) - margin.value(cosine - step)) / (2 * step);
    assertEquals(slope, margin.derivative(cosine), 1e-4 * Math.max(1, Math.abs(slope)));
  }

  @Test
  void atAndBeyondTheEndsAllIsFinite() {
    for (TargetMargin margin :
        new TargetMargin[] {
          new AngularMargin(1, 0.5, 0), new AngularMargin(4, 0, 0), new AngularMargin(1, -0.4, 0.8)
        }) {
      for (double cosine : new double[] {1, -1, 1 + 1e-6, -1 - 1e-6, 1 - 1e-16, 0}) {
        assertTrue(Double.isFinite(margin.value(cosine)));
        double slope = margin.derivative(cosine);
        assertTrue(slope >= 0 && slope < 1000, margin + " at " + cosine + ": " + slope);
      }
    }
    // The limit of m |sin(m theta)| / sin(theta) is m squared.
    assertEquals(16, new AngularMargin(4, 0, 0).derivative(1), 1e-3);
  }

  @Test
  void valuesAreThoseOfThePapers() {
    double theta = 1.1;
    double cosine = Math.cos(theta);
    assertEquals(Math.cos(1.6), new AngularMargin(1, 0.5, 0).value(cosine), 1e-12);
    assertEquals(cosine - 0.35, new AngularMargin(1, 0, 0.35).value(cosine), 1e-12);
    // 4 * 1.1 is in [pi, 2 pi): k = 1.
    assertEquals(-Math.cos(4.4) - 2, new AngularMargin(4, 0, 0).value(cosine), 1e-12);
    assertEquals(
        (5 * cosine - Math.cos(4.4) - 2) / 6,
        new AnnealedMargin(new AngularMargin(4, 0, 0), 5).value(cosine),
        1e-12);
    // Past pi - m: -cos(theta + m) - 2.
    assertEquals(-Math.cos(3.5) - 2, new AngularMargin(1, 0.5, 0).value(Math.cos(3.0)), 1e-12);
    assertEquals(0.3, new AngularMargin(1, 0, 0).value(0.3), 1e-12);
  }

  @Test
  void settingsWithoutSenseAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new AngularMargin(0, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new AngularMargin(1, Double.NaN, 0));
    assertThrows(
        IllegalArgumentException.class, () -> new AnnealedMargin(new AngularMargin(1, 0, 0), -1));
  }
}
