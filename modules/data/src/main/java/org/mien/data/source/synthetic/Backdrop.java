package org.mien.data.source.synthetic;

/** What lies behind the person: a gradient, soft shapes and texture. */
final class Backdrop {
  private final int seed;
  private final float clutter;
  private final float exposure;
  private final float[] from = new float[3];
  private final float[] to = new float[3];
  private final float[] other = new float[3];
  private final float angleX;
  private final float angleY;
  private final float frequency;
  private final float stripes;

  Backdrop(NuisanceParameters nuisance) {
    seed = nuisance.scene().backgroundSeed();
    clutter = (float) nuisance.scene().clutter();
    exposure = (float) nuisance.light().exposure();
    color(from, 1);
    color(to, 2);
    color(other, 3);
    double angle = 2 * StrictMath.PI * random(10);
    angleX = (float) StrictMath.cos(angle);
    angleY = (float) StrictMath.sin(angle);
    frequency = 2 + 6 * random(11);
    stripes = random(12) < 0.25f ? 1 : 0;
  }

  private float random(int what) {
    return ValueNoise.unit(ValueNoise.hash(seed, what, 0x5EED));
  }

  private void color(float[] into, int which) {
    float value = 0.05f + 0.65f * random(20 + which);
    float chroma = random(30 + which) * random(40 + which);
    for (int i = 0; i < 3; i++) {
      float own = value * (1 - chroma * random(50 + 10 * which + i));
      // A plain wall where nothing varies.
      into[i] = 0.36f + (own - 0.36f) * Math.min(1, 1.3f * clutter);
    }
  }

  /**
   * Sets three values: the linear colour at a position in the picture.
   *
   * @param x from 0 (left) to 1
   * @param y from 0 (top) to 1
   */
  void color(float x, float y, float[] out) {
    float t = 0.5f + 0.6f * ((x - 0.5f) * angleX + (y - 0.5f) * angleY);
    t = Math.max(0, Math.min(1, t));
    float blob =
        FaceShape.smooth(0.45f, 0.65f, ValueNoise.at(x * frequency, y * frequency, seed)) * clutter;
    float texture = 1 + 0.25f * clutter * (ValueNoise.at(x * 30, y * 30, seed + 3) - 0.5f);
    if (stripes > 0) {
      float s = (x * angleY - y * angleX) * frequency * 2;
      blob = Math.abs(s - ValueNoise.floor(s) - 0.5f) < 0.2f ? clutter : 0;
    }
    for (int i = 0; i < 3; i++) {
      float c = from[i] + (to[i] - from[i]) * t;
      c += (other[i] - c) * blob * 0.8f;
      out[i] = c * texture * exposure;
    }
  }
}
