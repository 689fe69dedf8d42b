package org.mien.eval.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CurveThinningTest {
  @Test
  void keepsEndsAndCornersOfSteps() {
    int size = 10_001;
    double[] x = new double[size];
    double[] y = new double[size];
    for (int i = 0; i < size; i++) {
      x[i] = i / 10_000.0 * 400;
      y[i] = i < 5000 ? 10 : 90;
    }

    int[] kept = CurveThinning.keep(x, y, 400);

    assertEquals(0, kept[0]);
    assertEquals(size - 1, kept[kept.length - 1]);
    assertTrue(Arrays.binarySearch(kept, 4999) >= 0, "the point before the step");
    assertTrue(Arrays.binarySearch(kept, 5000) >= 0, "the point after the step");
    assertTrue(kept.length <= 400, () -> "kept " + kept.length);
  }

  @Test
  void noDroppedPointWasFarFromTheOnesKept() {
    long seed = 11;
    Random random = new Random(seed);
    int size = 20_000;
    double[] x = new double[size];
    double[] y = new double[size];
    for (int i = 1; i < size; i++) {
      boolean right = random.nextInt(2) == 0;
      x[i] = x[i - 1] + (right ? 0.02 : 0);
      y[i] = y[i - 1] + (right ? 0 : 0.01);
    }

    int[] kept = CurveThinning.keep(x, y, 400);

    assertTrue(kept.length <= 400 && kept.length > 100, () -> "kept " + kept.length);
    for (int k = 1; k < kept.length; k++) {
      for (int i = kept[k - 1]; i < kept[k]; i++) {
        double distance = Math.max(x[i] - x[kept[k - 1]], y[i] - y[kept[k - 1]]);
        assertTrue(
            distance < 2, "seed " + seed + ", point " + i + " moved by " + distance + " pixels");
      }
    }
  }

  @Test
  void shortCurvesStayWhole() {
    assertArrayEquals(new int[0], CurveThinning.keep(new double[0], new double[0], 400));
    assertArrayEquals(new int[] {0}, CurveThinning.keep(new double[1], new double[1], 400));
    assertArrayEquals(
        new int[] {0, 1, 2},
        CurveThinning.keep(new double[] {0, 5, 9}, new double[] {0, 5, 0}, 400));
  }
}
