package org.mien.eval.report;

/**
 * One fold of a protocol.
 *
 * @param fold its number, from 1
 * @param pairs how many pairs were decided
 * @param accuracy share decided right, in [0, 1]
 * @param threshold the score used, chosen on the other folds
 */
public record FoldScores(int fold, long pairs, double accuracy, double threshold) {
  public FoldScores {
    ReportParts.count("pairs", pairs);
    ReportParts.fraction("accuracy", accuracy);
  }
}
