package org.mien.data.image;

import java.nio.ByteBuffer;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * An 8-bit image of three channels where it lies: in a decoder's memory or in Java's.
 *
 * @param width in pixels
 * @param height in pixels
 * @param bytes {@code (height, width, 3)}, interleaved, from the buffer's beginning on
 * @param mat the same image as OpenCV has it; null if it is in Java's memory
 * @param blueFirst whether the channels are blue, green, red, as OpenCV has them
 */
record Pixels(int width, int height, ByteBuffer bytes, Mat mat, boolean blueFirst) {
  static Pixels of(RawImage image) {
    return new Pixels(image.width(), image.height(), ByteBuffer.wrap(image.rgb()), null, false);
  }

  /** An image that OpenCV holds, blue first, without gaps between its rows. */
  static Pixels of(Mat mat) {
    int width = mat.cols();
    int height = mat.rows();
    ByteBuffer bytes = mat.data().capacity(3L * width * height).asByteBuffer();
    return new Pixels(width, height, bytes, mat, true);
  }
}
