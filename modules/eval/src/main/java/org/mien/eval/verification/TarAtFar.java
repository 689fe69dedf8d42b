package org.mien.eval.verification;

import java.util.Optional;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.Similarity;

/**
 * The true accept rate at the threshold that keeps a false accept rate; nothing is interpolated.
 *
 * <p>Of n impostors, {@code k = floor(target * n)} may be accepted. The threshold is the smallest
 * number above the (k+1)-th highest impostor similarity: the lowest at which no more than k are,
 * and so the one with the highest TAR. Where the (k+1)-th ties with those before it, fewer than k
 * are. The figure is thus the highest TAR of the ROC curve's points with a FAR of at most the
 * target.
 *
 * @param target the false accept rate to be kept
 * @param threshold the lowest at which it is kept
 * @param falseAccepts impostors accepted at the threshold, at most k
 * @param impostors all impostor pairs, n
 * @param trueAccepts genuine pairs accepted at the threshold
 * @param genuine all genuine pairs
 */
public record TarAtFar(
    FarTarget target,
    Similarity threshold,
    int falseAccepts,
    int impostors,
    int trueAccepts,
    int genuine) {

  /** Finds the threshold for a target. */
  public static TarAtFar at(ScoreSet scores, FarTarget target) {
    double[] impostors = scores.impostorsAscending();
    // Below 1, a rate allows fewer than all impostors: there is always one that must be refused.
    int allowed = Math.toIntExact(target.allowedFalseAccepts(impostors.length));
    double highestRefused = impostors[impostors.length - 1 - allowed];
    Similarity threshold = new Similarity(Math.nextUp(highestRefused));
    return new TarAtFar(
        target,
        threshold,
        scores.impostorsAccepted(threshold),
        impostors.length,
        scores.genuineAccepted(threshold),
        scores.genuineCount());
  }

  /** Returns the share of genuine pairs accepted at the threshold. */
  public double tar() {
    return trueAccepts / (double) genuine;
  }

  /** Returns the false accept rate that the threshold really has: at most the target. */
  public double far() {
    return falseAccepts / (double) impostors;
  }

  /** Returns whether the target allows no false accept at all, so that k = 0. */
  public boolean tooFewImpostors() {
    return target.allowedFalseAccepts(impostors) == 0;
  }

  /** Returns what a reader must know about the figure: too few impostors, or ties in its way. */
  public Optional<String> warning() {
    Optional<String> fewImpostors = target.warning(impostors);
    if (fewImpostors.isPresent() || falseAccepts == target.allowedFalseAccepts(impostors)) {
      return fewImpostors;
    }
    return Optional.of(
        "equal impostor scores: only "
            + falseAccepts
            + " of the "
            + target.allowedFalseAccepts(impostors)
            + " false accepts allowed can be used");
  }
}
