package org.mien.data.image;

import java.nio.ByteBuffer;

/**
 * An 8-bit image of three channels where it lies, in Java's memory or in a decoder's.
 *
 * @param width in pixels
 * @param height in pixels
 * @param bytes {@code (height, width, 3)}, interleaved, from the buffer's beginning on
 * @param blueFirst whether the channels are blue, green, red, as OpenCV has them
 */
record Pixels(int width, int height, ByteBuffer bytes, boolean blueFirst) {
  static Pixels of(RawImage image) {
    return new Pixels(image.width(), image.height(), ByteBuffer.wrap(image.rgb()), false);
  }
}
