package org.mien.trainer.evaluation;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mien.data.protocol.PairList;
import org.mien.eval.fairness.ComparedImages;
import org.mien.eval.score.ScoredPair;
import org.mien.eval.verification.VerificationResult;

/**
 * One verification protocol as it came out.
 *
 * @param protocol its name in {@code metrics.json}
 * @param title its name for people
 * @param description how pairs, images and threshold come about, in sentences
 * @param pairs the pairs that were scored
 * @param scored their scores, in the same order
 * @param result the figures
 * @param leftOut pairs of the protocol that were not scored since they show people trained on
 */
public record VerificationOutcome(
    String protocol,
    String title,
    String description,
    PairList pairs,
    List<ScoredPair> scored,
    VerificationResult result,
    Optional<LeftOut> leftOut) {
  public VerificationOutcome {
    scored = List.copyOf(scored);
    if (scored.size() != pairs.pairs().size()) {
      throw new IllegalArgumentException(
          scored.size() + " scores of " + pairs.pairs().size() + " pairs");
    }
  }

  /** Returns the pairs with the names of their images and their scores. */
  public List<ComparedImages> compared() {
    return IntStream.range(0, scored.size())
        .mapToObj(
            i ->
                new ComparedImages(
                    pairs.pairs().get(i).keyA(), pairs.pairs().get(i).keyB(), scored.get(i)))
        .toList();
  }

  /**
   * Pairs that were not scored.
   *
   * @param pairs how many
   * @param total how many the protocol holds, these included
   * @param identities how many people of the protocol were trained on
   */
  public record LeftOut(int pairs, int total, int identities) {}
}
