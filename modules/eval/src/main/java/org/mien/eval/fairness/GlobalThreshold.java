package org.mien.eval.fairness;

import java.util.Locale;
import java.util.Optional;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.Similarity;
import org.mien.eval.verification.TarAtFar;

/**
 * The one threshold at which all groups are compared.
 *
 * @param threshold the similarity from which on a pair is accepted
 * @param target the FMR it was set for on the pairs themselves; empty where it was given
 * @param statement where it is from, in words
 */
public record GlobalThreshold(Similarity threshold, Optional<FarTarget> target, String statement) {

  /**
   * Sets the threshold on all impostor pairs, of whatever group and between groups, by the rule of
   * {@link TarAtFar}.
   */
  public static GlobalThreshold atFmr(ScoreSet scores, FarTarget target) {
    TarAtFar point = TarAtFar.at(scores, target);
    String statement =
        String.format(
            Locale.ROOT,
            "threshold %.6g, set for an FMR of %s on all %d impostor pairs of these data",
            point.threshold().value(),
            target.label(),
            point.impostors());
    return new GlobalThreshold(
        point.threshold(),
        Optional.of(target),
        point.warning().map(warning -> statement + "; " + warning).orElse(statement));
  }

  /** A threshold from elsewhere, such as the one stored in a model. */
  public static GlobalThreshold given(Similarity threshold) {
    if (Double.isInfinite(threshold.value())) {
      throw new IllegalArgumentException("expected a finite threshold, was " + threshold.value());
    }
    return new GlobalThreshold(
        threshold,
        Optional.empty(),
        String.format(
            Locale.ROOT, "threshold %.6g, given, not set on these data", threshold.value()));
  }
}
