package org.mien.data.align;

/** The shape of what is cut out around a bounding box. */
public enum BoxShape {
  /** A square whose side is the box's larger one, around the box's centre. */
  SQUARE,
  /** The box itself. */
  KEEP_ASPECT
}
