package org.mien.eval.calibration;

import java.util.Arrays;

/**
 * The share of genuine pairs as the best function of the score that never falls: pool adjacent
 * violators (Ayer et al., "An empirical distribution function for sampling with incomplete
 * information", Annals of Mathematical Statistics 26, 1955). Equal scores are one point from the
 * outset.
 */
final class MonotoneFit {
  private MonotoneFit() {}

  /**
   * A run of points with one value.
   *
   * @param first index of its first point
   * @param last index of its last point
   * @param genuine weight of genuine pairs
   * @param impostors weight of impostor pairs
   */
  record Block(int first, int last, double genuine, double impostors) {
    private boolean isAbove(Block next) {
      // genuine / (genuine + impostors), compared without division. Equal ones merge, too.
      return genuine * (next.genuine + next.impostors) >= next.genuine * (genuine + impostors);
    }

    private Block with(Block next) {
      return new Block(first, next.last, genuine + next.genuine, impostors + next.impostors);
    }
  }

  /**
   * Returns the blocks in the order of the scores, their shares rising strictly.
   *
   * @param genuine weight of genuine pairs at each distinct score, ascending
   * @param impostors weight of impostor pairs at each
   */
  static Block[] of(double[] genuine, double[] impostors) {
    Block[] stack = new Block[genuine.length];
    int size = 0;
    for (int i = 0; i < genuine.length; i++) {
      if (genuine[i] + impostors[i] > 0) {
        Block block = new Block(i, i, genuine[i], impostors[i]);
        while (size > 0 && stack[size - 1].isAbove(block)) {
          block = stack[--size].with(block);
        }
        stack[size++] = block;
      }
    }
    return Arrays.copyOf(stack, size);
  }
}
