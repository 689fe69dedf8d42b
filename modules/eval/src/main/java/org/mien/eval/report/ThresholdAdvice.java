package org.mien.eval.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.mien.eval.calibration.ThresholdCalibration;
import org.mien.eval.metrics.Metric;
import org.mien.eval.score.FarTarget;
import org.mien.eval.score.ScoreSet;

/**
 * The threshold for one target FMR, or why there is none.
 *
 * @param targetFmr the false match rate asked for, in (0, 1)
 * @param threshold the score from which a pair is accepted, with its interval; null where the
 *     target was refused
 * @param fmr the rate at the threshold; null where refused
 * @param fnmr the false non-match rate there; null where refused
 * @param rough whether the rate is only bounded, not estimated (fewer than 30 errors to be
 *     expected)
 * @param statement all of this in words; for a refusal, what the trials could support
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ThresholdAdvice(
    double targetFmr, Metric threshold, Metric fmr, Metric fnmr, boolean rough, String statement) {
  public ThresholdAdvice {
    ReportParts.fraction("targetFmr", targetFmr);
    Objects.requireNonNull(statement, "statement");
    if ((threshold == null) != (fmr == null) || (threshold == null) != (fnmr == null)) {
      throw new IllegalArgumentException("expected a threshold with both of its rates, or none");
    }
  }

  /** Tells of a threshold that was set. */
  public static ThresholdAdvice of(ThresholdCalibration calibration) {
    return new ThresholdAdvice(
        calibration.target().rate(),
        calibration.thresholdFigure(),
        calibration.fmr(),
        calibration.fnmr(),
        switch (calibration.support()) {
          case FULL -> false;
          case NONE, BELOW_RULE_OF_3, BELOW_RULE_OF_30 -> true;
        },
        calibration.statement());
  }

  /**
   * Sets the threshold of each target, or tells why the impostors cannot support it.
   *
   * @param replicates of the bootstrap, at least 2
   */
  public static List<ThresholdAdvice> of(
      ScoreSet scores, List<FarTarget> targets, int replicates, SplittableRandom random) {
    List<ThresholdAdvice> advice = new ArrayList<>();
    for (FarTarget target : targets) {
      Optional<String> refusal = ThresholdCalibration.refusal(target, scores.impostorCount());
      advice.add(
          refusal.isPresent()
              ? new ThresholdAdvice(target.rate(), null, null, null, true, refusal.get())
              : of(ThresholdCalibration.of(scores, target, replicates, random.split())));
    }
    return advice;
  }

  /** Returns whether there is no threshold. */
  boolean refused() {
    return threshold == null;
  }
}
