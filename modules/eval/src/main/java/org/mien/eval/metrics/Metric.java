package org.mien.eval.metrics;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * One figure with its uncertainty.
 *
 * @param value the figure
 * @param low lower end of its 95 % interval, or null where none is defined
 * @param high upper end of its 95 % interval, or null where none is defined
 * @param trials how many trials it rests on, or null where that has no meaning
 * @param note a warning for the reader, for example that trials are too few; or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Metric(double value, Double low, Double high, Long trials, String note) {

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
}
