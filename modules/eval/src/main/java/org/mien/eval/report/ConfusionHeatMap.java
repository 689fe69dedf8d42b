package org.mien.eval.report;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Draws a small confusion matrix: a row an identity, a column whom the model named. */
final class ConfusionHeatMap {
  /** Beyond this many identities the cells are too small to read; a table serves better. */
  static final int MOST_IDENTITIES = 30;

  private static final double CELL = 22;
  private static final int MOST_NAME_CHARACTERS = 24;

  private ConfusionHeatMap() {}

  /**
   * Returns the drawing as inline SVG.
   *
   * @param id unique in the page
   * @param kind of rows and columns, {@code identities} or {@code classes}
   * @param verb what the model does with an image, {@code named} or {@code told}
   * @param identities names in the order of rows and columns
   * @param cells counts; cells of other names are not drawn
   */
  static String svg(
      String id, String kind, String verb, List<String> identities, List<ConfusionCell> cells) {
    Map<String, Integer> places = new HashMap<>();
    int widestName = 4;
    for (String identity : identities) {
      places.putIfAbsent(identity, places.size());
      widestName = Math.max(widestName, shortened(identity).length());
    }
    long[] rowSums = new long[places.size()];
    long wrong = 0;
    for (ConfusionCell cell : cells) {
      Integer row = places.get(cell.identity());
      if (row != null) {
        rowSums[row] += cell.count();
      }
      wrong += cell.identity().equals(cell.named()) ? 0 : cell.count();
    }
    int size = identities.size();
    double left = 32 + widestName * 7.2;
    double top = 40;
    double width = left + size * CELL + 8;
    double height = top + size * CELL + 6;
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
        .append("-title\">Confusion between ")
        .append(kind)
        .append("</title><desc id=\"")
        .append(id)
        .append("-desc\">")
        .append(size)
        .append(' ')
        .append(kind)
        .append("; ")
        .append(wrong)
        .append(" images ")
        .append(verb)
        .append(" wrong. The table below holds the same.</desc>");
    SvgChart.text(svg, left, 12, "axis", verb + " as (number of the row)");
    for (int i = 0; i < size; i++) {
      double y = top + i * CELL + CELL / 2 + 4;
      SvgChart.text(svg, 20, y, "tick end", Integer.toString(i + 1));
      SvgChart.text(svg, 27, y, "tick", shortened(identities.get(i)));
      SvgChart.text(
          svg, left + i * CELL + CELL / 2, top - 6, "tick middle", Integer.toString(i + 1));
    }
    StringBuilder grid = new StringBuilder();
    for (int i = 0; i <= size; i++) {
      grid.append('M')
          .append(SvgChart.number(left))
          .append(' ')
          .append(SvgChart.number(top + i * CELL))
          .append('h')
          .append(SvgChart.number(size * CELL))
          .append('M')
          .append(SvgChart.number(left + i * CELL))
          .append(' ')
          .append(SvgChart.number(top))
          .append('v')
          .append(SvgChart.number(size * CELL));
    }
    svg.append("<path class=\"grid\" d=\"").append(grid).append("\"/>");
    for (ConfusionCell cell : cells) {
      Integer row = places.get(cell.identity());
      Integer column = places.get(cell.named());
      if (row == null || column == null || cell.count() == 0) {
        continue;
      }
      double share = (double) cell.count() / rowSums[row];
      double x = left + column * CELL;
      double y = top + row * CELL;
      svg.append("<rect class=\"cell ")
          .append(row.equals(column) ? "right" : "wrong")
          .append("\" x=\"")
          .append(SvgChart.number(x))
          .append("\" y=\"")
          .append(SvgChart.number(y))
          .append("\" width=\"22\" height=\"22\" fill-opacity=\"")
          .append(String.format(Locale.ROOT, "%.2f", 0.15 + 0.5 * share))
          .append("\"/>");
      SvgChart.text(
          svg, x + CELL / 2, y + CELL / 2 + 4, "count middle", Long.toString(cell.count()));
    }
    return svg.append("</svg>").toString();
  }

  private static String shortened(String name) {
    return name.codePointCount(0, name.length()) <= MOST_NAME_CHARACTERS
        ? name
        : name.substring(0, name.offsetByCodePoints(0, MOST_NAME_CHARACTERS - 1)) + "…";
  }
}
