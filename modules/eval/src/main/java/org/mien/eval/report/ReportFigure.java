package org.mien.eval.report;

import java.util.List;

/**
 * A chart with its words.
 *
 * @param id unique in the page
 * @param heading what it shows
 * @param caption how to read it
 * @param legend its series
 * @param svg the chart, safe to print as it is
 * @param values what is drawn, in numbers; null where a table of the section holds them
 */
record ReportFigure(
    String id,
    String heading,
    String caption,
    List<LegendEntry> legend,
    String svg,
    ReportTable values) {

  /** A chart whose numbers a table of the section holds. */
  ReportFigure(String id, String heading, String caption, List<LegendEntry> legend, String svg) {
    this(id, heading, caption, legend, svg, null);
  }

  /**
   * One series of a legend.
   *
   * @param series class of the curve
   * @param label its name
   */
  record LegendEntry(String series, String label) {

    /** A sample of the curve, safe to print as it is. */
    String swatch() {
      return "<svg class=\"swatch\" viewBox=\"0 0 26 10\" aria-hidden=\"true\"><path class=\"series "
          + series
          + "\" d=\"M1 5H25\"/></svg>";
    }
  }
}
