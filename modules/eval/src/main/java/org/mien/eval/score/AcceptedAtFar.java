package org.mien.eval.score;

import java.util.Optional;

/**
 * The true accept rate at a false accept rate, of any number of pairs.
 *
 * @param target the false accept rate asked for
 * @param rule how the threshold was chosen
 * @param threshold a pair is accepted where its similarity is at least this
 * @param falseAccepts impostor pairs accepted
 * @param impostors all impostor pairs
 * @param trueAccepts genuine pairs accepted
 * @param genuine all genuine pairs
 */
public record AcceptedAtFar(
    FarTarget target,
    FarRule rule,
    Similarity threshold,
    long falseAccepts,
    long impostors,
    long trueAccepts,
    long genuine) {
  public AcceptedAtFar {
    if (falseAccepts < 0
        || falseAccepts > impostors
        || trueAccepts < 0
        || trueAccepts > genuine
        || genuine < 1
        || impostors < 1) {
      throw new IllegalArgumentException(
          String.format(
              "expected accepted pairs among all, were %d of %d and %d of %d",
              falseAccepts, impostors, trueAccepts, genuine));
    }
  }

  /** Returns the share of genuine pairs accepted. */
  public double tar() {
    return trueAccepts / (double) genuine;
  }

  /** Returns the false accept rate that the threshold really has. */
  public double far() {
    return falseAccepts / (double) impostors;
  }

  /** Returns what a reader must know: too few impostors, or ties in the way. */
  public Optional<String> warning() {
    Optional<String> few = target.warning(impostors);
    long allowed = target.allowedFalseAccepts(impostors);
    if (few.isPresent() || falseAccepts == allowed) {
      return few;
    }
    return Optional.of(
        rule == FarRule.NEAREST
            ? "the nearest operating point has " + falseAccepts + " false accepts, not " + allowed
            : "equal impostor scores: only "
                + falseAccepts
                + " of the "
                + allowed
                + " false accepts allowed can be used");
  }
}
