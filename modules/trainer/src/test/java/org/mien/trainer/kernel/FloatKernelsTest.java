package org.mien.trainer.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FloatKernelsTest {
  @Test
  void exponentialsAreWithinTwoUnitsInTheLastPlace() {
    int n = 1 << 20;
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = -87.3f * i / n;
    }
    values[n - 1] = 0;
    float[] given = values.clone();
    FloatKernels.exponentials(values, n, 0, new float[n]);
    double worst = 0;
    for (int i = 0; i < n; i++) {
      double exact = Math.exp(given[i]);
      worst = Math.max(worst, Math.abs(values[i] - exact) / Math.ulp((float) exact));
    }
    assertTrue(worst <= 2, "largest error " + worst + " units in the last place");
    assertEquals(1f, values[n - 1]);
  }

  @Test
  void exponentialsOfVerySmallNumbersAreTiny() {
    float[] values = {-88, -1000, Float.NEGATIVE_INFINITY};
    FloatKernels.exponentials(values, 3, 0, new float[3]);
    for (float value : values) {
      assertEquals(0, value, 1.3e-38f);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 31, 511, 512, 513, 1024, 5000})
  void foldedSumsAndMaximaAreThoseOfALoop(int n) {
    SplittableRandom random = new SplittableRandom(n);
    float[] a = new float[n + 3];
    float[] b = new float[n];
    double sum = 0;
    double dot = 0;
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      a[i] = (float) random.nextDouble(-1, 1);
      b[i] = (float) random.nextDouble(-1, 1);
      sum += a[i];
      dot += (double) a[i] * b[i];
      max = Math.max(max, a[i]);
    }
    a[n] = 5; // beyond the length: not read
    float[] fold = new float[FloatKernels.FOLD];
    assertEquals(sum, FloatKernels.sum(a, n, fold), 1e-4);
    assertEquals(dot, FloatKernels.dot(a, b, n, fold), 1e-4);
    assertEquals(max, FloatKernels.max(a, n, fold));
  }
}
