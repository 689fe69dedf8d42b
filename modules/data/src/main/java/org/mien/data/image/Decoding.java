package org.mien.data.image;

/** At which size a JPEG is decoded. */
public enum Decoding {
  /** At its own size: the pixels every other decoder gives. */
  FULL,

  /**
   * At a half, a quarter or an eighth, the smallest at which the crop still has at least the
   * input's width and height; at its own size if there is none. The decoder leaves out what finer
   * pixels would need, which is faster, and then less is left to resize. <b>The input is not the
   * same</b>: a reduced block is computed from the lowest frequencies of the JPEG's 8x8 blocks
   * rather than by averaging pixels. Other formats are decoded at their own size.
   */
  REDUCED
}
