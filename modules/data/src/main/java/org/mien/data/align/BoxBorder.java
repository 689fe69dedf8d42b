package org.mien.data.align;

/** What is seen where a box reaches beyond its image. */
public enum BoxBorder {
  /** The nearest pixel of the image. */
  REPEAT,
  /** Black. */
  BLACK
}
