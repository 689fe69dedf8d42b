package org.mien.eval.regression;

import java.util.List;
import org.mien.eval.uncertainty.IdentityResampling;

/**
 * What an evaluation of ages is to report.
 *
 * @param scoreYears k of each cumulative score, in years, at least 0, without repetition
 * @param bandEdges ascending, in years: of n edges the n + 1 bands are {@code <e_1, [e_1, e_2) ...
 *     >=e_n} of the true age; none for no bands
 * @param replicates of the bootstrap, at least 2
 */
public record AgeOptions(List<Integer> scoreYears, List<Integer> bandEdges, int replicates) {
  public AgeOptions {
    scoreYears = List.copyOf(scoreYears);
    bandEdges = List.copyOf(bandEdges);
    if (scoreYears.stream().anyMatch(k -> k < 0)
        || scoreYears.stream().distinct().count() != scoreYears.size()) {
      throw new IllegalArgumentException(
          "expected years of at least 0, each once, were " + scoreYears);
    }
    for (int i = 1; i < bandEdges.size(); i++) {
      if (bandEdges.get(i - 1) >= bandEdges.get(i)) {
        throw new IllegalArgumentException("expected ascending edges, were " + bandEdges);
      }
    }
    if (replicates < 2) {
      throw new IllegalArgumentException("expected at least 2 replicates, were " + replicates);
    }
  }

  /** Scores at 1, 3, 5 and 10 years; bands from 18, 30, 45 and 60 on; 1000 replicates. */
  public static AgeOptions defaults() {
    return new AgeOptions(
        List.of(1, 3, 5, 10), List.of(18, 30, 45, 60), IdentityResampling.DEFAULT_REPLICATES);
  }
}
