package org.mien.eval.identification;

/** The cosine of two rows of unit length, summed in double and rounded once. */
final class Cosine {
  private Cosine() {}

  static float of(float[] a, int atA, float[] b, int atB, int dimension) {
    double sum = 0;
    for (int i = 0; i < dimension; i++) {
      sum += (double) a[atA + i] * b[atB + i];
    }
    return (float) sum;
  }
}
