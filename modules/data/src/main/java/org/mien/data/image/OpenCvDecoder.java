package org.mien.data.image;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_COLOR_2;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_COLOR_4;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_REDUCED_COLOR_8;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_BGR2RGB;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;

import java.util.function.Function;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.mien.core.error.DataException;

/** Decodes with OpenCV into buffers that one thread uses again and again. */
final class OpenCvDecoder {
  /** Buffers above this many bytes are freed after use, or each thread would keep its largest. */
  private static final long KEPT_BYTES = 16 << 20;

  private static final ThreadLocal<OpenCvDecoder> OF_THREAD =
      ThreadLocal.withInitial(OpenCvDecoder::new);

  private final Mat decoded = new Mat();
  private final Mat rgb = new Mat();
  private BytePointer encoded = new BytePointer(64 << 10);

  /** Returns the calling thread's decoder. */
  static OpenCvDecoder ofThread() {
    return OF_THREAD.get();
  }

  /**
   * Decodes bytes that {@link EncodedImage#check} accepted: grey becomes three equal planes, 16
   * bits become the upper 8, an alpha plane is dropped, an EXIF orientation is applied.
   */
  RawImage decode(String where, byte[] bytes) {
    return use(
        where,
        bytes,
        1,
        pixels -> {
          cvtColor(decoded, rgb, COLOR_BGR2RGB);
          byte[] copy = new byte[3 * pixels.width() * pixels.height()];
          rgb.data().get(copy);
          return new RawImage(pixels.width(), pixels.height(), copy);
        });
  }

  /**
   * As {@link #decode}, without a copy.
   *
   * @param reduction 1, or 2, 4 or 8 to have a JPEG's sides divided by it, rounded up
   * @param use is given the pixels, which are overwritten or freed when it has returned
   * @return what {@code use} returns
   */
  <T> T use(String where, byte[] bytes, int reduction, Function<Pixels, T> use) {
    if (encoded.capacity() < bytes.length) {
      encoded.close();
      encoded = new BytePointer(Math.max(bytes.length, 64L << 10));
    }
    encoded.position(0).put(bytes, 0, bytes.length);
    try (Mat input = new Mat(1, bytes.length, CV_8UC1, encoded)) {
      try (Mat sameAsDecoded = imdecode(input, flags(reduction), decoded)) {
        if (sameAsDecoded.empty() || sameAsDecoded.type() != CV_8UC3) {
          throw DataException.in(where, "cannot be decoded: its image data is damaged");
        }
      }
      int width = decoded.cols();
      int height = decoded.rows();
      BytePointer data = decoded.data();
      return use.apply(
          new Pixels(width, height, data.capacity(3L * width * height).asByteBuffer(), true));
    } catch (DataException e) {
      throw e;
    } catch (RuntimeException e) { // what JavaCPP makes of a cv::Exception
      throw DataException.in(where, "cannot be decoded (" + firstLine(e) + ")", e);
    } finally {
      if (3L * decoded.cols() * decoded.rows() > KEPT_BYTES) {
        decoded.release();
        rgb.release();
      }
      if (encoded.capacity() > KEPT_BYTES) {
        encoded.close();
        encoded = new BytePointer(64 << 10);
      }
    }
  }

  private static int flags(int reduction) {
    return switch (reduction) {
      case 1 -> IMREAD_COLOR;
      case 2 -> IMREAD_REDUCED_COLOR_2;
      case 4 -> IMREAD_REDUCED_COLOR_4;
      case 8 -> IMREAD_REDUCED_COLOR_8;
      default -> throw new IllegalArgumentException("no reduction by " + reduction);
    };
  }

  private static String firstLine(RuntimeException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
  }
}
