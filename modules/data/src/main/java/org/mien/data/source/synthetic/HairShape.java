package org.mien.data.source.synthetic;

/** Where hair grows, how thick it is, and in which colour. */
final class HairShape {
  final HairStyle style;
  final float hem;
  final float grey;
  final float red;
  final float green;
  final float blue;
  final int seed;
  final float side;
  final float curl;

  /** How ragged the hairline is. */
  final float wisps;

  private final float hairline;
  private final float peak;
  private final float volume;
  private final float from;
  private final float to;
  private final float sideEnd;
  private final float slant;
  private final float part;
  private final float taper;

  HairShape(IdentityParameters identity, FaceShape shape) {
    IdentityParameters.Hair hair = identity.hair();
    style = hair.style();
    seed = hair.seed();
    side = hair.side();
    curl = (float) style.curl;
    wisps = style.hang > 0.5 ? 0.06f : 0.11f;
    double crown = shape.sliceY[FaceShape.SLICE_COUNT - 1];
    hairline =
        (float) (0.62 * crown + 0.055 * hair.hairline() + 0.04 * shape.age + style.frontOffset);
    peak = (float) (0.05 * hair.peak());
    volume = (float) (1 + 0.14 * hair.volume());
    from = (float) style.windowFromRadians;
    to = (float) style.windowToRadians;
    sideEnd = (float) style.sideEnd;
    hem = (float) style.hem;
    slant = (float) style.slant * side;
    part = (float) style.part;
    taper = (float) style.taper;
    grey = (float) grey(hair, shape.years);
    HairColor color = hair.color();
    double shade = 1 + 0.13 * hair.shade();
    red = blend(color.red * shade, 186);
    green = blend(color.green * shade, 184);
    blue = blend(color.blue * shade, 182);
  }

  /** Returns the part of the hair that is grey, from 0 to 1 within 24 years. */
  static double grey(IdentityParameters.Hair hair, double years) {
    return Math.max(0, Math.min(1, 0.5 + (years - hair.greyingYears()) / 24));
  }

  private float blend(double pigment, double white) {
    return Srgb.linear(pigment + (white - pigment) * grey);
  }

  /** Returns how far inside the hair a place is; negative is bare skin. */
  float mask(float azimuth, float y) {
    if (style == HairStyle.BALD) {
      return -1;
    }
    float a = Math.abs(azimuth);
    float front = hairline + slant * azimuth * 0.9f - peak * FaceShape.bump(0, a / 0.30f);
    if (part > 0) {
      front += part * (0.25f - 0.85f * a);
    }
    float line = front + (sideEnd - front) * FaceShape.smooth(from, to, a);
    line += (hem - sideEnd) * FaceShape.smooth(1.70f, 2.05f, a);
    float inside = y - line;
    // Receding hair leaves a wreath below the crown.
    return style == HairStyle.RECEDING ? Math.min(inside, 0.95f - y) : inside;
  }

  /**
   * Returns the thickness of the hair.
   *
   * @param azimuth in radians from straight ahead
   * @param y height on the skull
   * @param sin sine of the azimuth
   * @param cos cosine of the azimuth
   * @param below 0 at the eyes and above, 1 at the hem
   */
  float thickness(float azimuth, float y, float sin, float cos, float below) {
    float up = FaceShape.smooth(0.35f, 1.25f, y);
    float base =
        (float) (style.sideThickness + (style.topThickness - style.sideThickness) * up) * volume;
    float mask = mask(azimuth, y);
    float grow = FaceShape.smooth(-0.02f, 0.30f, mask);
    float t = base * (1 - taper + taper * grow);
    if (style.quiff > 0) {
      t +=
          (float) style.quiff
              * volume
              * FaceShape.bump((cos - 0.75f) / 0.8f, (y - 1.15f) / 0.5f)
              * grow;
    }
    if (slant != 0) {
      t *= 1 + 0.35f * FaceShape.smooth(-0.4f, 0.4f, -sin * side) * up;
    }
    if (curl > 0) {
      float n = ValueNoise.at(azimuth * 5, y * 5, seed);
      t += base * curl * 0.45f * (n - 0.5f);
    }
    if (below > 0 && style.hang > 0) {
      // Waves of long hair; it falls a little outwards to the shoulders.
      float n = ValueNoise.at(azimuth * 3, y * 2.5f, seed + 1);
      t += 0.08f * below + 0.16f * (float) style.curl * (n - 0.5f);
      t *= 1 - 0.25f * FaceShape.smooth(0.85f, 1, below);
    }
    return Math.max(0.03f, t);
  }
}
