package org.mien.data.source.synthetic;

/** The outline of glasses in frontal coordinates. */
final class Frame {
  final boolean dark;
  final float red;
  final float green;
  final float blue;
  private final float eyeX;
  private final float eyeY;
  private final float halfWidth;
  private final float halfHeight;
  private final float rounding;
  private final float thickness;

  private static final int[][] COLORS = {
    {24, 24, 26},
    {60, 36, 24},
    {110, 74, 40},
    {150, 150, 155},
    {170, 140, 70},
    {90, 24, 30},
    {30, 44, 84}
  };

  Frame(IdentityParameters identity, NuisanceParameters nuisance, FaceShape shape) {
    IdentityParameters.Glasses glasses = identity.glasses();
    dark = nuisance.face().sunglasses();
    eyeX = shape.eyeX + 0.015f;
    eyeY = shape.eyeY - 0.02f;
    float size = (float) (1 + 0.07 * glasses.size()) * (dark ? 1.1f : 1);
    GlassesStyle style = glasses.style() == GlassesStyle.NONE ? GlassesStyle.OVAL : glasses.style();
    switch (style) {
      case ROUND -> {
        halfWidth = 0.285f * size;
        halfHeight = 0.275f * size;
        rounding = 0.27f * size;
      }
      case RECTANGULAR -> {
        halfWidth = 0.315f * size;
        halfHeight = 0.20f * size;
        rounding = 0.06f;
      }
      default -> {
        halfWidth = 0.315f * size;
        halfHeight = 0.225f * size;
        rounding = 0.16f * size;
      }
    }
    thickness = (float) (0.018 + 0.035 * glasses.thickness());
    int[] color = COLORS[(int) Math.min(COLORS.length - 1, glasses.hue() * COLORS.length)];
    red = Srgb.linear(color[0]);
    green = Srgb.linear(color[1]);
    blue = Srgb.linear(color[2]);
  }

  /** Returns the distance to the edge of the nearer lens; negative inside. */
  float lens(float p, float q) {
    float dx = Math.abs(Math.abs(p) - eyeX) - (halfWidth - rounding);
    float dy = Math.abs(q - eyeY) - (halfHeight - rounding);
    float ox = Math.max(0, dx);
    float oy = Math.max(0, dy);
    return (float) Math.sqrt(ox * ox + oy * oy) + Math.min(0, Math.max(dx, dy)) - rounding;
  }

  boolean covers(float p, float q) {
    float distance = lens(p, q);
    if (distance < (dark ? thickness : -thickness)) {
      return dark;
    }
    if (distance < thickness) {
      return true;
    }
    // The bridge, and the end pieces towards the temples.
    float ap = Math.abs(p);
    float bridge = q - eyeY - 0.07f - 0.3f * ap * ap;
    if (ap < eyeX - halfWidth + 0.02f) {
      return Math.abs(bridge) < 0.6f * thickness + 0.012f;
    }
    return ap > eyeX + halfWidth - 0.02f && Math.abs(q - eyeY - 0.12f) < thickness;
  }
}
