package org.mien.eval.report;

import java.util.ArrayList;
import java.util.List;
import org.mien.eval.metrics.Metric;

/**
 * Draws figures with their intervals as dots on a line, one below the other, in the manner of
 * {@link SvgChart}: text stays text.
 */
final class DotPlot {
  private static final int WIDTH = 460;
  private static final int ROW = 26;
  private static final int SERIES_ROW = 18;
  private static final double CHARACTER_WIDTH = 7.2;
  private static final double RIGHT = WIDTH - 26;
  private static final int LONGEST_LABEL = 22;

  /**
   * One dot.
   *
   * @param series class of its colour
   * @param metric the figure
   * @param text its numbers in words
   * @param hollow whether it should be doubted
   */
  record Dot(String series, Metric metric, String text, boolean hollow) {}

  private final String id;
  private final String title;
  private final Scale scale;
  private final String axis;
  private final List<String> names = new ArrayList<>();
  private final List<List<Dot>> dots = new ArrayList<>();
  private final List<Double> references = new ArrayList<>();

  DotPlot(String id, String title, String axis, Scale scale) {
    this.id = id;
    this.title = title;
    this.axis = axis;
    this.scale = scale;
  }

  /** Adds a line. */
  DotPlot row(String name, List<Dot> found) {
    names.add(name);
    dots.add(List.copyOf(found));
    return this;
  }

  /** Adds an upright line, such as where there is no difference. */
  DotPlot reference(double value) {
    references.add(value);
    return this;
  }

  /** Returns the finished element. */
  String svg() {
    int longest = 4;
    int height = 8;
    for (int i = 0; i < names.size(); i++) {
      longest = Math.max(longest, shortened(names.get(i)).length());
      height += height(i);
    }
    double left = 8 + longest * CHARACTER_WIDTH;
    StringBuilder body = new StringBuilder();
    StringBuilder described = new StringBuilder();
    StringBuilder tips = new StringBuilder();
    StringBuilder grid = new StringBuilder();
    for (Scale.Tick tick : scale.ticks()) {
      double x = x(left, tick.value());
      grid.append('M').append(SvgChart.number(x)).append(" 4V").append(height);
      SvgChart.text(body, x, height + 15.0, "tick middle", tick.label());
    }
    SvgChart.text(body, RIGHT, height + 33.0, "axis end", axis);
    for (double reference : references) {
      double x = x(left, reference);
      body.append("<path class=\"reference\" d=\"M")
          .append(SvgChart.number(x))
          .append(" 4V")
          .append(height)
          .append("\"/>");
    }
    double top = 4;
    for (int i = 0; i < names.size(); i++) {
      double middle = top + height(i) / 2.0;
      SvgChart.text(body, left - 8, middle + 4, "tick end", shortened(names.get(i)));
      int series = 0;
      for (Dot dot : dots.get(i)) {
        double y = middle + (series++ - (dots.get(i).size() - 1) / 2.0) * 10;
        draw(body, tips, names.get(i), dot, left, y);
        described.append(names.get(i)).append(": ").append(dot.text()).append(". ");
      }
      top += height(i);
    }
    return "<svg class=\"plot\" viewBox=\"0 0 "
        + WIDTH
        + " "
        + (height + 40)
        + "\" role=\"img\" aria-labelledby=\""
        + id
        + "-title "
        + id
        + "-desc\" xmlns=\"http://www.w3.org/2000/svg\"><title id=\""
        + id
        + "-title\">"
        + SvgChart.escape(title)
        + "</title><desc id=\""
        + id
        + "-desc\">"
        + SvgChart.escape(described.toString().strip())
        + "</desc><path class=\"grid\" d=\""
        + grid
        + "\"/>"
        + body
        + "<g class=\"tips\">"
        + tips
        + "</g></svg>";
  }

  private void draw(
      StringBuilder body, StringBuilder tips, String name, Dot dot, double left, double y) {
    Metric metric = dot.metric();
    double x = x(left, metric.value());
    if (metric.low() != null) {
      body.append("<path class=\"whisker ")
          .append(dot.series())
          .append("\" d=\"M")
          .append(SvgChart.number(x(left, metric.low())))
          .append(' ')
          .append(SvgChart.number(y))
          .append('H')
          .append(SvgChart.number(x(left, metric.high())))
          .append("\"/>");
    }
    circle(body, dot.hollow() ? "spot hollow " + dot.series() : "spot " + dot.series(), x, y, 4);
    body.append("/>");
    circle(tips, "tip", x, y, 6);
    tips.append("><title>")
        .append(SvgChart.escape(name + ": " + dot.text()))
        .append("</title></circle>");
  }

  private static void circle(StringBuilder out, String classes, double x, double y, int radius) {
    out.append("<circle class=\"")
        .append(classes)
        .append("\" cx=\"")
        .append(SvgChart.number(x))
        .append("\" cy=\"")
        .append(SvgChart.number(y))
        .append("\" r=\"")
        .append(radius)
        .append('"');
  }

  private int height(int row) {
    return dots.get(row).size() > 1 ? SERIES_ROW + 10 * dots.get(row).size() : ROW;
  }

  private double x(double left, double value) {
    return left + scale.position(value) * (RIGHT - left);
  }

  static String shortened(String name) {
    if (name.length() <= LONGEST_LABEL) {
      return name;
    }
    boolean insideCharacter = Character.isHighSurrogate(name.charAt(LONGEST_LABEL - 2));
    return name.substring(0, LONGEST_LABEL - (insideCharacter ? 2 : 1)) + "…";
  }
}
