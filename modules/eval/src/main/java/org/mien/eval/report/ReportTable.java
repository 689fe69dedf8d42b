package org.mien.eval.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A table of the page: the first cell of a row names it.
 *
 * @param caption what it holds
 * @param columns from left to right
 * @param rows as many cells each as there are columns; what follows a line break is set small
 * @param folded whether it is closed at first, behind its caption
 */
record ReportTable(String caption, List<Column> columns, List<List<String>> rows, boolean folded) {

  /**
   * One column.
   *
   * @param name its heading
   * @param number whether it holds numbers, which are aligned right
   */
  record Column(String name, boolean number) {}

  ReportTable {
    columns = List.copyOf(columns);
    rows = rows.stream().map(List::copyOf).toList();
    for (List<String> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            caption + ": expected " + columns.size() + " cells, were " + row);
      }
    }
  }

  /** The first line of a cell. */
  static String main(String cell) {
    int end = cell.indexOf('\n');
    return end < 0 ? cell : cell.substring(0, end);
  }

  /** What follows the first line of a cell, or null. */
  static String small(String cell) {
    int end = cell.indexOf('\n');
    return end < 0 ? null : cell.substring(end + 1);
  }

  /** Starts a table; headings that begin with {@code #} are of columns of numbers. */
  static Draft of(String caption, String... headings) {
    List<Column> columns = new ArrayList<>();
    for (String heading : headings) {
      boolean number = heading.startsWith("#");
      columns.add(new Column(number ? heading.substring(1) : heading, number));
    }
    return new Draft(caption, columns);
  }

  /** A table without its rows yet. */
  static final class Draft {
    private final String caption;
    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    private Draft(String caption, List<Column> columns) {
      this.caption = caption;
      this.columns = columns;
    }

    Draft row(String... cells) {
      rows.add(List.of(cells));
      return this;
    }

    ReportTable open() {
      return new ReportTable(caption, columns, rows, false);
    }

    ReportTable folded() {
      return new ReportTable(caption, columns, rows, true);
    }
  }
}
