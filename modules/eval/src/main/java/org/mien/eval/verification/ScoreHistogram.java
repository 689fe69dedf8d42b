package org.mien.eval.verification;

import java.util.List;
import java.util.stream.IntStream;
import org.mien.eval.score.ScoreSet;

/**
 * Genuine and impostor similarities counted in bins of equal width.
 *
 * <p>The bins divide [lowest, highest]; each holds its lower edge but not its upper, only the last
 * holds both. Where all similarities are equal, the bins divide the unit interval around them.
 *
 * @param lowest lower edge of the first bin
 * @param highest upper edge of the last bin
 * @param genuine genuine pairs in each bin
 * @param impostors impostor pairs in each bin; as many bins
 */
public record ScoreHistogram(
    double lowest, double highest, List<Long> genuine, List<Long> impostors) {
  public ScoreHistogram {
    genuine = List.copyOf(genuine);
    impostors = List.copyOf(impostors);
  }

  /** Counts the scores in {@code bins} bins, at least 1. */
  public static ScoreHistogram of(ScoreSet scores, int bins) {
    if (bins < 1) {
      throw new IllegalArgumentException("expected at least 1 bin, were " + bins);
    }
    double[] genuine = scores.genuineAscending();
    double[] impostors = scores.impostorsAscending();
    double lowest = Math.min(genuine[0], impostors[0]);
    double highest = Math.max(genuine[genuine.length - 1], impostors[impostors.length - 1]);
    if (lowest == highest) {
      lowest -= 0.5;
      highest += 0.5;
    }
    return new ScoreHistogram(
        lowest,
        highest,
        count(genuine, lowest, highest, bins),
        count(impostors, lowest, highest, bins));
  }

  /** Returns the lower edge of a bin; for {@code bin = bins} the upper edge of the last. */
  public double edge(int bin) {
    return edge(lowest, highest, bin, genuine.size());
  }

  private static double edge(double lowest, double highest, int bin, int bins) {
    double share = bin / (double) bins;
    return lowest * (1 - share) + highest * share;
  }

  private static List<Long> count(double[] ascending, double lowest, double highest, int bins) {
    long[] counts = new long[bins];
    int bin = 0;
    for (double value : ascending) {
      while (bin < bins - 1 && value >= edge(lowest, highest, bin + 1, bins)) {
        bin++;
      }
      counts[bin]++;
    }
    return IntStream.range(0, bins).mapToObj(b -> counts[b]).toList();
  }
}
