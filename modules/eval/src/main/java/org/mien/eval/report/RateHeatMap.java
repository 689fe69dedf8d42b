package org.mien.eval.report;

import java.util.List;
import java.util.Locale;

/** Draws the false match rates of every two groups as a square, each with its number. */
final class RateHeatMap {
  /** Beyond this many groups the numbers are too small to read; the table serves better. */
  static final int MOST_GROUPS = 12;

  private static final double CELL_WIDTH = 58;
  private static final double CELL_HEIGHT = 30;
  private static final double CHARACTER_WIDTH = 7.2;

  private RateHeatMap() {}

  /**
   * Returns the drawing as inline SVG.
   *
   * @param id unique in the page
   * @param groups in the order of rows and columns
   * @param cells every two groups once, and each with itself
   */
  static String svg(String id, List<String> groups, List<FairnessSection.CrossGroup> cells) {
    int longest = 4;
    for (String group : groups) {
      longest = Math.max(longest, DotPlot.shortened(group).length());
    }
    double highest = 0;
    String worst = "none";
    for (FairnessSection.CrossGroup cell : cells) {
      if (cell.fmr().rate() != null && cell.fmr().rate().value() > highest) {
        highest = cell.fmr().rate().value();
        worst = cell.groupA() + " and " + cell.groupB();
      }
    }
    int size = groups.size();
    double left = 30 + longest * CHARACTER_WIDTH;
    double top = 24;
    double width = left + size * CELL_WIDTH + 6;
    double height = top + size * CELL_HEIGHT + 6;
    StringBuilder svg = new StringBuilder("<svg class=\"plot heat\" viewBox=\"0 0 ");
    svg.append(SvgChart.number(width))
        .append(' ')
        .append(SvgChart.number(height))
        .append("\" style=\"width:")
        .append(SvgChart.number(width))
        .append("px\" role=\"img\" aria-labelledby=\"")
        .append(id)
        .append("-title ")
        .append(id)
        .append("-desc\" xmlns=\"http://www.w3.org/2000/svg\"><title id=\"")
        .append(id)
        .append("-title\">False match rate between groups</title><desc id=\"")
        .append(id)
        .append("-desc\">Highest: ")
        .append(SvgChart.escape(worst))
        .append(", ")
        .append(NumberText.rate(highest))
        .append(". The table holds every number.</desc>");
    for (int i = 0; i < size; i++) {
      double y = top + i * CELL_HEIGHT + CELL_HEIGHT / 2 + 4;
      SvgChart.text(svg, 18, y, "tick end", Integer.toString(i + 1));
      SvgChart.text(svg, 25, y, "tick", DotPlot.shortened(groups.get(i)));
      SvgChart.text(
          svg,
          left + i * CELL_WIDTH + CELL_WIDTH / 2,
          top - 7,
          "tick middle",
          Integer.toString(i + 1));
    }
    StringBuilder tips = new StringBuilder();
    for (FairnessSection.CrossGroup cell : cells) {
      int a = groups.indexOf(cell.groupA());
      int b = groups.indexOf(cell.groupB());
      if (a >= 0 && b >= 0) {
        cell(
            svg,
            tips,
            cell,
            highest,
            left + Math.min(a, b) * CELL_WIDTH,
            top + Math.max(a, b) * CELL_HEIGHT);
      }
    }
    return svg.append("<g class=\"tips\">").append(tips).append("</g></svg>").toString();
  }

  private static void cell(
      StringBuilder svg,
      StringBuilder tips,
      FairnessSection.CrossGroup cell,
      double highest,
      double x,
      double y) {
    CountedRate fmr = cell.fmr();
    double strength = fmr.rate() == null || highest == 0 ? 0 : fmr.rate().value() / highest;
    svg.append("<rect class=\"rate\" x=\"")
        .append(SvgChart.number(x))
        .append("\" y=\"")
        .append(SvgChart.number(y))
        .append("\" width=\"")
        .append(SvgChart.number(CELL_WIDTH))
        .append("\" height=\"")
        .append(SvgChart.number(CELL_HEIGHT))
        // The number stands on the colour, which therefore stays pale.
        .append("\" fill-opacity=\"")
        .append(String.format(Locale.ROOT, "%.2f", 0.45 * strength))
        .append("\"/>");
    String number =
        fmr.rate() == null
            ? NumberText.NONE
            : NumberText.small(fmr.rate().value()) + (fmr.tooFew() ? "?" : "");
    SvgChart.text(svg, x + CELL_WIDTH / 2, y + CELL_HEIGHT / 2 + 4, "count middle", number);
    tips.append("<circle class=\"tip\" cx=\"")
        .append(SvgChart.number(x + CELL_WIDTH / 2))
        .append("\" cy=\"")
        .append(SvgChart.number(y + CELL_HEIGHT / 2))
        .append("\" r=\"13\"><title>")
        .append(
            SvgChart.escape(
                cell.groupA()
                    + " with "
                    + cell.groupB()
                    + ": "
                    + NumberText.count(fmr.errors())
                    + " of "
                    + NumberText.count(fmr.trials())
                    + " impostor pairs accepted"
                    + (fmr.tooFew() ? " (too few trials)" : "")))
        .append("</title></circle>");
  }
}
