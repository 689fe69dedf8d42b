package org.mien.trainer.kernel;

/**
 * Loops over short float arrays, written so that HotSpot makes vector code of them: unit stride,
 * one operation an element, no conversions between types. Sums are folded in halves instead of
 * added up one after the other; their order depends on the length alone.
 */
public final class FloatKernels {
  /** Length of the array that sums and maxima are folded in. */
  public static final int FOLD = 512;

  private static final float LOG2_E = (float) 1.44269504;

  /** Adding and subtracting it rounds a float to a whole number, as its last bit counts 1. */
  private static final float ROUNDING = 12582912f; // 1.5 * 2^23

  /** log 2 in two parts; products of the first with whole numbers up to 2^9 are exact. */
  private static final float LN2_HIGH = (float) 0.693359375;

  private static final float LN2_LOW = -2.12194440e-4f;

  /** The smallest exponent whose power is a normal float. */
  private static final float LOWEST = -87.33654f;

  private FloatKernels() {}

  /** Returns the largest of the first n values. */
  public static float max(float[] a, int n, float[] fold) {
    int whole = n - n % FOLD;
    float max = Float.NEGATIVE_INFINITY;
    if (whole > 0) {
      System.arraycopy(a, 0, fold, 0, FOLD);
      for (int i = FOLD; i < whole; i += FOLD) {
        for (int j = 0; j < FOLD; j++) {
          fold[j] = Math.max(fold[j], a[i + j]);
        }
      }
      for (int width = FOLD / 2; width >= 32; width /= 2) {
        for (int j = 0; j < width; j++) {
          fold[j] = Math.max(fold[j], fold[j + width]);
        }
      }
      for (int j = 0; j < 32; j++) {
        max = Math.max(max, fold[j]);
      }
    }
    for (int i = whole; i < n; i++) {
      max = Math.max(max, a[i]);
    }
    return max;
  }

  /** Returns the sum of the first n values. */
  public static double sum(float[] a, int n, float[] fold) {
    int whole = n - n % FOLD;
    double sum = 0;
    if (whole > 0) {
      System.arraycopy(a, 0, fold, 0, FOLD);
      for (int i = FOLD; i < whole; i += FOLD) {
        for (int j = 0; j < FOLD; j++) {
          fold[j] += a[i + j];
        }
      }
      sum = folded(fold);
    }
    for (int i = whole; i < n; i++) {
      sum += a[i];
    }
    return sum;
  }

  /** Returns the scalar product of the first n values of a and those of b from an offset. */
  public static double dot(float[] a, float[] b, int n, float[] fold) {
    int whole = n - n % FOLD;
    double sum = 0;
    if (whole > 0) {
      for (int j = 0; j < FOLD; j++) {
        fold[j] = a[j] * b[j];
      }
      for (int i = FOLD; i < whole; i += FOLD) {
        for (int j = 0; j < FOLD; j++) {
          fold[j] += a[i + j] * b[i + j];
        }
      }
      sum = folded(fold);
    }
    for (int i = whole; i < n; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private static double folded(float[] fold) {
    for (int width = FOLD / 2; width >= 32; width /= 2) {
      for (int j = 0; j < width; j++) {
        fold[j] += fold[j + width];
      }
    }
    double sum = 0;
    for (int j = 0; j < 32; j++) {
      sum += fold[j];
    }
    return sum;
  }

  /** {@code a = a * factor}. */
  public static void scale(float[] a, int n, float factor) {
    for (int i = 0; i < n; i++) {
      a[i] *= factor;
    }
  }

  /** {@code a = a * b}. */
  public static void multiply(float[] a, float[] b, int n) {
    for (int i = 0; i < n; i++) {
      a[i] *= b[i];
    }
  }

  /** {@code a = a * factor + addend}. */
  public static void scaleAndAdd(float[] a, int n, float factor, float addend) {
    for (int i = 0; i < n; i++) {
      a[i] = a[i] * factor + addend;
    }
  }

  /** {@code a += b}. */
  public static void add(float[] a, float[] b, int n) {
    for (int i = 0; i < n; i++) {
      a[i] += b[i];
    }
  }

  /** {@code a = a - value}. */
  public static void subtract(float[] a, int n, float value) {
    for (int i = 0; i < n; i++) {
      a[i] -= value;
    }
  }

  /** {@code a = a * factor + b * other + addend}. */
  public static void combine(float[] a, float factor, float[] b, float other, int n, float addend) {
    for (int i = 0; i < n; i++) {
      a[i] = a[i] * factor + b[i] * other + addend;
    }
  }

  /** {@code a = factor * (a - along * b)}. */
  public static void project(float[] a, float[] b, int n, float along, float factor) {
    for (int i = 0; i < n; i++) {
      a[i] = factor * (a[i] - along * b[i]);
    }
  }

  /**
   * {@code a = exp(a - most)} for values of at most {@code most}, within 2 units in the last place;
   * below -87.33 it gives 1.2e-38.
   *
   * <p>With n the whole number nearest to x / log 2 and r = x - n log 2 in [-0.35, 0.35] it is
   * exp(r) 2^n. The polynomial is the one of Cephes' {@code expf} (Moshier). The power of two is
   * put into the exponent's bits in a loop of its own.
   *
   * @param most the largest of them, or more
   * @param powers scratch of the same length
   */
  public static void exponentials(float[] a, int n, float most, float[] powers) {
    for (int i = 0; i < n; i++) {
      float x = Math.max(a[i] - most, LOWEST);
      float shifted = x * LOG2_E + ROUNDING;
      float whole = shifted - ROUNDING;
      float r = (x - whole * LN2_HIGH) - whole * LN2_LOW;
      float p = (float) 1.9875691500e-4;
      p = p * r + (float) 1.3981999507e-3;
      p = p * r + (float) 8.3334519073e-3;
      p = p * r + (float) 4.1665795894e-2;
      p = p * r + (float) 1.6666665459e-1;
      p = p * r + (float) 5.0000001201e-1;
      a[i] = (p * r * r + r) + 1f;
      powers[i] = shifted;
    }
    for (int i = 0; i < n; i++) {
      // The low bits of the shifted number are n.
      powers[i] = Float.intBitsToFloat((Float.floatToRawIntBits(powers[i]) + 127) << 23);
    }
    for (int i = 0; i < n; i++) {
      a[i] *= powers[i];
    }
  }
}
