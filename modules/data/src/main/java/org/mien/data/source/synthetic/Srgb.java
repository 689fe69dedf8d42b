package org.mien.data.source.synthetic;

/** The transfer function of sRGB (IEC 61966-2-1), as tables filled with {@code StrictMath}. */
final class Srgb {
  private static final int STEPS = 4096;
  private static final float[] TO_LINEAR = new float[256];
  private static final float[] FROM_LINEAR = new float[STEPS + 2];

  static {
    for (int i = 0; i < TO_LINEAR.length; i++) {
      double v = i / 255.0;
      TO_LINEAR[i] = (float) (v <= 0.04045 ? v / 12.92 : StrictMath.pow((v + 0.055) / 1.055, 2.4));
    }
    for (int i = 0; i < FROM_LINEAR.length; i++) {
      double v = (double) i / STEPS;
      FROM_LINEAR[i] =
          (float) (255 * (v <= 0.0031308 ? v * 12.92 : 1.055 * StrictMath.pow(v, 1 / 2.4) - 0.055));
    }
  }

  private Srgb() {}

  /** Returns linear light in [0, 1] of an sRGB value in [0, 255]. */
  static float linear(double srgb) {
    double clamped = Math.max(0, Math.min(255, srgb));
    int i = (int) clamped;
    float low = TO_LINEAR[i];
    float high = TO_LINEAR[Math.min(255, i + 1)];
    return low + (high - low) * (float) (clamped - i);
  }

  /** Returns the sRGB value in [0, 255] of linear light; a soft shoulder above 0.7 keeps detail. */
  static float encode(float linear) {
    float v = linear;
    if (v > 0.7f) {
      float over = v - 0.7f;
      v = 0.7f + 0.3f * over / (over + 0.3f);
    }
    float at = Math.max(0, v) * STEPS;
    int i = (int) at;
    return FROM_LINEAR[i] + (FROM_LINEAR[i + 1] - FROM_LINEAR[i]) * (at - i);
  }
}
