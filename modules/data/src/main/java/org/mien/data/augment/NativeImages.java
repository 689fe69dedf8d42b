package org.mien.data.augment;

import static org.bytedeco.opencv.global.opencv_core.BORDER_REFLECT_101;
import static org.bytedeco.opencv.global.opencv_core.CV_64FC1;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_core.setNumThreads;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_QUALITY;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_BGR2RGB;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;
import static org.bytedeco.opencv.global.opencv_imgproc.GaussianBlur;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.WARP_INVERSE_MAP;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;
import static org.bytedeco.opencv.global.opencv_imgproc.warpAffine;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;
import org.mien.data.image.RawImage;

/** What OpenCV does to whole images, in native memory that one thread uses again and again. */
final class NativeImages {
  /** Buffers above this many bytes are freed after use, or each thread would keep its largest. */
  private static final long KEPT_BYTES = 16 << 20;

  private static final ThreadLocal<NativeImages> OF_THREAD =
      ThreadLocal.withInitial(NativeImages::new);

  static {
    setNumThreads(1); // images are small and the callers are many, as in FacePreprocessor
  }

  private final Mat input = new Mat();
  private final Mat between = new Mat();
  private final Mat output = new Mat();
  private final Mat affine = new Mat(2, 3, CV_64FC1);
  private final Scalar black = Scalar.all(0);

  private NativeImages() {}

  /** Returns the calling thread's buffers. */
  static NativeImages ofThread() {
    return OF_THREAD.get();
  }

  /**
   * Resamples, bilinear, mirrored at the edge.
   *
   * @param inverse {@code (2, 3)}: where in the image the centre of an output pixel {@code (x, y,
   *     1)} comes from
   */
  RawImage warp(RawImage image, double[] inverse) {
    load(image);
    new DoublePointer(affine.data()).put(inverse);
    try (Size size = new Size(image.width(), image.height())) {
      warpAffine(
          input, output, affine, size, INTER_LINEAR | WARP_INVERSE_MAP, BORDER_REFLECT_101, black);
    }
    return unload(output);
  }

  RawImage blur(RawImage image, double sigmaPixels) {
    load(image);
    int side = 2 * (int) Math.ceil(3 * sigmaPixels) + 1;
    try (Size kernel = new Size(side, side)) {
      GaussianBlur(input, output, kernel, sigmaPixels, sigmaPixels, BORDER_REFLECT_101);
    }
    return unload(output);
  }

  RawImage shrinkAndEnlarge(RawImage image, int width, int height) {
    load(image);
    try (Size small = new Size(width, height);
        Size large = new Size(image.width(), image.height())) {
      resize(input, between, small, 0, 0, INTER_AREA);
      resize(between, output, large, 0, 0, INTER_LINEAR);
    }
    return unload(output);
  }

  RawImage throughJpeg(RawImage image, int quality) {
    load(image);
    cvtColor(input, between, COLOR_RGB2BGR);
    try (BytePointer encoded = new BytePointer();
        IntPointer options = new IntPointer(IMWRITE_JPEG_QUALITY, quality)) {
      if (!imencode(".jpg", between, encoded, options)) {
        throw new IllegalStateException("OpenCV cannot encode JPEG");
      }
      try (Mat bytes = new Mat(encoded);
          Mat sameAsBetween = imdecode(bytes, IMREAD_COLOR, between)) {
        cvtColor(sameAsBetween, output, COLOR_BGR2RGB);
      }
    }
    return unload(output);
  }

  private void load(RawImage image) {
    input.create(image.height(), image.width(), CV_8UC3);
    input.data().put(image.rgb());
  }

  private RawImage unload(Mat result) {
    byte[] rgb = new byte[3 * result.cols() * result.rows()];
    result.data().get(rgb);
    RawImage image = new RawImage(result.cols(), result.rows(), rgb);
    if (rgb.length > KEPT_BYTES) {
      input.release();
      between.release();
      output.release();
    }
    return image;
  }
}
