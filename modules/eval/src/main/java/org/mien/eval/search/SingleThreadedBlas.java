package org.mien.eval.search;

import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * Lets each call of OpenBLAS run on the thread that makes it: the threads of the search are Mien's
 * own, and OpenBLAS's would fight them for the cores. The number of its threads belongs to the
 * whole process, so the first search sets it and the last to end restores it.
 */
final class SingleThreadedBlas {
  private static int running;
  private static int threadsBefore;

  private SingleThreadedBlas() {}

  static void run(Runnable work) {
    synchronized (SingleThreadedBlas.class) {
      if (running++ == 0) {
        threadsBefore = openblas_nolapack.blas_get_num_threads();
        openblas_nolapack.blas_set_num_threads(1);
      }
    }
    try {
      work.run();
    } finally {
      synchronized (SingleThreadedBlas.class) {
        if (--running == 0) {
          openblas_nolapack.blas_set_num_threads(threadsBefore);
        }
      }
    }
  }
}
