package org.mien.data.source.synthetic;

import java.util.Locale;

/** Colours of the iris, as sRGB. */
public enum EyeColor {
  DARK_BROWN(52, 32, 22),
  BROWN(98, 62, 34),
  HAZEL(120, 96, 50),
  GREEN(92, 124, 82),
  BLUE(84, 132, 176),
  GREY(128, 142, 150);

  final int red;
  final int green;
  final int blue;

  EyeColor(int red, int green, int blue) {
    this.red = red;
    this.green = green;
    this.blue = blue;
  }

  /** Returns the name used in labels, for example {@code dark-brown}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
