package org.mien.eval.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScaleTest {
  @Test
  void decadesPlacePowersOfTenEvenly() {
    Scale.Decades scale = Scale.Decades.around(1.0 / 3000, 1);

    assertEquals(-4, scale.lowExponent());
    assertEquals(0.75, scale.position(0.1), 1e-12);
    assertEquals(0, scale.position(0));
    assertEquals(
        List.of("1e-4", "1e-3", "0.01", "0.1", "1"),
        scale.ticks().stream().map(Scale.Tick::label).toList());
    assertEquals(-3, Scale.Decades.around(1.0 / 1000, 1).lowExponent());
  }

  @Test
  void linearTicksAreRoundAndInside() {
    Scale.Linear scale = Scale.Linear.around(0, 4.13, false);

    assertEquals(
        List.of("0", "1", "2", "3", "4", "5"),
        scale.ticks().stream().map(Scale.Tick::label).toList());
    assertEquals(
        List.of("0.90", "0.92", "0.94", "0.96", "0.98", "1.00"),
        Scale.Linear.around(0.9, 1, false).ticks().stream().map(Scale.Tick::label).toList());
    assertTrue(Scale.Linear.around(3, 3, false).low() < 3);
  }
}
