package org.mien.model.backbone;

/**
 * What a convolution or pooling sees at once.
 *
 * @param kernelHeight rows
 * @param kernelWidth columns
 * @param stride pixels from one window to the next, in both directions
 * @param paddingHeight rows of zeros above and below
 * @param paddingWidth columns of zeros on the left and on the right
 */
record Window(int kernelHeight, int kernelWidth, int stride, int paddingHeight, int paddingWidth) {

  static Window square(int kernel, int stride, int padding) {
    return new Window(kernel, kernel, stride, padding, padding);
  }

  /** One row of odd length that keeps the size of the planes. */
  static Window row(int length) {
    return new Window(1, length, 1, 0, length / 2);
  }

  /** One column of odd length that keeps the size of the planes. */
  static Window column(int length) {
    return new Window(length, 1, 1, length / 2, 0);
  }
}
