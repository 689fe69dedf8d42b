package org.mien.trainer.observe;

/**
 * How one task does on the validation rows whose label is known.
 *
 * @param name of the task
 * @param measure what {@code value} is
 * @param loss mean loss of those rows, not weighted; NaN without any
 * @param value share that is right, in [0, 1], or mean absolute error in years; NaN without any
 */
public record TaskScore(String name, Measure measure, double loss, double value) {

  /** What a task is measured by. */
  public enum Measure {
    /** Share of rows whose category, or yes or no, is right. */
    ACCURACY("accuracy"),
    /** Mean distance between estimated and true age, the latter in whole years. */
    MAE("mae");

    private final String word;

    Measure(String word) {
      this.word = word;
    }

    /** As in {@code metrics.json}. */
    public String word() {
      return word;
    }
  }
}
