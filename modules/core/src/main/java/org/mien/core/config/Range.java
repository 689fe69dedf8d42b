package org.mien.core.config;

import java.math.BigDecimal;

/** The numbers a {@link Setting} allows; for a list, map or optional, each number in it. */
record Range(double min, double max, boolean exclusiveMin, boolean exclusiveMax) {
  static final Range UNBOUNDED =
      new Range(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, false, false);

  static Range of(Setting setting) {
    return new Range(setting.min(), setting.max(), setting.exclusiveMin(), setting.exclusiveMax());
  }

  boolean hasMin() {
    return min != Double.NEGATIVE_INFINITY;
  }

  boolean hasMax() {
    return max != Double.POSITIVE_INFINITY;
  }

  boolean contains(double value) {
    return (exclusiveMin ? value > min : value >= min)
        && (exclusiveMax ? value < max : value <= max);
  }

  /** The range in words that follow "a number": {@code in [0, 1.57)}, {@code of at least 1}. */
  String describe() {
    if (hasMin() && hasMax()) {
      return " in "
          + (exclusiveMin ? "(" : "[")
          + number(min)
          + ", "
          + number(max)
          + (exclusiveMax ? ")" : "]");
    } else if (hasMin()) {
      return (exclusiveMin ? " greater than " : " of at least ") + number(min);
    } else if (hasMax()) {
      return (exclusiveMax ? " less than " : " of at most ") + number(max);
    }
    return "";
  }

  /** A bound as one would write it: 1 rather than 1.0. */
  private static String number(double bound) {
    BigDecimal exact = BigDecimal.valueOf(bound).stripTrailingZeros();
    boolean plain = bound == 0 || (Math.abs(bound) >= 1e-4 && Math.abs(bound) < 1e16);
    return plain ? exact.toPlainString() : exact.toString();
  }
}
