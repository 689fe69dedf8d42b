package org.mien.eval.report;

import java.util.Locale;
import org.mien.eval.metrics.Metric;

/**
 * Numbers as the report prints them: always with a point, never with more digits than the trials
 * carry, and never rounded to a perfect or a zero rate that they are not.
 */
final class NumberText {
  /** Printed where a figure is undefined. */
  static final String NONE = "–";

  /** Keeps a number and its unit on one line. */
  static final String SPACE = "\u00a0";

  private static final int MOST_PERCENT_DECIMALS = 6;

  private NumberText() {}

  /** A fraction as percent with two decimals, such as {@code 98.73 %}. */
  static String percent(Double fraction) {
    return percent(fraction, null);
  }

  /**
   * A fraction as percent. One trial in {@code trials} moves the last printed digit but one at
   * most: 600 trials give {@code 98.7 %}, 6,000 give {@code 99.20 %}.
   */
  static String percent(Double fraction, Long trials) {
    if (fraction == null || Double.isNaN(fraction)) {
      return NONE;
    }
    return percentDigits(fraction, decimals(trials)) + SPACE + "%";
  }

  /** {@code 97.4 – 99.3 %}, or a dash where there is no interval. */
  static String interval(Metric metric, FigureStyle style) {
    return interval(metric, style, " – ");
  }

  /** {@code 97.4 to 99.3 %}, for use in a sentence. */
  static String spokenInterval(Metric metric) {
    return interval(metric, FigureStyle.PERCENT, " to ");
  }

  private static String interval(Metric metric, FigureStyle style, String between) {
    Double low = metric.low();
    Double high = metric.high();
    if (low == null || high == null || Double.isNaN(low) || Double.isNaN(high)) {
      return NONE;
    }
    return switch (style) {
      case PERCENT -> {
        int decimals = decimals(metric.trials());
        yield percentDigits(low, decimals) + between + percentDigits(high, decimals) + SPACE + "%";
      }
      case DECIMAL -> decimal(low) + between + decimal(high);
      case COUNT -> count(Math.round(low)) + between + count(Math.round(high));
    };
  }

  /** A figure in its style, without its interval. */
  static String value(Metric metric, FigureStyle style) {
    if (metric == null || Double.isNaN(metric.value())) {
      return NONE;
    }
    return switch (style) {
      case PERCENT -> percent(metric.value(), metric.trials());
      case DECIMAL -> decimal(metric.value());
      case COUNT -> count(Math.round(metric.value()));
    };
  }

  /** How many trials a figure rests on. */
  static String trials(Metric metric) {
    return metric.trials() == null ? NONE : count(metric.trials());
  }

  /** Four decimals, for scores, thresholds and losses. */
  static String decimal(Double value) {
    if (value == null || Double.isNaN(value)) {
      return NONE;
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "∞" : "−∞";
    }
    String text = String.format(Locale.ROOT, "%.4f", value);
    return minus(text.equals("-0.0000") ? "0.0000" : text);
  }

  /** Four decimals, or in short form what would be zero then and is not. */
  static String figure(double value) {
    return value != 0 && Math.abs(value) < 0.000_05 ? small(value) : decimal(value);
  }

  /** A difference between fractions in percentage points, with its sign, such as {@code +0.62}. */
  static String points(double difference) {
    String text = String.format(Locale.ROOT, "%+.2f", 100 * difference);
    return minus(text.equals("-0.00") || text.equals("+0.00") ? "0.00" : text);
  }

  /** A rate or difference in short form: {@code 0.1}, {@code 1e-3}, {@code 2.4e-7}, {@code 0}. */
  static String small(double value) {
    if (Double.isNaN(value)) {
      return NONE;
    }
    if (value == 0) {
      return "0";
    }
    if (value == 1) {
      return "1";
    }
    if (Double.isInfinite(value)) {
      return decimal(value);
    }
    if (value >= 0.01 && value < 1) {
      return String.format(Locale.ROOT, "%.3f", value).replaceAll("0+$", "");
    }
    String[] parts = String.format(Locale.ROOT, "%.1e", value).split("e", 2);
    String digits =
        parts[0].endsWith(".0") ? parts[0].substring(0, parts[0].length() - 2) : parts[0];
    return minus(digits) + "e" + Integer.parseInt(parts[1]);
  }

  /** A rate for a sentence: percent where that reads well, otherwise scientific. */
  static String rate(double fraction) {
    if (fraction > 0 && fraction < 0.000_995) {
      return small(fraction);
    }
    String text = String.format(Locale.ROOT, "%.2f", 100 * fraction);
    text = text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
    return text + SPACE + "%";
  }

  /** A whole number with thousands separators. */
  static String count(long value) {
    return minus(String.format(Locale.ROOT, "%,d", value));
  }

  /** Such as {@code 1 min 32 s}. */
  static String duration(double seconds) {
    if (Double.isNaN(seconds) || Double.isInfinite(seconds) || seconds < 0) {
      return NONE;
    }
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.1f", seconds) + SPACE + "s";
    }
    long whole = Math.round(seconds);
    if (whole < 60) {
      return whole + SPACE + "s";
    }
    if (whole < 3600) {
      return whole / 60 + SPACE + "min" + SPACE + whole % 60 + SPACE + "s";
    }
    return count(whole / 3600) + SPACE + "h" + SPACE + whole % 3600 / 60 + SPACE + "min";
  }

  /** Three digits, at least the whole number: {@code 0.412}, {@code 18.3}, {@code 1,204}. */
  static String milliseconds(double value) {
    int decimals = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  /** A file size, in powers of ten. */
  static String bytes(long bytes) {
    if (bytes < 1000) {
      return bytes + SPACE + "bytes";
    }
    String[] units = {"kB", "MB", "GB", "TB"};
    double value = bytes / 1000.0;
    int unit = 0;
    while (value >= 999.95 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f", value) + SPACE + units[unit];
  }

  /** The count with its noun, such as {@code 1 image} or {@code 4,324 images}. */
  static String counted(long count, String one, String many) {
    return count(count) + SPACE + (count == 1 ? one : many);
  }

  private static int decimals(Long trials) {
    if (trials == null || trials <= 0) {
      return 2;
    }
    return Math.max(1, Math.min(3, (int) Math.ceil(Math.log10(trials)) - 2));
  }

  private static String percentDigits(double fraction, int decimals) {
    double percent = 100 * fraction;
    for (int digits = decimals; digits <= MOST_PERCENT_DECIMALS; digits++) {
      String text = String.format(Locale.ROOT, "%." + digits + "f", percent);
      double shown = Double.parseDouble(text);
      boolean honest = (shown < 100 || percent >= 100) && (shown > 0 || percent <= 0);
      if (honest) {
        return minus(text);
      }
    }
    return percent < 50 ? "< 0.000001" : "> 99.999999";
  }

  private static String minus(String text) {
    return text.replace('-', '−');
  }
}
