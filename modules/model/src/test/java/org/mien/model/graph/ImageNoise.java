package org.mien.model.graph;

import java.util.SplittableRandom;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Images for tests that only need numbers: uniform in [-1, 1), the same on every call. */
public final class ImageNoise {
  private ImageNoise() {}

  public static float[] pixels(int count, int height, int width) {
    SplittableRandom random = new SplittableRandom(42);
    float[] pixels = new float[count * 3 * height * width];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextDouble(-1, 1);
    }
    return pixels;
  }

  public static INDArray images(int count, int height, int width) {
    return Nd4j.create(pixels(count, height, width), new long[] {count, 3, height, width}, 'c');
  }
}
