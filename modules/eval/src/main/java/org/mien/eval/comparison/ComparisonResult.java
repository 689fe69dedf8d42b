package org.mien.eval.comparison;

import java.util.List;

/**
 * Two models on the same pairs.
 *
 * @param first name of the first model
 * @param second name of the second model
 * @param genuinePairs how many
 * @param impostorPairs how many
 * @param identities how many were resampled
 * @param figures accuracy (where the pairs have folds), AUC, EER, and TAR at each FAR
 */
public record ComparisonResult(
    String first,
    String second,
    int genuinePairs,
    int impostorPairs,
    int identities,
    List<ComparedFigure> figures) {
  public ComparisonResult {
    figures = List.copyOf(figures);
  }
}
