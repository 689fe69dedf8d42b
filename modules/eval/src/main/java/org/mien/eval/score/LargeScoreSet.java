package org.mien.eval.score;

import java.util.Optional;
import java.util.function.IntPredicate;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.PoissonDistribution;
import org.mien.core.error.DataException;
import org.mien.eval.metrics.Metric;

/**
 * Genuine and impostor similarities of protocols that are too large for {@link ScoreSet}: 4 bytes a
 * score, sorted in place. The 15.7 million scores of IJB-C take 63 MB. A program that has more than
 * fit into memory keeps them on disk with {@link ScoreSpool}; a set of such scores is for one
 * thread at a time, every other one for several.
 *
 * <p>Of the impostors only the highest may be known, as of the 3.5 billion of MegaFace: figures
 * that depend on the others are refused.
 *
 * <p>A pair is accepted where {@code similarity >= threshold}.
 */
public final class LargeScoreSet {
  private static final double TAIL = 0.025;

  /** From so many expected on, the normal law stands for the binomial one. */
  private static final double NORMAL_FROM = 1000;

  private final AscendingScores genuine;
  private final AscendingScores impostors;
  private final long impostorTotal;

  private LargeScoreSet(AscendingScores genuine, AscendingScores impostors, long impostorTotal) {
    if (genuine.size() == 0 || impostors.size() == 0) {
      throw new DataException(
          "expected genuine and impostor pairs, found "
              + genuine.size()
              + " genuine and "
              + impostors.size()
              + " impostor pairs");
    }
    this.genuine = genuine;
    this.impostors = impostors;
    this.impostorTotal = impostorTotal;
  }

  /** All scores, sorted elsewhere. */
  static LargeScoreSet of(AscendingScores genuine, AscendingScores impostors) {
    return new LargeScoreSet(genuine, impostors, impostors.size());
  }

  /**
   * All scores; the arrays belong to the set from now on, and are sorted.
   *
   * @throws DataException if one is not finite, naming its index, or a kind is empty
   */
  public static LargeScoreSet of(float[] genuine, float[] impostors) {
    return of(ArrayScores.sorting(genuine, "genuine"), ArrayScores.sorting(impostors, "impostor"));
  }

  /** As {@link #of}, of pairs in the order of a protocol. */
  public static LargeScoreSet ofPairs(float[] similarities, IntPredicate isGenuine) {
    int genuineCount = 0;
    for (int pair = 0; pair < similarities.length; pair++) {
      if (isGenuine.test(pair)) {
        genuineCount++;
      }
    }
    float[] genuine = new float[genuineCount];
    float[] impostors = new float[similarities.length - genuineCount];
    int g = 0;
    int i = 0;
    for (int pair = 0; pair < similarities.length; pair++) {
      if (!Float.isFinite(similarities[pair])) {
        throw new DataException(
            "pair " + pair + ": expected a finite similarity, was " + similarities[pair]);
      }
      if (isGenuine.test(pair)) {
        genuine[g++] = similarities[pair];
      } else {
        impostors[i++] = similarities[pair];
      }
    }
    return of(genuine, impostors);
  }

  /**
   * All genuine and the highest impostor scores.
   *
   * @param highestImpostors none of the others is higher than any of these
   * @param impostorTotal how many impostors there are, known and others
   */
  public static LargeScoreSet ofTail(
      float[] genuine, float[] highestImpostors, long impostorTotal) {
    if (impostorTotal < highestImpostors.length) {
      throw new IllegalArgumentException(
          highestImpostors.length + " impostor scores of only " + impostorTotal);
    }
    return new LargeScoreSet(
        ArrayScores.sorting(genuine, "genuine"),
        ArrayScores.sorting(highestImpostors, "impostor"),
        impostorTotal);
  }

  public long genuineCount() {
    return genuine.size();
  }

  /** Returns how many impostor pairs there are, known and others. */
  public long impostorCount() {
    return impostorTotal;
  }

  /** Returns whether the score of every impostor is known. */
  public boolean isComplete() {
    return impostorTotal == impostors.size();
  }

  /** Returns how many genuine pairs reach a threshold. */
  public long genuineAccepted(Similarity threshold) {
    return genuine.size() - genuine.below(threshold.value());
  }

  /**
   * Returns how many impostor pairs reach a threshold.
   *
   * @throws IllegalArgumentException if the threshold is so low that others may reach it, too
   */
  public long impostorsAccepted(Similarity threshold) {
    long refused = impostors.below(threshold.value());
    if (refused == 0 && !isComplete() && threshold.value() <= impostors.get(0)) {
      throw new IllegalArgumentException(
          "only the "
              + impostors.size()
              + " highest impostor scores are known; "
              + threshold.value()
              + " is not above the lowest of them");
    }
    return impostors.size() - refused;
  }

  /**
   * Returns how many impostor pairs are at least as similar as a number.
   *
   * @throws IllegalArgumentException as {@link #impostorsAccepted}
   */
  public long impostorsAtLeast(double similarity) {
    return impostorsAccepted(new Similarity(similarity));
  }

  /**
   * Returns the highest false accept rate at which the set can tell a TAR: 1, or less where not all
   * impostors are known.
   */
  public double highestKnownFar() {
    return isComplete() ? 1 : (impostors.size() - 1) / (double) impostorTotal;
  }

  /**
   * Finds the operating point for a false accept rate.
   *
   * @throws IllegalArgumentException if it lies beyond the impostors that are known
   */
  public AcceptedAtFar at(FarTarget target, FarRule rule) {
    long allowed = target.allowedFalseAccepts(impostorTotal);
    if (allowed >= impostors.size()) {
      throw new IllegalArgumentException(
          "FAR "
              + target.label()
              + " needs the "
              + (allowed + 1)
              + " highest impostor scores; "
              + impostors.size()
              + " are known");
    }
    long highestRefused = impostors.size() - 1 - allowed;
    Similarity strict = above(highestRefused);
    if (rule == FarRule.AT_MOST) {
      return point(target, rule, strict);
    }
    // The next looser point accepts the whole tie that the strict one refuses.
    Similarity loose = new Similarity(impostors.get(highestRefused));
    long firstAccepted = impostors.below(loose.value());
    if (firstAccepted == 0 && !isComplete()) {
      throw new IllegalArgumentException(
          "the operating point next to FAR " + target.label() + " is not known");
    }
    // In counts, with room for the rounding of a rate that is meant as a decimal number.
    double wanted = target.rate() * impostorTotal * (1 + 1e-12);
    long looseAccepts = impostors.size() - firstAccepted;
    long strictAccepts = impostorsAccepted(strict);
    // Of all thresholds with the same false accepts, the lowest accepts the most genuine pairs.
    return point(
        target,
        rule,
        looseAccepts - wanted <= wanted - strictAccepts
            ? firstAccepted == 0
                ? new Similarity(Double.NEGATIVE_INFINITY)
                : above(firstAccepted - 1)
            : strict);
  }

  /**
   * Returns how many of the highest impostor scores the threshold of a rate and its interval need,
   * of which all are among that many.
   */
  public static long scoresForInterval(FarTarget target, long impostors) {
    return Math.min(impostors, accepts(target, impostors, 1 - TAIL) + 2);
  }

  /** The number of false accepts that is not exceeded with a probability. */
  private static long accepts(FarTarget target, long impostors, double probability) {
    double expected = target.rate() * impostors;
    if (expected > NORMAL_FROM) {
      // The binomial's quantile by its normal approximation, to within an accept or two.
      double deviation = Math.sqrt(expected * (1 - target.rate()));
      double z = new NormalDistribution(null, 0, 1).inverseCumulativeProbability(probability);
      return Math.max(0, (long) Math.ceil(expected + z * deviation));
    }
    return new PoissonDistribution(null, Math.max(expected, 1e-9), 1e-12, 10_000)
        .inverseCumulativeProbability(probability);
  }

  /**
   * Returns the threshold of an operating point with its 95 % interval between order statistics of
   * the impostors: where the true rate is the target, the number of impostors above the true
   * threshold is binomial (by Poisson's law where few are expected, else by the normal one). An end
   * is not known, and there is no interval, where no impostor may lie above it. The interval takes
   * comparisons as independent.
   */
  public Metric thresholdMetric(AcceptedAtFar point) {
    Metric metric = Metric.of(point.threshold().value(), impostorTotal);
    Optional<String> warning = point.warning();
    long fewest = accepts(point.target(), impostorTotal, TAIL);
    long most = accepts(point.target(), impostorTotal, 1 - TAIL);
    String basis;
    if (fewest < 1 || most >= impostors.size()) {
      basis = "no interval: the rate may be above that of the highest impostor, or of all";
    } else {
      double high =
          Math.max(
              point.threshold().value(), Math.nextUp(impostors.get(impostors.size() - fewest)));
      double low = Math.min(point.threshold().value(), impostors.get(impostors.size() - 1 - most));
      metric = metric.withInterval(low, high);
      basis = "the interval takes comparisons as independent";
    }
    return metric.withNote(warning.map(first -> first + "; " + basis).orElse(basis));
  }

  /** The smallest float that is above an impostor. */
  private Similarity above(long impostor) {
    return new Similarity(Math.nextUp(impostors.get(impostor)));
  }

  private AcceptedAtFar point(FarTarget target, FarRule rule, Similarity threshold) {
    long falseAccepts =
        threshold.value() == Double.NEGATIVE_INFINITY
            ? impostorTotal
            : impostorsAccepted(threshold);
    return new AcceptedAtFar(
        target,
        rule,
        threshold,
        falseAccepts,
        impostorTotal,
        genuineAccepted(threshold),
        genuine.size());
  }

  /** Takes the operating points one after the other, from the strictest to the loosest. */
  interface PointVisitor {
    void visit(float threshold, long genuineAccepted, long impostorsAccepted);
  }

  /**
   * Visits the point at every distinct similarity, descending; where not all impostors are known,
   * only those above the lowest that is known.
   */
  void forEachPoint(PointVisitor visitor) {
    AscendingScores.Cursor g = genuine.descending();
    AscendingScores.Cursor i = impostors.descending();
    float end = isComplete() ? Float.NEGATIVE_INFINITY : impostors.get(0);
    long genuineAccepted = 0;
    long impostorsAccepted = 0;
    while (true) {
      float threshold = Math.max(g.value(), i.value());
      if (threshold <= end) {
        return;
      }
      genuineAccepted += g.take(threshold);
      impostorsAccepted += i.take(threshold);
      visitor.visit(threshold, genuineAccepted, impostorsAccepted);
    }
  }
}
