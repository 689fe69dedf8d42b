package org.mien.trainer.evaluation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mien.data.protocol.PairList;
import org.mien.eval.fairness.ComparedImages;
import org.mien.eval.fairness.FairnessResult;
import org.mien.eval.metrics.Metric;
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
 * @param groups the error rates of groups of images, an attribute each
 */
public record VerificationOutcome(
    String protocol,
    String title,
    String description,
    PairList pairs,
    List<ScoredPair> scored,
    VerificationResult result,
    Optional<LeftOut> leftOut,
    List<FairnessResult> groups)
    implements ProtocolOutcome {
  public VerificationOutcome {
    scored = List.copyOf(scored);
    groups = List.copyOf(groups);
    if (scored.size() != pairs.pairs().size()) {
      throw new IllegalArgumentException(
          scored.size() + " scores of " + pairs.pairs().size() + " pairs");
    }
  }

  /** An outcome that is not split into groups. */
  public VerificationOutcome(
      String protocol,
      String title,
      String description,
      PairList pairs,
      List<ScoredPair> scored,
      VerificationResult result,
      Optional<LeftOut> leftOut) {
    this(protocol, title, description, pairs, scored, result, leftOut, List.of());
  }

  VerificationOutcome with(List<FairnessResult> split) {
    return new VerificationOutcome(
        protocol, title, description, pairs, scored, result, leftOut, split);
  }

  /** Returns the figures: {@code NAME}, and {@code NAME.ATTRIBUTE} for groups. */
  @Override
  public Map<String, Map<String, Metric>> metrics() {
    Map<String, Map<String, Metric>> figures = new LinkedHashMap<>();
    figures.put(protocol, result.metrics());
    groups.forEach(split -> figures.put(protocol + "." + split.attribute(), split.metrics()));
    return figures;
  }

  @Override
  public Optional<String> leftOutInWords() {
    return leftOut.map(
        left ->
            String.format(
                Locale.ROOT,
                "left out: %d of %d pairs, of %d people the model was trained on",
                left.pairs(),
                left.total(),
                left.identities()));
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
