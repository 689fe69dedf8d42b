package org.mien.data.source.synthetic;

/** What happens between the light and the file: blur, noise, compression. */
final class CameraEffects {
  private static final int BLOCK = 8;

  /** Rows of the discrete cosine transform of type II, orthonormal. */
  private static final float[] COSINE = new float[BLOCK * BLOCK];

  static {
    for (int k = 0; k < BLOCK; k++) {
      double scale = Math.sqrt((k == 0 ? 1.0 : 2.0) / BLOCK);
      for (int n = 0; n < BLOCK; n++) {
        COSINE[k * BLOCK + n] =
            (float) (scale * StrictMath.cos(StrictMath.PI * (2 * n + 1) * k / (2 * BLOCK)));
      }
    }
  }

  private CameraEffects() {}

  /** Blurs an interleaved picture of {@code size} x {@code size} pixels in place. */
  static void blur(float[] rgb, int size, double sigmaPixels) {
    if (sigmaPixels < 0.2) {
      return;
    }
    int radius = (int) StrictMath.ceil(2.5 * sigmaPixels);
    float[] kernel = new float[radius + 1];
    double sum = 0;
    for (int i = 0; i <= radius; i++) {
      double weight = StrictMath.exp(-0.5 * i * i / (sigmaPixels * sigmaPixels));
      kernel[i] = (float) weight;
      sum += i == 0 ? weight : 2 * weight;
    }
    for (int i = 0; i <= radius; i++) {
      kernel[i] /= (float) sum;
    }
    float[] line = new float[3 * size];
    for (int y = 0; y < size; y++) {
      convolve(rgb, 3 * y * size, 3, size, kernel, line);
    }
    for (int x = 0; x < size; x++) {
      convolve(rgb, 3 * x, 3 * size, size, kernel, line);
    }
  }

  private static void convolve(
      float[] rgb, int start, int step, int size, float[] kernel, float[] line) {
    for (int i = 0; i < size; i++) {
      int at = start + i * step;
      line[3 * i] = rgb[at];
      line[3 * i + 1] = rgb[at + 1];
      line[3 * i + 2] = rgb[at + 2];
    }
    for (int i = 0; i < size; i++) {
      float r = kernel[0] * line[3 * i];
      float g = kernel[0] * line[3 * i + 1];
      float b = kernel[0] * line[3 * i + 2];
      for (int k = 1; k < kernel.length; k++) {
        int low = 3 * Math.max(0, i - k);
        int high = 3 * Math.min(size - 1, i + k);
        r += kernel[k] * (line[low] + line[high]);
        g += kernel[k] * (line[low + 1] + line[high + 1]);
        b += kernel[k] * (line[low + 2] + line[high + 2]);
      }
      int at = start + i * step;
      rgb[at] = r;
      rgb[at + 1] = g;
      rgb[at + 2] = b;
    }
  }

  /** Adds noise to values on the scale 0 to 255: mostly the same in all channels, some colour. */
  static void noise(float[] rgb, int size, double sigma, int seed) {
    if (sigma < 0.1) {
      return;
    }
    float amount = (float) sigma;
    for (int i = 0; i < size * size; i++) {
      int h = ValueNoise.hash(i * 0x9E3779B1 ^ seed);
      float gray = centered(h);
      h = ValueNoise.hash(h + 1);
      rgb[3 * i] += amount * (0.85f * gray + 0.5f * centered(h));
      h = ValueNoise.hash(h + 1);
      rgb[3 * i + 1] += amount * (0.85f * gray + 0.5f * centered(h));
      h = ValueNoise.hash(h + 1);
      rgb[3 * i + 2] += amount * (0.85f * gray + 0.5f * centered(h));
    }
  }

  /** Returns a value with mean 0 and variance 1: the sum of the four bytes of a hash. */
  private static float centered(int hash) {
    int sum = (hash & 0xFF) + (hash >>> 8 & 0xFF) + (hash >>> 16 & 0xFF) + (hash >>> 24);
    return (sum - 510) * (1 / 147.8f);
  }

  /**
   * Does to the pixels what a JPEG encoder of this quality does: quantises the cosine transform of
   * blocks of eight pixels in luma and chroma (no subsampling, one step size a diagonal).
   */
  static void compress(float[] rgb, int size, int quality) {
    if (quality >= 100) {
      return;
    }
    float factor = (quality < 50 ? 50f / quality : 2 - quality / 50f);
    float[] block = new float[3 * BLOCK * BLOCK];
    float[] half = new float[BLOCK * BLOCK];
    for (int top = 0; top < size; top += BLOCK) {
      for (int left = 0; left < size; left += BLOCK) {
        for (int y = 0; y < BLOCK; y++) {
          for (int x = 0; x < BLOCK; x++) {
            int at = 3 * (Math.min(size - 1, top + y) * size + Math.min(size - 1, left + x));
            int to = y * BLOCK + x;
            float r = rgb[at];
            float g = rgb[at + 1];
            float b = rgb[at + 2];
            block[to] = 0.299f * r + 0.587f * g + 0.114f * b - 128;
            block[64 + to] = -0.168736f * r - 0.331264f * g + 0.5f * b;
            block[128 + to] = 0.5f * r - 0.418688f * g - 0.081312f * b;
          }
        }
        for (int channel = 0; channel < 3; channel++) {
          quantise(block, 64 * channel, half, factor, channel > 0);
        }
        for (int y = 0; y < BLOCK && top + y < size; y++) {
          for (int x = 0; x < BLOCK && left + x < size; x++) {
            int at = 3 * ((top + y) * size + left + x);
            int from = y * BLOCK + x;
            float luma = block[from] + 128;
            float cb = block[64 + from];
            float cr = block[128 + from];
            rgb[at] = luma + 1.402f * cr;
            rgb[at + 1] = luma - 0.344136f * cb - 0.714136f * cr;
            rgb[at + 2] = luma + 1.772f * cb;
          }
        }
      }
    }
  }

  private static void quantise(
      float[] block, int start, float[] half, float factor, boolean chroma) {
    for (int y = 0; y < BLOCK; y++) {
      for (int k = 0; k < BLOCK; k++) {
        float sum = 0;
        for (int n = 0; n < BLOCK; n++) {
          sum += COSINE[k * BLOCK + n] * block[start + y * BLOCK + n];
        }
        half[y * BLOCK + k] = sum;
      }
    }
    for (int x = 0; x < BLOCK; x++) {
      for (int k = 0; k < BLOCK; k++) {
        float sum = 0;
        for (int n = 0; n < BLOCK; n++) {
          sum += COSINE[k * BLOCK + n] * half[n * BLOCK + x];
        }
        // Close to the tables of ITU-T T.81, annex K: about 16 to 100 in luma, 17 to 99 in chroma.
        int diagonal = x + k;
        float step =
            factor * (chroma ? Math.min(99, 17 + 14 * diagonal) : Math.min(100, 11 + 7 * diagonal));
        float level = sum / step;
        block[start + k * BLOCK + x] = ValueNoise.floor(level + 0.5f) * step;
      }
    }
    for (int x = 0; x < BLOCK; x++) {
      for (int n = 0; n < BLOCK; n++) {
        float sum = 0;
        for (int k = 0; k < BLOCK; k++) {
          sum += COSINE[k * BLOCK + n] * block[start + k * BLOCK + x];
        }
        half[n * BLOCK + x] = sum;
      }
    }
    for (int y = 0; y < BLOCK; y++) {
      for (int n = 0; n < BLOCK; n++) {
        float sum = 0;
        for (int k = 0; k < BLOCK; k++) {
          sum += COSINE[k * BLOCK + n] * half[y * BLOCK + k];
        }
        block[start + y * BLOCK + n] = sum;
      }
    }
  }
}
