package org.mien.data.sampling;

import java.util.Arrays;

/** The rows of each identity that has any, in two arrays: a data set may have 10 million rows. */
final class RowsByIdentity {
  /** Of identity i (counted among those that have rows): from start[i] to before start[i + 1]. */
  private final int[] start;

  private final int[] rows;
  private final int[] label;

  RowsByIdentity(int[] labels) {
    int highest = Arrays.stream(labels).max().orElse(-1);
    int[] counts = new int[highest + 1];
    for (int value : labels) {
      if (value < 0) {
        throw new IllegalArgumentException("expected labels of 0 or more, was " + value);
      }
      counts[value]++;
    }
    int present = (int) Arrays.stream(counts).filter(count -> count > 0).count();
    start = new int[present + 1];
    label = new int[present];
    int[] next = new int[highest + 1];
    int identity = 0;
    for (int value = 0; value <= highest; value++) {
      if (counts[value] > 0) {
        label[identity] = value;
        next[value] = start[identity];
        start[identity + 1] = start[identity] + counts[value];
        identity++;
      }
    }
    rows = new int[labels.length];
    for (int row = 0; row < labels.length; row++) {
      rows[next[labels[row]]++] = row;
    }
  }

  /** Number of identities that have rows. */
  int identities() {
    return label.length;
  }

  int label(int identity) {
    return label[identity];
  }

  int count(int identity) {
    return start[identity + 1] - start[identity];
  }

  /** Returns an identity's rows in ascending order, in a new array. */
  int[] rows(int identity) {
    return Arrays.copyOfRange(rows, start[identity], start[identity + 1]);
  }

  int largestCount() {
    int largest = 0;
    for (int i = 0; i < identities(); i++) {
      largest = Math.max(largest, count(i));
    }
    return largest;
  }
}
