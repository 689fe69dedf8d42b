package org.mien.data.prepare;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_QUALITY;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.mien.data.image.RawImage;

/** Encodes pictures with OpenCV. The same pixels always give the same bytes. */
final class PictureEncoder {
  private PictureEncoder() {}

  static byte[] encode(RawImage image, ImageFormat format, int jpegQuality) {
    try (BytePointer pixels = new BytePointer(image.rgb());
        Mat rgb = new Mat(image.height(), image.width(), CV_8UC3, pixels);
        Mat bgr = new Mat();
        BytePointer encoded = new BytePointer();
        IntPointer parameters =
            format == ImageFormat.JPG
                ? new IntPointer(IMWRITE_JPEG_QUALITY, jpegQuality)
                : new IntPointer(new int[0])) {
      cvtColor(rgb, bgr, COLOR_RGB2BGR);
      if (!imencode("." + format.extension(), bgr, encoded, parameters)) {
        throw new IllegalStateException(
            "OpenCV could not encode " + image.width() + "x" + image.height() + " as " + format);
      }
      byte[] bytes = new byte[(int) encoded.limit()];
      encoded.get(bytes);
      return bytes;
    }
  }
}
