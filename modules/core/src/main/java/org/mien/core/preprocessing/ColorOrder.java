package org.mien.core.preprocessing;

/** The order of the three colour planes in a network's input. */
public enum ColorOrder {
  RGB,
  BGR
}
