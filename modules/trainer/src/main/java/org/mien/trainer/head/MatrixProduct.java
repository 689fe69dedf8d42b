package org.mien.trainer.head;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas_nolapack;

/** Products of row-major matrices on the OpenBLAS that ND4J brings. */
final class MatrixProduct {
  private MatrixProduct() {}

  /**
   * While open, a product runs on the thread that asks for it. OpenBLAS has one setting for the
   * whole process; it is put back afterwards, for ND4J uses the same library.
   */
  static final class OneThreadEach implements AutoCloseable {
    private static int open;
    private static int before;
    private boolean closed;

    private OneThreadEach() {}

    static synchronized OneThreadEach begin() {
      if (open++ == 0) {
        before = openblas_nolapack.blas_get_num_threads();
        openblas_nolapack.blas_set_num_threads(1);
      }
      return new OneThreadEach();
    }

    @Override
    public void close() {
      synchronized (OneThreadEach.class) {
        if (!closed && --open == 0) {
          openblas_nolapack.blas_set_num_threads(before);
        }
        closed = true;
      }
    }
  }

  /**
   * {@code c = a b' + beta c}: a {@code (m, k)}, b {@code (n, k)}, c {@code (m, n)}.
   *
   * @param lda distance of two rows of a, in floats; the same for the others
   */
  static void timesTransposed(
      int m,
      int n,
      int k,
      FloatPointer a,
      int lda,
      FloatPointer b,
      int ldb,
      float beta,
      FloatPointer c,
      int ldc) {
    openblas_nolapack.cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, m, n, k, 1, a, lda, b, ldb, beta, c, ldc);
  }

  /** {@code c = a b}: a {@code (m, k)}, b {@code (k, n)}, c {@code (m, n)}. */
  static void times(
      int m,
      int n,
      int k,
      FloatPointer a,
      int lda,
      FloatPointer b,
      int ldb,
      FloatPointer c,
      int ldc) {
    openblas_nolapack.cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1, a, lda, b, ldb, 0, c, ldc);
  }

  /** {@code c = a' b}: a {@code (k, m)}, b {@code (k, n)}, c {@code (m, n)}. */
  static void transposedTimes(
      int m,
      int n,
      int k,
      FloatPointer a,
      int lda,
      FloatPointer b,
      int ldb,
      FloatPointer c,
      int ldc) {
    openblas_nolapack.cblas_sgemm(
        CblasRowMajor, CblasTrans, CblasNoTrans, m, n, k, 1, a, lda, b, ldb, 0, c, ldc);
  }
}
