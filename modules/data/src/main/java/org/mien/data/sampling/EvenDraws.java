package org.mien.data.sampling;

import java.util.SplittableRandom;
import org.mien.core.random.SeedStreams;

/**
 * Draws groups from a few numbers so that each number is drawn equally often: shuffled rounds of
 * all of them, one after the other. A group holds a number twice only if it is larger than the
 * round.
 */
final class EvenDraws {
  private final int[] round;
  private final SplittableRandom random;

  /** {@code round[next]} comes next; what is before it was drawn in this round. */
  private int next;

  /**
   * @param numbers at least one; used and shuffled in place
   */
  EvenDraws(int[] numbers, SplittableRandom random) {
    this.round = numbers;
    this.random = random;
    this.next = numbers.length;
  }

  /** Draws a group into {@code target} from an offset on. */
  void draw(int[] target, int offset, int count) {
    int done = 0;
    while (done < count) {
      if (next == round.length) {
        startRound(target, offset + done - done % round.length, done % round.length);
      }
      int some = Math.min(count - done, round.length - next);
      // Not beyond a whole round in a group, so that the next one knows what it may not repeat.
      some = Math.min(some, round.length - done % round.length);
      System.arraycopy(round, next, target, offset + done, some);
      next += some;
      done += some;
    }
  }

  /** Shuffles, and puts what the group holds already where it comes last. */
  private void startRound(int[] target, int from, int held) {
    SeedStreams.shuffle(round, random);
    next = 0;
    if (held == 0) {
      return;
    }
    int[] free = new int[round.length];
    int frees = 0;
    int back = round.length;
    for (int number : round) {
      if (contains(target, from, held, number)) {
        free[--back] = number;
      } else {
        free[frees++] = number;
      }
    }
    System.arraycopy(free, 0, round, 0, round.length);
  }

  private static boolean contains(int[] values, int from, int count, int wanted) {
    for (int i = from; i < from + count; i++) {
      if (values[i] == wanted) {
        return true;
      }
    }
    return false;
  }
}
