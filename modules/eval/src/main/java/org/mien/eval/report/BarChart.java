package org.mien.eval.report;

import java.util.Map;

/** Draws counts by name as lying bars, in the manner of {@link SvgChart}: text stays text. */
final class BarChart {
  private static final int WIDTH = 420;
  private static final int ROW = 22;
  private static final double CHARACTER_WIDTH = 6.6;

  /** Wider than on average, for a label of digits and capitals must not leave the picture. */
  private static final double LABEL_CHARACTER_WIDTH = 7.6;

  private static final int LONGEST_LABEL = 24;

  private BarChart() {}

  /**
   * Returns the finished element.
   *
   * @param id unique in the page
   * @param title what it shows, read aloud in its place
   * @param counts by name, in the order of the bars; at least one above 0
   */
  static String svg(String id, String title, Map<String, Long> counts) {
    long highest = 1;
    int longest = 1;
    StringBuilder description = new StringBuilder();
    for (Map.Entry<String, Long> bar : counts.entrySet()) {
      highest = Math.max(highest, bar.getValue());
      longest = Math.max(longest, label(bar.getKey()).length());
      description
          .append(bar.getKey())
          .append(": ")
          .append(NumberText.count(bar.getValue()))
          .append(". ");
    }
    double left = 10 + longest * LABEL_CHARACTER_WIDTH;
    double room = WIDTH - left - 10 - NumberText.count(highest).length() * CHARACTER_WIDTH;
    StringBuilder out = new StringBuilder("<svg class=\"plot\" viewBox=\"0 0 ");
    out.append(WIDTH).append(' ').append(ROW * counts.size() + 4);
    out.append("\" role=\"img\" aria-labelledby=\"").append(id).append("-title ").append(id);
    out.append("-desc\" xmlns=\"http://www.w3.org/2000/svg\"><title id=\"").append(id);
    out.append("-title\">").append(SvgChart.escape(title)).append("</title><desc id=\"");
    out.append(id).append("-desc\">").append(SvgChart.escape(description.toString().strip()));
    out.append("</desc>");
    int row = 0;
    for (Map.Entry<String, Long> bar : counts.entrySet()) {
      double top = 2 + (double) ROW * row++;
      double width = room * bar.getValue() / highest;
      SvgChart.text(out, left - 6, top + 15, "tick end", label(bar.getKey()));
      out.append("<rect class=\"series columns one\" x=\"").append(SvgChart.number(left));
      out.append("\" y=\"").append(SvgChart.number(top + 3)).append("\" width=\"");
      // What occurs once among millions is still to be seen.
      out.append(SvgChart.number(bar.getValue() == 0 ? 0 : Math.max(1, width)));
      out.append("\" height=\"").append(ROW - 6).append("\"/>");
      SvgChart.text(out, left + width + 6, top + 15, "note", NumberText.count(bar.getValue()));
    }
    return out.append("</svg>").toString();
  }

  private static String label(String name) {
    if (name.length() <= LONGEST_LABEL) {
      return name;
    }
    boolean insideCharacter = Character.isHighSurrogate(name.charAt(LONGEST_LABEL - 2));
    return name.substring(0, LONGEST_LABEL - (insideCharacter ? 2 : 1)) + "…";
  }
}
