package org.mien.data.source.synthetic;

/** Smooth pseudo-random functions of the plane, from an integer hash alone. */
final class ValueNoise {
  private ValueNoise() {}

  /** Mixes 32 bits (the finaliser of MurmurHash3). */
  static int hash(int value) {
    int h = value;
    h ^= h >>> 16;
    h *= 0x85EBCA6B;
    h ^= h >>> 13;
    h *= 0xC2B2AE35;
    h ^= h >>> 16;
    return h;
  }

  static int hash(int x, int y, int seed) {
    return hash(x * 0x9E3779B1 ^ hash(y * 0x85EBCA77 ^ seed));
  }

  /** Returns a value in [0, 1) from the upper 24 bits. */
  static float unit(int hash) {
    return (hash >>> 8) * 0x1.0p-24f;
  }

  /** Returns smooth noise in [0, 1) with a period of features of about one unit. */
  static float at(float x, float y, int seed) {
    int ix = floor(x);
    int iy = floor(y);
    float fx = x - ix;
    float fy = y - iy;
    fx = fx * fx * (3 - 2 * fx);
    fy = fy * fy * (3 - 2 * fy);
    int lower = hash(iy * 0x85EBCA77 ^ seed);
    int upper = hash((iy + 1) * 0x85EBCA77 ^ seed);
    float a = unit(hash(ix * 0x9E3779B1 ^ lower));
    float b = unit(hash((ix + 1) * 0x9E3779B1 ^ lower));
    float c = unit(hash(ix * 0x9E3779B1 ^ upper));
    float d = unit(hash((ix + 1) * 0x9E3779B1 ^ upper));
    float bottom = a + (b - a) * fx;
    float top = c + (d - c) * fx;
    return bottom + (top - bottom) * fy;
  }

  static int floor(float x) {
    int i = (int) x;
    return x < i ? i - 1 : i;
  }
}
