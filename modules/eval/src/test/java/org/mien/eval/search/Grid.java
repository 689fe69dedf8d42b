package org.mien.eval.search;

import java.util.SplittableRandom;

/**
 * Embeddings whose cosines are exact in any order of summation, with many ties: four of the numbers
 * are 0.5 or -0.5, so that the length is 1 and every cosine a multiple of a quarter.
 */
public final class Grid {
  private Grid() {}

  public static float[] rows(int rows, int dimension, SplittableRandom random) {
    float[] values = new float[rows * dimension];
    for (int row = 0; row < rows; row++) {
      int set = 0;
      while (set < 4) {
        int at = row * dimension + random.nextInt(dimension);
        if (values[at] == 0) {
          values[at] = random.nextBoolean() ? 0.5f : -0.5f;
          set++;
        }
      }
    }
    return values;
  }

  public static float cosine(float[] a, int rowA, float[] b, int rowB, int dimension) {
    double sum = 0;
    for (int i = 0; i < dimension; i++) {
      sum += a[rowA * dimension + i] * b[rowB * dimension + i];
    }
    return (float) sum;
  }
}
