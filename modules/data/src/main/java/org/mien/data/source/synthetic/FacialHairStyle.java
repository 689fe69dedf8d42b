package org.mien.data.source.synthetic;

import java.util.Locale;

/** Hair on the lower face. */
public enum FacialHairStyle {
  NONE,
  STUBBLE,
  MOUSTACHE,
  GOATEE,
  BEARD;

  /** Returns the name used in labels, for example {@code moustache}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
