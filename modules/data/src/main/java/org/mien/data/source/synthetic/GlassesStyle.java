package org.mien.data.source.synthetic;

import java.util.Locale;

/** Frames a person owns; {@link #NONE} for people who never wear glasses. */
public enum GlassesStyle {
  NONE,
  ROUND,
  RECTANGULAR,
  OVAL;

  /** Returns the name used in labels, for example {@code round}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
