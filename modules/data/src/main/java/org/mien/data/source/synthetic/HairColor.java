package org.mien.data.source.synthetic;

import java.util.Locale;

/** Natural colours of hair, as sRGB. Greying comes with age, not from here. */
public enum HairColor {
  BLACK(26, 22, 22),
  DARK_BROWN(56, 38, 28),
  BROWN(92, 62, 42),
  LIGHT_BROWN(134, 98, 66),
  BLOND(206, 170, 108),
  RED(150, 68, 30);

  final int red;
  final int green;
  final int blue;

  HairColor(int red, int green, int blue) {
    this.red = red;
    this.green = green;
    this.blue = blue;
  }

  /** Returns the name used in labels, for example {@code dark-brown}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
