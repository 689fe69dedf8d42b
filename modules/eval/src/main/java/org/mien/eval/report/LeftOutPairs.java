package org.mien.eval.report;

/**
 * Pairs of a protocol that were not scored.
 *
 * @param pairs how many
 * @param total how many the protocol holds, these included
 * @param identities how many people caused it
 * @param reason why, as a sentence
 */
public record LeftOutPairs(long pairs, long total, long identities, String reason) {
  public LeftOutPairs {
    if (pairs < 0 || pairs > total) {
      throw new IllegalArgumentException(
          "expected 0 <= pairs <= total, were " + pairs + " and " + total);
    }
    ReportParts.count("identities", identities);
  }
}
