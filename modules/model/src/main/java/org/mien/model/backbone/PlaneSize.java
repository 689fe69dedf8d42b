package org.mien.model.backbone;

import org.mien.core.preprocessing.Preprocessing;

/** Height and width of a layer's planes, for what depends on them. */
record PlaneSize(int height, int width) {

  static PlaneSize of(Preprocessing input) {
    return new PlaneSize(input.heightPixels(), input.widthPixels());
  }

  /** After a window that stays inside. */
  PlaneSize after(int kernel, int stride, int padding) {
    return new PlaneSize(
        floor(height + 2 * padding, kernel, stride), floor(width + 2 * padding, kernel, stride));
  }

  /** After windows without padding of which the last may reach over the edge. */
  PlaneSize afterCeil(int kernel, int stride) {
    return new PlaneSize(
        floor(height + missing(height, kernel, stride), kernel, stride),
        floor(width + missing(width, kernel, stride), kernel, stride));
  }

  /** How many pixels are missing at the end for windows to reach every pixel. */
  static int missing(int size, int kernel, int stride) {
    return size <= kernel ? kernel - size : (stride - (size - kernel) % stride) % stride;
  }

  private static int floor(int size, int kernel, int stride) {
    return (size - kernel) / stride + 1;
  }

  /**
   * @throws IllegalArgumentException if an input is smaller than a network can take
   */
  static void requireAtLeast(Preprocessing input, int side) {
    if (Math.min(input.widthPixels(), input.heightPixels()) < side) {
      throw new IllegalArgumentException(
          String.format(
              "expected an input of at least %dx%d pixels, was %dx%d",
              side, side, input.widthPixels(), input.heightPixels()));
    }
  }
}
