package org.mien.eval.report;

/** How a figure is printed. */
public enum FigureStyle {
  /** A fraction in [0, 1], printed as percent. */
  PERCENT,
  /** A similarity, a threshold, a loss or an area: four decimals. */
  DECIMAL,
  /** A whole number with thousands separators. */
  COUNT
}
