package org.mien.eval.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Copies and checks shared by the records of a report. */
final class ReportParts {
  private ReportParts() {}

  /** Returns an unmodifiable copy; null, as older files may hold, becomes empty. */
  static <T> List<T> list(List<T> values) {
    return values == null ? List.of() : List.copyOf(values);
  }

  /** Returns an unmodifiable copy that keeps the order; null becomes empty. */
  static <V> Map<String, V> map(Map<String, V> values) {
    return values == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** Returns the count unless it is negative. */
  static long count(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + ": expected a count of 0 or more, was " + value);
    }
    return value;
  }

  /** Refuses what is not a fraction; null and NaN (undefined) pass. */
  static void fraction(String name, Double value) {
    if (value != null && !Double.isNaN(value) && (value < 0 || value > 1)) {
      throw new IllegalArgumentException(
          name + ": expected a fraction in [0, 1], was " + value + ". Percent?");
    }
  }
}
