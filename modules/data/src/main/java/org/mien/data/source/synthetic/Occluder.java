package org.mien.data.source.synthetic;

/** Something in front of the person: it comes in from one side with a straight, soft edge. */
final class Occluder {
  private Occluder() {}

  static void draw(float[] rgb, int size, NuisanceParameters nuisance) {
    float part = (float) nuisance.scene().occlusion();
    if (part <= 0) {
      return;
    }
    double angle = StrictMath.toRadians(nuisance.scene().occlusionAngleDegrees());
    float dx = (float) StrictMath.cos(angle);
    float dy = (float) StrictMath.sin(angle);
    int seed = nuisance.scene().backgroundSeed();
    float exposure = (float) nuisance.light().exposure();
    float red = exposure * ValueNoise.unit(ValueNoise.hash(seed, 1, 99));
    float green = exposure * ValueNoise.unit(ValueNoise.hash(seed, 2, 99));
    float blue = exposure * ValueNoise.unit(ValueNoise.hash(seed, 3, 99));
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        float u = (x + 0.5f) / size - 0.5f;
        float v = (y + 0.5f) / size - 0.5f;
        float inside = part - 0.5f - (u * dx + v * dy) + 0.05f * (u * dy - v * dx);
        float cover = FaceShape.smooth(-0.008f, 0.008f, inside);
        if (cover > 0) {
          float shade = 0.4f + 0.4f * ValueNoise.at(u * 14, v * 14, seed);
          int at = 3 * (y * size + x);
          rgb[at] += (red * shade - rgb[at]) * cover;
          rgb[at + 1] += (green * shade - rgb[at + 1]) * cover;
          rgb[at + 2] += (blue * shade - rgb[at + 2]) * cover;
        }
      }
    }
  }
}
