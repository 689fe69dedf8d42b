package org.mien.eval.uncertainty;

import java.util.Optional;
import org.mien.eval.metrics.Metric;

/**
 * A rate with its 95 % interval by resampling identities; where all replicates are equal, which
 * would be an interval of no width, Clopper and Pearson's stands in.
 *
 * @param value in [0, 1]
 * @param trials it rests on, at least 1
 * @param interval around it
 * @param resampled whether the interval is the resampling's
 */
public record ResampledRate(double value, long trials, Interval interval, boolean resampled) {
  /** Of all intervals. */
  public static final double CONFIDENCE = 0.95;

  /** The rate with the percentile interval of its replicates. */
  public static ResampledRate of(double value, long trials, double[] replicates) {
    Interval drawn = Interval.percentile(replicates, CONFIDENCE);
    return drawn.isPoint()
        ? independent(value, trials)
        : new ResampledRate(value, trials, drawn, true);
  }

  /** The rate with the interval of independent trials. */
  public static ResampledRate independent(double value, long trials) {
    return new ResampledRate(
        value,
        trials,
        ClopperPearson.interval(Math.round(value * trials), trials, CONFIDENCE),
        false);
  }

  /** Returns 1 minus the rate. */
  public ResampledRate complement() {
    return new ResampledRate(
        1 - value,
        trials,
        new Interval(1 - interval.high(), 1 - interval.low(), CONFIDENCE),
        resampled);
  }

  /**
   * Returns the figure for {@code metrics.json}; its note says what the interval is where it is not
   * the resampling's.
   *
   * @param warning for the reader
   */
  public Metric toMetric(Optional<String> warning) {
    Metric metric = Metric.of(value, interval.low(), interval.high(), trials);
    if (resampled) {
      return warning.map(metric::withNote).orElse(metric);
    }
    String note = "the interval is Clopper-Pearson's, trials taken as independent";
    return metric.withNote(warning.map(first -> first + "; " + note).orElse(note));
  }
}
