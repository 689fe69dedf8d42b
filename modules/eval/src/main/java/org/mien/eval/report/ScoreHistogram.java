package org.mien.eval.report;

import java.util.List;

/**
 * Scores counted in bins of equal width.
 *
 * @param low score at the left edge of the first bin
 * @param high score at the right edge of the last bin
 * @param genuine count a bin, pairs of one person
 * @param impostor count a bin, pairs of two people; as many bins
 */
public record ScoreHistogram(double low, double high, List<Long> genuine, List<Long> impostor) {
  public ScoreHistogram {
    genuine = List.copyOf(genuine);
    impostor = List.copyOf(impostor);
    if (genuine.isEmpty() || genuine.size() != impostor.size()) {
      throw new IllegalArgumentException(
          "expected as many genuine as impostor bins, at least one; were "
              + genuine.size()
              + " and "
              + impostor.size());
    }
    if (!(low < high) || Double.isInfinite(low) || Double.isInfinite(high)) {
      throw new IllegalArgumentException(
          "expected finite low < high, were " + low + " and " + high);
    }
  }
}
