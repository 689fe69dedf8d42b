package org.mien.eval.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How values lie along one axis of a chart. */
sealed interface Scale {
  /**
   * Returns where a value lies: 0 at the low end, 1 at the high end; values outside are clamped.
   */
  double position(double value);

  /** Returns the labelled values, in rising order. */
  List<Tick> ticks();

  /** Returns the values marked without a label. */
  List<Double> minorTicks();

  /** A labelled value. */
  record Tick(double value, String label) {}

  /** Even spacing between two round values around the data. */
  record Linear(double low, double high, double step, boolean percent) implements Scale {

    /** A scale whose ends are multiples of a round step, about two to seven of them apart. */
    static Linear around(double low, double high, boolean percent) {
      double span = high - low;
      if (!(span > 0)) {
        // One value only: open the scale around it.
        double margin = low == 0 ? 1 : Math.abs(low) * 0.1;
        return around(low - margin, low + margin, percent);
      }
      double power = Math.pow(10, Math.floor(Math.log10(span / 4)));
      double ratio = span / 4 / power;
      double step = power * (ratio <= 1.5 ? 1 : ratio <= 3 ? 2 : ratio <= 7 ? 5 : 10);
      double tolerance = 1e-9 * step;
      return new Linear(
          step * Math.floor((low + tolerance) / step),
          step * Math.ceil((high - tolerance) / step),
          step,
          percent);
    }

    /** The same between two given ends. */
    static Linear between(double low, double high, boolean percent) {
      Linear around = around(low, high, percent);
      return new Linear(low, high, around.step(), percent);
    }

    @Override
    public double position(double value) {
      return Math.max(0, Math.min(1, (value - low) / (high - low)));
    }

    @Override
    public List<Tick> ticks() {
      double shown = percent ? 100 * step : step;
      int decimals = (int) Math.max(0, -Math.floor(Math.log10(shown) + 1e-9));
      List<Tick> ticks = new ArrayList<>();
      for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) {
        double value = i * step;
        double number = percent ? 100 * value : value;
        String text = String.format(Locale.ROOT, "%." + decimals + "f", number + 0.0);
        ticks.add(
            new Tick(value, text.replace('-', '−') + (percent ? NumberText.SPACE + "%" : "")));
      }
      return ticks;
    }

    @Override
    public List<Double> minorTicks() {
      return List.of();
    }
  }

  /** Even spacing of powers of ten; values at or below zero lie at the low end. */
  record Decades(int lowExponent, int highExponent) implements Scale {
    public Decades {
      if (lowExponent >= highExponent) {
        throw new IllegalArgumentException(
            "expected lowExponent < highExponent, were " + lowExponent + " and " + highExponent);
      }
    }

    /** From the power of ten at or below {@code low} to the one at or above {@code high}. */
    static Decades around(double low, double high) {
      int from = (int) Math.floor(Math.log10(low) + 1e-9);
      int to = (int) Math.ceil(Math.log10(high) - 1e-9);
      return new Decades(from, Math.max(to, from + 1));
    }

    @Override
    public double position(double value) {
      if (!(value > 0)) {
        return 0;
      }
      double position = (Math.log10(value) - lowExponent) / (highExponent - lowExponent);
      return Math.max(0, Math.min(1, position));
    }

    @Override
    public List<Tick> ticks() {
      int every = (highExponent - lowExponent + 5) / 6;
      List<Tick> ticks = new ArrayList<>();
      for (int exponent = lowExponent; exponent <= highExponent; exponent++) {
        if ((highExponent - exponent) % every == 0) {
          String label =
              exponent == 0
                  ? "1"
                  : exponent > 4 || exponent < -2
                      ? "1e" + exponent
                      : exponent > 0
                          ? NumberText.count(Math.round(Math.pow(10, exponent)))
                          : exponent == -1 ? "0.1" : "0.01";
          ticks.add(new Tick(Math.pow(10, exponent), label));
        }
      }
      return ticks;
    }

    @Override
    public List<Double> minorTicks() {
      List<Double> values = new ArrayList<>();
      if (highExponent - lowExponent <= 5) {
        for (int exponent = lowExponent; exponent < highExponent; exponent++) {
          for (int digit = 2; digit <= 9; digit++) {
            values.add(digit * Math.pow(10, exponent));
          }
        }
      }
      return values;
    }
  }

  /** Names at even distances: 0, 1, 2 and so on. */
  record Named(List<String> names) implements Scale {
    public Named {
      names = List.copyOf(names);
      if (names.size() < 2) {
        throw new IllegalArgumentException("expected at least two names, were " + names);
      }
    }

    @Override
    public double position(double value) {
      return Math.max(0, Math.min(1, value / (names.size() - 1)));
    }

    @Override
    public List<Tick> ticks() {
      List<Tick> ticks = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        ticks.add(new Tick(i, names.get(i)));
      }
      return ticks;
    }

    @Override
    public List<Double> minorTicks() {
      return List.of();
    }
  }
}
