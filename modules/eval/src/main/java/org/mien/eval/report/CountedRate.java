package org.mien.eval.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.mien.eval.fairness.GroupRate;
import org.mien.eval.metrics.Metric;
import org.mien.eval.uncertainty.ClopperPearson;
import org.mien.eval.uncertainty.Interval;

/**
 * An error rate with the counts behind it.
 *
 * @param errors how many of the trials were decided wrongly
 * @param trials how many there are
 * @param rate {@code errors / trials} with its interval; null where there are no trials
 * @param tooFew whether the trials are too few for the rate to be compared with others
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CountedRate(long errors, long trials, Metric rate, boolean tooFew) {
  public CountedRate {
    if (errors < 0 || errors > trials) {
      throw new IllegalArgumentException(
          "expected 0 <= errors <= trials, were " + errors + " and " + trials);
    }
    if (rate != null) {
      ReportParts.fraction("rate", rate.value());
    }
  }

  /** Takes the rate of a group. */
  public static CountedRate of(GroupRate rate) {
    return new CountedRate(rate.errors(), rate.trials(), rate.rate().orElse(null), rate.tooFew());
  }

  /** Counts independent trials; the interval is Clopper and Pearson's of 95 %. */
  public static CountedRate of(long errors, long trials) {
    if (trials == 0) {
      return new CountedRate(errors, 0, null, true);
    }
    Interval interval = ClopperPearson.interval(errors, trials, 0.95);
    return new CountedRate(
        errors,
        trials,
        Metric.of(errors / (double) trials, interval.low(), interval.high(), trials),
        trials < Verdict.FEW_TRIALS);
  }
}
