package org.mien.eval.report;

import java.util.List;
import java.util.Objects;

/**
 * What the page of a search shows.
 *
 * @param name of the search
 * @param recipe whose keys were varied
 * @param measure the figure it goes by, such as {@code validation accuracy}
 * @param higherIsBetter which way that figure is better
 * @param axes the keys, in the order of the rows' values
 * @param rows what was tried, in order
 * @param best number of the best row, or null where none succeeded
 */
public record SearchData(
    String name,
    String recipe,
    String measure,
    boolean higherIsBetter,
    List<Axis> axes,
    List<Row> rows,
    Integer best) {
  public SearchData {
    Objects.requireNonNull(name, "name");
    axes = List.copyOf(axes);
    rows = List.copyOf(rows);
    for (Row row : rows) {
      if (!row.values.isEmpty() && row.values.size() != axes.size()) {
        throw new IllegalArgumentException(
            "row " + row.number + ": expected " + axes.size() + " values, were " + row.values);
      }
    }
  }

  /**
   * One key.
   *
   * @param key of the recipe
   * @param logarithmic whether its numbers spread over powers of ten
   * @param choices its values where they are no numbers, else empty
   */
  public record Axis(String key, boolean logarithmic, List<String> choices) {
    public Axis {
      choices = List.copyOf(choices);
    }

    /** Returns where a value lies, as a number that a chart can scale. */
    double coordinate(String value) {
      if (!choices.isEmpty()) {
        return choices.indexOf(value);
      }
      double number = Double.parseDouble(value);
      return logarithmic ? Math.log10(number) : number;
    }
  }

  /**
   * One candidate.
   *
   * @param number 0 for the recipe as it is
   * @param values one for each axis, or empty for the recipe as it is
   * @param figure what the search goes by, or null where it failed
   * @param bestEpoch whose figure that is
   * @param seconds it took
   * @param problem why it failed, or empty
   */
  public record Row(
      int number,
      List<String> values,
      Double figure,
      int bestEpoch,
      double seconds,
      String problem) {
    public Row {
      values = List.copyOf(values);
    }
  }
}
