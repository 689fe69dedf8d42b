package org.mien.eval.calibration;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.mien.core.error.DataException;
import org.mien.eval.metrics.Metric;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.OperatingPoint;
import org.mien.eval.score.ScoreSet;
import org.mien.eval.score.Similarity;
import org.mien.eval.score.TrialSupport;
import org.mien.eval.uncertainty.ClopperPearson;
import org.mien.eval.uncertainty.IdentityResampling;
import org.mien.eval.uncertainty.Interval;
import org.mien.eval.uncertainty.Replicates;
import org.mien.eval.uncertainty.WeightedScores;
import org.mien.eval.verification.TarAtFar;

/**
 * A threshold for a target FMR, with everything that has to be known of it: ready to be stored with
 * the model.
 *
 * <p>The rule is that of {@link TarAtFar}: of n impostors {@code k = floor(target n)} may be
 * accepted, and the threshold is the smallest number above the (k+1)-th highest impostor score. No
 * distribution is fitted and nothing is extrapolated beyond the scores.
 *
 * <p>The guard: with fewer than {@code 3 / target} impostor trials, not even the absence of every
 * error shows at 95 % that the rate is kept (rule of 3), and the target is refused. With fewer than
 * {@code 30 / target} the rate is bounded, but its estimate may be off by more than 30 % (rule of
 * 30): the statement says so.
 *
 * <p>Intervals are of 95 %. Where the identities of the pairs are known they are bootstrapped over
 * identities: the threshold is set anew in each replicate, FMR and FNMR are those of this
 * threshold. Else, taking pairs as independent and scores as continuous, the threshold has the
 * order-statistic interval: the number B of impostors at or above the true threshold is binomial
 * (n, target), so it lies between the j-th highest and the i-th highest impostor for the largest i
 * with {@code P(B < i) <= 2.5 %} and the smallest j with {@code P(B >= j) <= 2.5 %} (David and
 * Nagaraja, "Order Statistics", 3rd edition, section 7.1); FMR has the quantiles of Beta(k+1, n-k),
 * which is its distribution at that order statistic whatever that of the scores; and FNMR
 * Clopper-Pearson's.
 *
 * @param target the false match rate asked for
 * @param threshold a pair is accepted where its similarity is at least this
 * @param thresholdFigure the threshold with its interval; without one where it has no upper end
 * @param fmr the rate on these data, at most the target, and what it may be on others
 * @param fnmr the expected false non-match rate there
 * @param impostors impostor trials
 * @param genuine genuine trials
 * @param identities how many identities they show, or null where those are not known
 * @param support what the number of impostors can say of the target: never {@link
 *     TrialSupport#NONE} or {@link TrialSupport#BELOW_RULE_OF_3}
 * @param statement all of this in words
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ThresholdCalibration(
    FarTarget target,
    Similarity threshold,
    Metric thresholdFigure,
    Metric fmr,
    Metric fnmr,
    long impostors,
    long genuine,
    Integer identities,
    TrialSupport support,
    String statement) {
  private static final double CONFIDENCE = 0.95;
  private static final double TAIL = (1 - CONFIDENCE) / 2;

  /**
   * Says why a target cannot be supported, and what can; nothing where it can.
   *
   * @param impostors impostor trials
   */
  public static Optional<String> refusal(FarTarget target, long impostors) {
    TrialSupport support = target.support(impostors);
    if (support == TrialSupport.BELOW_RULE_OF_30 || support == TrialSupport.FULL) {
      return Optional.empty();
    }
    String supported =
        impostors > 3
            ? "with "
                + impostors
                + " the lowest FMR that can be bounded is "
                + rate(3, impostors)
                + (impostors > 30
                    ? ", and the lowest that can be estimated is " + rate(30, impostors)
                    : ", and none can be estimated")
            : "with " + impostors + " none can be supported";
    return Optional.of(
        "an FMR of "
            + target.label()
            + " cannot be supported by "
            + impostors
            + " impostor trials: to bound it takes at least "
            + target.impostorsFor(3)
            + " (rule of 3), to estimate it "
            + target.impostorsFor(30)
            + " (rule of 30); "
            + supported);
  }

  /** Rounded up, so that what is promised holds. */
  private static String rate(int errors, long trials) {
    BigDecimal rate =
        BigDecimal.valueOf(errors)
            .divide(BigDecimal.valueOf(trials), new MathContext(2, RoundingMode.CEILING));
    return rate.compareTo(BigDecimal.ONE) < 0 ? new FarTarget(rate.doubleValue()).label() : "1";
  }

  /**
   * Sets the threshold.
   *
   * @param scores of people who are neither in training nor in use
   * @param replicates of the bootstrap, at least 2; not used where identities are not known
   * @throws DataException if the impostors cannot support the target, with what they can
   */
  public static ThresholdCalibration of(
      ScoreSet scores, FarTarget target, int replicates, SplittableRandom random) {
    Optional<String> refusal = refusal(target, scores.impostorCount());
    if (refusal.isPresent()) {
      throw new DataException(refusal.get());
    }
    TarAtFar point = TarAtFar.at(scores, target);
    OperatingPoint rates = scores.at(point.threshold());
    boolean known = scores.hasIdentities();
    Intervals intervals =
        known
            ? bootstrapped(scores, target, point, replicates, random)
            : orderStatistics(scores, target, point);
    Metric threshold =
        metric(
            point.threshold().value(),
            intervals.threshold(),
            point.impostors(),
            "no upper end: too few impostors above it");
    Metric fmr =
        metric(rates.fmr(), intervals.fmr(), point.impostors(), null)
            .withNote(point.warning().orElse(null));
    Metric fnmr = metric(rates.fnmr(), intervals.fnmr(), point.genuine(), null);
    Integer identities =
        known ? Integer.valueOf(IdentityResampling.ofPairs(scores.pairs()).identities()) : null;
    return new ThresholdCalibration(
        target,
        point.threshold(),
        threshold,
        fmr,
        fnmr,
        point.impostors(),
        point.genuine(),
        identities,
        target.support(point.impostors()),
        statement(target, point, threshold, fmr, fnmr, known));
  }

  /** Each empty where it is not defined. */
  private record Intervals(
      Optional<Interval> threshold, Optional<Interval> fmr, Optional<Interval> fnmr) {}

  private static Intervals bootstrapped(
      ScoreSet scores, FarTarget target, TarAtFar point, int replicates, SplittableRandom random) {
    WeightedScores sorted = WeightedScores.of(scores);
    int pairs = scores.pairs().size();
    boolean[] genuine = new boolean[pairs];
    boolean[] accepted = new boolean[pairs];
    for (int row = 0; row < pairs; row++) {
      genuine[row] = scores.pairs().get(row).genuine();
      accepted[row] = scores.pairs().get(row).similarity().reaches(point.threshold());
    }
    List<FarTarget> targets = List.of(target);
    Replicates drawn =
        IdentityResampling.ofPairs(scores.pairs())
            .run(
                replicates,
                random,
                weights -> {
                  WeightedScores.Figures figures = sorted.figures(weights, targets);
                  if (figures == null) {
                    return null;
                  }
                  long falseMatches = 0;
                  long impostors = 0;
                  long missed = 0;
                  long genuinePairs = 0;
                  for (int row = 0; row < pairs; row++) {
                    if (genuine[row]) {
                      genuinePairs += weights[row];
                      missed += accepted[row] ? 0 : weights[row];
                    } else {
                      impostors += weights[row];
                      falseMatches += accepted[row] ? weights[row] : 0;
                    }
                  }
                  return new double[] {
                    figures.threshold().get(0),
                    falseMatches / (double) impostors,
                    missed / (double) genuinePairs
                  };
                });
    Intervals independent = orderStatistics(scores, target, point);
    return new Intervals(
        drawn.interval(0, CONFIDENCE).filter(interval -> !interval.isPoint()),
        orElse(drawn.interval(1, CONFIDENCE), independent.fmr()),
        orElse(drawn.interval(2, CONFIDENCE), independent.fnmr()));
  }

  /** Resampling cannot see errors that did not occur: a point is no interval. */
  private static Optional<Interval> orElse(Optional<Interval> drawn, Optional<Interval> other) {
    return drawn.isPresent() && !drawn.get().isPoint() ? drawn : other;
  }

  private static Intervals orderStatistics(ScoreSet scores, FarTarget target, TarAtFar point) {
    double[] ascending = scores.impostorsAscending();
    int n = ascending.length;
    BinomialDistribution above = new BinomialDistribution(null, n, target.rate());
    int i = above.inverseCumulativeProbability(TAIL);
    if (above.cumulativeProbability(i) <= TAIL) {
      i++;
    }
    int j = above.inverseCumulativeProbability(1 - TAIL) + 1;
    // No impostor may be above the true threshold, or all: then that end is open.
    Optional<Interval> threshold =
        i == 0 || j > n
            ? Optional.empty()
            : Optional.of(
                new Interval(ascending[n - j], Math.nextUp(ascending[n - i]), CONFIDENCE));
    int k = point.falseAccepts();
    BetaDistribution fmr = new BetaDistribution(null, k + 1.0, n - k, 1e-15);
    int missed = point.genuine() - point.trueAccepts();
    return new Intervals(
        threshold,
        Optional.of(
            new Interval(
                fmr.inverseCumulativeProbability(TAIL),
                fmr.inverseCumulativeProbability(1 - TAIL),
                CONFIDENCE)),
        Optional.of(ClopperPearson.interval(missed, point.genuine(), CONFIDENCE)));
  }

  private static Metric metric(
      double value, Optional<Interval> interval, long trials, String noteWithout) {
    Metric metric = Metric.of(value, trials);
    return interval
        .map(found -> metric.withInterval(found.low(), found.high()))
        .orElse(metric.withNote(noteWithout));
  }

  private static String statement(
      FarTarget target, TarAtFar point, Metric threshold, Metric fmr, Metric fnmr, boolean known) {
    return "threshold "
        + number(point.threshold().value())
        + between(threshold)
        + " for an FMR of "
        + target.label()
        + ": "
        + point.falseAccepts()
        + " of "
        + point.impostors()
        + " impostor trials are accepted, FMR "
        + number(fmr.value())
        + between(fmr)
        + ", and FNMR is "
        + number(fnmr.value())
        + between(fnmr)
        + " of "
        + point.genuine()
        + " genuine trials; 95 % intervals "
        + (known ? "over identities" : "that take pairs as independent")
        + point.warning().map(warning -> "; " + warning).orElse("");
  }

  private static String between(Metric metric) {
    return metric.low() == null
        ? ""
        : " (" + number(metric.low()) + " to " + number(metric.high()) + ")";
  }

  private static String number(double value) {
    return BigDecimal.valueOf(value).round(new MathContext(4)).stripTrailingZeros().toPlainString();
  }
}
