package org.mien.trainer.evaluation;

import java.util.Optional;
import org.mien.data.protocol.PairList;
import org.mien.eval.verification.VerificationResult;

/**
 * One verification protocol as it came out.
 *
 * @param protocol its name in {@code metrics.json}
 * @param title its name for people
 * @param description how pairs, images and threshold come about, in sentences
 * @param pairs the pairs that were scored
 * @param result the figures
 * @param leftOut pairs of the protocol that were not scored since they show people trained on
 */
public record VerificationOutcome(
    String protocol,
    String title,
    String description,
    PairList pairs,
    VerificationResult result,
    Optional<LeftOut> leftOut) {

  /**
   * Pairs that were not scored.
   *
   * @param pairs how many
   * @param total how many the protocol holds, these included
   * @param identities how many people of the protocol were trained on
   */
  public record LeftOut(int pairs, int total, int identities) {}
}
