package org.mien.eval.search;

/** Hoare's selection, with the pivot in the middle of three. */
final class Selection {
  private Selection() {}

  /** Moves the {@code count} highest of the first {@code size} numbers to the front. */
  static void highestFirst(int[] values, int size, int count) {
    int low = 0;
    int high = size - 1;
    while (low < high) {
      int pivot = median(values[low], values[(low + high) >>> 1], values[high]);
      int i = low;
      int j = high;
      while (i <= j) {
        while (values[i] > pivot) {
          i++;
        }
        while (values[j] < pivot) {
          j--;
        }
        if (i <= j) {
          int swap = values[i];
          values[i++] = values[j];
          values[j--] = swap;
        }
      }
      if (count - 1 <= j) {
        high = j;
      } else if (count - 1 >= i) {
        low = i;
      } else {
        return;
      }
    }
  }

  private static int median(int a, int b, int c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }
}
