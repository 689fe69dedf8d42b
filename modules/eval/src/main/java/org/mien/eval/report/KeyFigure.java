package org.mien.eval.report;

import java.util.Objects;
import org.mien.eval.metrics.Metric;

/**
 * A figure for the head of the page.
 *
 * @param name what it measures and on what, such as {@code Accuracy, held-out images}
 * @param metric the figure; its note is printed below the name
 * @param style how it is printed
 */
public record KeyFigure(String name, Metric metric, FigureStyle style) {
  public KeyFigure {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(metric, "metric");
    Objects.requireNonNull(style, "style");
  }
}
