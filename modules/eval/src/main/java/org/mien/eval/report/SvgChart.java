package org.mien.eval.report;

import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/**
 * Draws one chart as inline SVG.
 *
 * <p>Text stays text, in the page's font. Nothing here names a colour: elements carry classes that
 * the style sheet colours for light, dark and paper. Coordinates are pixels of the view box, which
 * the page scales to the width it has; the box is small enough that labels stay legible on a phone.
 */
final class SvgChart {
  /** Most points of a drawn curve. */
  static final int MOST_POINTS = 400;

  private static final int WIDTH = 420;
  private static final int HEIGHT = 290;
  private static final double TOP = 24;
  private static final double RIGHT = WIDTH - 14;
  private static final double BOTTOM = HEIGHT - 40;
  private static final double CHARACTER_WIDTH = 6.6;

  /** Wider than on average, for a label of digits and a percent sign must not be cut off. */
  private static final double LABEL_CHARACTER_WIDTH = 7.4;

  private static final int MARKERS_UP_TO = 30;
  private static final int MOST_TIPS = 60;
  private static final double TIP_DISTANCE = 9;

  private final Scale xScale;
  private final Scale yScale;
  private final double left;
  private final StringBuilder back = new StringBuilder();
  private final StringBuilder front = new StringBuilder();
  private final StringBuilder head = new StringBuilder();
  private final StringBuilder tips = new StringBuilder();

  /**
   * An empty chart.
   *
   * @param id unique in the page
   * @param title what it shows, read aloud in its place
   * @param description what is to be seen in it, read aloud too
   */
  SvgChart(
      String id,
      String title,
      String description,
      String xLabel,
      Scale xScale,
      String yLabel,
      Scale yScale) {
    this.xScale = xScale;
    this.yScale = yScale;
    int widest = 1;
    for (Scale.Tick tick : yScale.ticks()) {
      widest = Math.max(widest, tick.label().length());
    }
    left = 12 + widest * LABEL_CHARACTER_WIDTH;
    head.append("<svg class=\"plot\" viewBox=\"0 0 ")
        .append(WIDTH)
        .append(' ')
        .append(HEIGHT)
        .append("\" role=\"img\" aria-labelledby=\"")
        .append(id)
        .append("-title ")
        .append(id)
        .append("-desc\" xmlns=\"http://www.w3.org/2000/svg\"><title id=\"")
        .append(id)
        .append("-title\">")
        .append(escape(title))
        .append("</title><desc id=\"")
        .append(id)
        .append("-desc\">")
        .append(escape(description))
        .append("</desc>");
    axes(xLabel, yLabel);
  }

  private void axes(String xLabel, String yLabel) {
    StringBuilder grid = new StringBuilder();
    StringBuilder minor = new StringBuilder();
    StringBuilder labels = new StringBuilder();
    List<Scale.Tick> xTicks = xScale.ticks();
    for (Scale.Tick tick : xTicks) {
      double x = x(tick.value());
      grid.append('M').append(at(x, TOP)).append('V').append(number(BOTTOM));
      double half = tick.label().length() * LABEL_CHARACTER_WIDTH / 2;
      // A label that would be cut off at the edge ends there.
      text(labels, Math.min(x, WIDTH - half), BOTTOM + 16, "tick middle", tick.label());
    }
    for (Scale.Tick tick : yScale.ticks()) {
      double y = y(tick.value());
      grid.append('M').append(at(left, y)).append('H').append(number(RIGHT));
      text(labels, left - 6, y + 4, "tick end", tick.label());
    }
    for (double value : xScale.minorTicks()) {
      minor.append('M').append(at(x(value), BOTTOM)).append("v-4");
    }
    for (double value : yScale.minorTicks()) {
      minor.append('M').append(at(left, y(value))).append("h4");
    }
    text(labels, RIGHT, HEIGHT - 6.0, "axis end", xLabel);
    text(labels, 2, 12, "axis", yLabel);
    head.append("<path class=\"grid\" d=\"").append(grid).append("\"/>");
    if (minor.length() > 0) {
      head.append("<path class=\"frame\" d=\"").append(minor).append("\"/>");
    }
    head.append("<path class=\"frame\" d=\"M")
        .append(at(left, TOP))
        .append('V')
        .append(number(BOTTOM))
        .append('H')
        .append(number(RIGHT))
        .append("\"/>")
        .append(labels);
  }

  /** Adds a curve through the points in the order given; a NaN breaks it. */
  SvgChart line(String series, double[] xs, double[] ys) {
    StringBuilder path = new StringBuilder();
    StringBuilder markers = new StringBuilder();
    int start = 0;
    while (start < xs.length) {
      if (!drawable(xs[start], ys[start])) {
        start++;
        continue;
      }
      int end = start;
      while (end < xs.length && drawable(xs[end], ys[end])) {
        end++;
      }
      double[] px = new double[end - start];
      double[] py = new double[end - start];
      for (int i = start; i < end; i++) {
        px[i - start] = x(xs[i]);
        py[i - start] = y(ys[i]);
      }
      char command = 'M';
      for (int i : CurveThinning.keep(px, py, MOST_POINTS)) {
        path.append(command).append(at(px[i], py[i]));
        command = 'L';
        if (xs.length <= MARKERS_UP_TO) {
          markers.append('M').append(at(px[i], py[i])).append("h0");
        }
      }
      start = end;
    }
    front
        .append("<path class=\"series ")
        .append(series)
        .append("\" d=\"")
        .append(path)
        .append("\"/>");
    if (markers.length() > 0) {
      front
          .append("<path class=\"markers ")
          .append(series)
          .append("\" d=\"")
          .append(markers)
          .append("\"/>");
    }
    return this;
  }

  /** Adds a filled band between two curves over the same values; a NaN ends it. */
  SvgChart band(String series, double[] xs, double[] lows, double[] highs) {
    StringBuilder there = new StringBuilder();
    StringBuilder back = new StringBuilder();
    for (int i = 0; i < xs.length && drawable(lows[i], highs[i]); i++) {
      there.append(i == 0 ? 'M' : 'L').append(at(x(xs[i]), y(highs[i])));
      back.insert(0, "L" + at(x(xs[i]), y(lows[i])));
    }
    if (there.length() > 0) {
      this.back
          .append("<path class=\"band ")
          .append(series)
          .append("\" d=\"")
          .append(there)
          .append(back)
          .append("z\"/>");
    }
    return this;
  }

  /** Adds an interval as an upright stroke. */
  SvgChart whisker(String series, double valueX, double low, double high) {
    front
        .append("<path class=\"whisker ")
        .append(series)
        .append("\" d=\"M")
        .append(at(x(valueX), y(low)))
        .append('V')
        .append(number(y(high)))
        .append("\"/>");
    return this;
  }

  /** Adds points without a line. */
  SvgChart cloud(String series, double[] xs, double[] ys) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < xs.length; i++) {
      if (drawable(xs[i], ys[i])) {
        path.append('M').append(at(x(xs[i]), y(ys[i]))).append("h0");
      }
    }
    front
        .append("<path class=\"cloud ")
        .append(series)
        .append("\" d=\"")
        .append(path)
        .append("\"/>");
    return this;
  }

  /**
   * Adds places of a curve that tell their numbers where the pointer rests on them. They are not
   * closer than a few pixels; the title of each is what browsers show without a script.
   */
  SvgChart tips(double[] xs, double[] ys, IntFunction<String> text) {
    return tips(xs, ys, text, MOST_TIPS, TIP_DISTANCE);
  }

  /** Adds such a place at every point, of a cloud in which each is another thing. */
  SvgChart allTips(double[] xs, double[] ys, IntFunction<String> text) {
    return tips(xs, ys, text, xs.length, 0);
  }

  private SvgChart tips(
      double[] xs, double[] ys, IntFunction<String> text, int most, double distance) {
    double lastX = Double.NEGATIVE_INFINITY;
    double lastY = Double.NEGATIVE_INFINITY;
    int count = 0;
    for (int i = 0; i < xs.length && count < most; i++) {
      if (!drawable(xs[i], ys[i])) {
        continue;
      }
      double px = x(xs[i]);
      double py = y(ys[i]);
      if (Math.hypot(px - lastX, py - lastY) < distance) {
        continue;
      }
      tips.append("<circle class=\"tip\" cx=\"")
          .append(number(px))
          .append("\" cy=\"")
          .append(number(py))
          .append(distance > 0 ? "\" r=\"6\"><title>" : "\" r=\"3\"><title>")
          .append(escape(text.apply(i)))
          .append("</title></circle>");
      lastX = px;
      lastY = py;
      count++;
    }
    return this;
  }

  /** Adds columns of equal width from {@code low} to {@code high}, drawn as one outline. */
  SvgChart columns(String series, double low, double high, double[] heights) {
    StringBuilder path = new StringBuilder("M").append(at(x(low), BOTTOM));
    double width = (high - low) / heights.length;
    for (int i = 0; i < heights.length; i++) {
      double top = y(heights[i]);
      boolean sameAsBefore = i > 0 && heights[i] == heights[i - 1];
      if (!sameAsBefore) {
        path.append('V').append(number(top));
      }
      path.append('H').append(number(x(low + (i + 1) * width)));
    }
    path.append('V').append(number(BOTTOM));
    front
        .append("<path class=\"series columns ")
        .append(series)
        .append("\" d=\"")
        .append(path)
        .append("\"/>");
    return this;
  }

  /** Adds a labelled upright line, such as a threshold. */
  SvgChart upright(double value, String label) {
    double x = x(value);
    front
        .append("<path class=\"mark\" d=\"M")
        .append(at(x, TOP))
        .append('V')
        .append(number(BOTTOM))
        .append("\"/>");
    boolean roomRight = RIGHT - x > label.length() * CHARACTER_WIDTH + 8;
    text(front, roomRight ? x + 5 : x - 5, TOP + 12, roomRight ? "note" : "note end", label);
    return this;
  }

  /** Shades everything left of a value and says why. */
  SvgChart shadeLeftOf(double value, String label) {
    double x = x(value);
    if (x - left < 0.5) {
      return this;
    }
    back.append("<path class=\"shade\" d=\"M")
        .append(at(left, TOP))
        .append('H')
        .append(number(x))
        .append('V')
        .append(number(BOTTOM))
        .append('H')
        .append(number(left))
        .append("z\"/>");
    text(front, left + 6, BOTTOM - 8, "note", label);
    return this;
  }

  /** Adds a thin dashed line for reference, such as where both error rates are equal. */
  SvgChart reference(double fromX, double fromY, double toX, double toY) {
    back.append("<path class=\"reference\" d=\"M")
        .append(at(x(fromX), y(fromY)))
        .append('L')
        .append(at(x(toX), y(toY)))
        .append("\"/>");
    return this;
  }

  /** Adds words beside a point: right of it, or left where the picture ends. */
  SvgChart note(double valueX, double valueY, String label) {
    double x = x(valueX);
    boolean roomRight = RIGHT - x > label.length() * CHARACTER_WIDTH + 8;
    text(front, roomRight ? x + 4 : x - 4, y(valueY) - 3, roomRight ? "note" : "note end", label);
    return this;
  }

  /** Adds a labelled dot. */
  SvgChart dot(double valueX, double valueY, String label) {
    double x = x(valueX);
    double y = y(valueY);
    front
        .append("<circle class=\"dot\" cx=\"")
        .append(number(x))
        .append("\" cy=\"")
        .append(number(y))
        .append("\" r=\"3.5\"/>");
    boolean roomRight = RIGHT - x > label.length() * CHARACTER_WIDTH + 12;
    boolean roomAbove = y - TOP > 24;
    text(
        front,
        roomRight ? x + 8 : x - 8,
        roomAbove ? y - 7 : y + 17,
        roomRight ? "note" : "note end",
        label);
    return this;
  }

  /** Returns the finished element. */
  String svg() {
    String told = tips.length() == 0 ? "" : "<g class=\"tips\">" + tips + "</g>";
    return head.toString() + back + front + told + "</svg>";
  }

  private static boolean drawable(double x, double y) {
    return !Double.isNaN(x) && !Double.isNaN(y) && !Double.isInfinite(x) && !Double.isInfinite(y);
  }

  private double x(double value) {
    return left + xScale.position(value) * (RIGHT - left);
  }

  private double y(double value) {
    return BOTTOM - yScale.position(value) * (BOTTOM - TOP);
  }

  static void text(StringBuilder out, double x, double y, String classes, String text) {
    out.append("<text class=\"")
        .append(classes)
        .append("\" x=\"")
        .append(number(x))
        .append("\" y=\"")
        .append(number(y))
        .append("\">")
        .append(escape(text))
        .append("</text>");
  }

  private static String at(double x, double y) {
    return number(x) + " " + number(y);
  }

  /** A coordinate to a twentieth of a pixel. */
  static String number(double pixels) {
    double rounded = Math.rint(pixels * 20) / 20;
    if (rounded == Math.rint(rounded)) {
      return Long.toString((long) rounded);
    }
    String text = String.format(Locale.ROOT, "%.2f", rounded);
    return text.endsWith("0") ? text.substring(0, text.length() - 1) : text;
  }

  /**
   * Escapes text for an element or a quoted attribute; control characters XML forbids are shown.
   */
  static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&#34;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c < 0x20 && c != '\n' && c != '\t' ? '\ufffd' : c);
      }
    }
    return out.toString();
  }
}
