package org.mien.eval.metrics;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * One figure with its uncertainty.
 *
 * @param value the figure, finite
 * @param low lower end of its 95 % interval, or null where none is defined
 * @param high upper end of its 95 % interval, or null where none is defined
 * @param trials how many trials it rests on, or null where that has no meaning
 * @param note a warning for the reader, for example that trials are too few; or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Metric(double value, Double low, Double high, Long trials, String note) {
  public Metric {
    // JSON has no NaN, and a figure that could not be computed is not a figure.
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("expected a finite figure, was " + value);
    }
    if ((low == null) != (high == null)) {
      throw new IllegalArgumentException(
          "expected both ends of an interval or none, were " + low + " and " + high);
    }
    if (low != null && !(Double.isFinite(low) && Double.isFinite(high) && low <= high)) {
      throw new IllegalArgumentException(
          "expected a finite interval with low <= high, was " + low + " to " + high);
    }
    if (trials != null && trials < 0) {
      throw new IllegalArgumentException("expected at least 0 trials, were " + trials);
    }
  }

  /** A figure without an interval. */
  public static Metric of(double value, long trials) {
    return new Metric(value, null, null, trials, null);
  }

  /** A figure with its 95 % interval. */
  public static Metric of(double value, double low, double high, long trials) {
    return new Metric(value, low, high, trials, null);
  }

  /** Returns the same figure with a warning for the reader. */
  public Metric withNote(String newNote) {
    return new Metric(value, low, high, trials, newNote);
  }

  /** Returns the same figure with its 95 % interval. */
  public Metric withInterval(double newLow, double newHigh) {
    return new Metric(value, newLow, newHigh, trials, note);
  }
}
