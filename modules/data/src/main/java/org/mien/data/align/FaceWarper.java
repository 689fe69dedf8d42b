package org.mien.data.align;

import static org.bytedeco.opencv.global.opencv_core.BORDER_CONSTANT;
import static org.bytedeco.opencv.global.opencv_core.CV_64FC1;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_core.setNumThreads;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.warpAffine;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;
import org.mien.data.image.RawImage;

/**
 * Warps with OpenCV's {@code warpAffine} into buffers that one thread uses again and again:
 * bilinear, black where the source ends, as the field's pipelines do. There is no filter against
 * aliasing; of a face much larger than the template every few pixels are looked at, as there.
 */
final class FaceWarper {
  /** OpenCV keeps coordinates of the source in 16 bits. */
  static final int LARGEST_SOURCE_SIDE = Short.MAX_VALUE - 1;

  /** Buffers above this many bytes are freed after use, or each thread would keep its largest. */
  private static final long KEPT_BYTES = 16 << 20;

  private static final ThreadLocal<FaceWarper> OF_THREAD = ThreadLocal.withInitial(FaceWarper::new);

  static {
    // As FacePreprocessor: images are small and the callers are many.
    setNumThreads(1);
  }

  private final Mat matrix = new Mat(2, 3, CV_64FC1);
  private final DoublePointer matrixData = new DoublePointer(matrix.data());
  private final Mat output = new Mat();
  private final Scalar black = new Scalar(0, 0, 0, 0);
  private final Size size = new Size(1, 1);
  private BytePointer input = new BytePointer(1);

  /** Returns the calling thread's warper. */
  static FaceWarper ofThread() {
    return OF_THREAD.get();
  }

  /**
   * Returns a picture in which what was at {@code p} is at {@code transform.apply(p)}.
   *
   * @throws IllegalArgumentException if a side of the source exceeds {@link #LARGEST_SOURCE_SIDE}
   */
  RawImage warp(RawImage image, SimilarityTransform transform, int width, int height) {
    if (Math.max(image.width(), image.height()) > LARGEST_SOURCE_SIDE) {
      throw new IllegalArgumentException(
          String.format(
              "expected sides of at most %d pixels, was %dx%d",
              LARGEST_SOURCE_SIDE, image.width(), image.height()));
    }
    byte[] rgb = image.rgb();
    if (input.capacity() < rgb.length) {
      input.close();
      input = new BytePointer(rgb.length);
    }
    input.put(rgb, 0, rgb.length);
    matrixData.put(
        transform.a(),
        -transform.b(),
        transform.tx(),
        transform.b(),
        transform.a(),
        transform.ty());
    size.width(width).height(height);
    byte[] pixels = new byte[3 * width * height];
    try (Mat source = new Mat(image.height(), image.width(), CV_8UC3, input)) {
      warpAffine(source, output, matrix, size, INTER_LINEAR, BORDER_CONSTANT, black);
    }
    output.data().get(pixels);
    if (input.capacity() > KEPT_BYTES) {
      input.close();
      input = new BytePointer(1);
    }
    if (pixels.length > KEPT_BYTES) {
      output.release();
    }
    return new RawImage(width, height, pixels);
  }
}
