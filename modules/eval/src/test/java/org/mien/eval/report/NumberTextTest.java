package org.mien.eval.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.mien.eval.metrics.Metric;

class NumberTextTest {
  @Test
  void percentCarriesNoMoreDigitsThanTheTrials() {
    assertEquals("98.73 %", plain(NumberText.percent(0.98734)));
    assertEquals("98.7 %", plain(NumberText.percent(0.98734, 600L)));
    assertEquals("98.73 %", plain(NumberText.percent(0.98734, 6000L)));
    assertEquals("98.734 %", plain(NumberText.percent(0.98734, 1_000_000L)));
    assertEquals("–", NumberText.percent(Double.NaN));
    assertEquals("–", NumberText.percent(null, 3L));
  }

  @Test
  void neverRoundsToAPerfectOrAZeroRate() {
    assertEquals("99.998 %", plain(NumberText.percent(0.99998)));
    assertEquals("100.00 %", plain(NumberText.percent(1.0)));
    assertEquals("0.002 %", plain(NumberText.percent(0.00002)));
    assertEquals("0.00 %", plain(NumberText.percent(0.0)));
    assertEquals("> 99.999999 %", plain(NumberText.percent(Math.nextDown(1.0))));
    assertEquals("< 0.000001 %", plain(NumberText.percent(1e-12)));
  }

  @Test
  void formatsIgnoreTheUsersLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertEquals("0.3121", NumberText.decimal(0.31214));
      assertEquals("4,324", NumberText.count(4324));
      assertEquals("14.3 MB", plain(NumberText.bytes(14_312_448)));
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void smallRatesAreShort() {
    assertEquals("1e-3", NumberText.small(1e-3));
    assertEquals("3.6e-7", NumberText.small(3.6e-7));
    assertEquals("0.1", NumberText.small(0.1));
    assertEquals("0.013", NumberText.small(0.0133));
    assertEquals("0", NumberText.small(0));
    assertEquals("∞", NumberText.small(Double.POSITIVE_INFINITY));
    assertEquals("1e-4", NumberText.rate(1e-4));
    assertEquals("0.1 %", plain(NumberText.rate(0.001)));
    assertEquals("100 %", plain(NumberText.rate(1)));
  }

  @Test
  void durationsAndSizesGetReadableUnits() {
    assertEquals("4.2 s", plain(NumberText.duration(4.21)));
    assertEquals("41 s", plain(NumberText.duration(41.3)));
    assertEquals("1 min 32 s", plain(NumberText.duration(92)));
    assertEquals("2 h 5 min", plain(NumberText.duration(7500)));
    assertEquals("999 bytes", plain(NumberText.bytes(999)));
    assertEquals("1.0 MB", plain(NumberText.bytes(999_999)));
  }

  @Test
  void intervalsShareTheDigitsOfTheirFigure() {
    Metric metric = Metric.of(0.987, 0.9744, 0.9931, 600);

    assertEquals("97.4 – 99.3 %", plain(NumberText.interval(metric, FigureStyle.PERCENT)));
    assertEquals("–", NumberText.interval(Metric.of(0.5, 10), FigureStyle.PERCENT));
    assertEquals("+0.62", NumberText.points(0.0062));
    assertEquals("−3.26", NumberText.points(-0.0326));
    assertEquals("0.00", NumberText.points(-1e-9));
  }

  private static String plain(String text) {
    return text.replace(NumberText.SPACE, " ");
  }
}
