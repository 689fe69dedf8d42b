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

  private static final int SMALLEST_BUFFER = 64 << 10;

  private static final ThreadLocal<OpenCvDecoder> OF_THREAD =
      ThreadLocal.withInitial(OpenCvDecoder::new);

  private final Mat decoded = new Mat();
  private final Mat rgb = new Mat();
  private BytePointer encodedData = new BytePointer(SMALLEST_BUFFER);
  private Mat encoded = new Mat(1, SMALLEST_BUFFER, CV_8UC1, encodedData);

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
    if (encoded.cols() < bytes.length) {
      allocate(Math.max(bytes.length, SMALLEST_BUFFER));
    }
    encodedData.put(bytes, 0, bytes.length);
    encoded.cols(bytes.length); // a new header for each image would cost more than its copying
    try {
      try (Mat sameAsDecoded = imdecode(encoded, flags(reduction), decoded)) {
        if (sameAsDecoded.empty() || sameAsDecoded.type() != CV_8UC3) {
          throw DataException.in(where, "cannot be decoded: its image data is damaged");
        }
      }
      return use.apply(Pixels.of(decoded));
    } catch (DataException e) {
      throw e;
    } catch (RuntimeException e) { // what JavaCPP makes of a cv::Exception
      throw DataException.in(where, "cannot be decoded (" + firstLine(e) + ")", e);
    } finally {
      if (3L * decoded.cols() * decoded.rows() > KEPT_BYTES) {
        decoded.release();
        rgb.release();
      }
      encoded.cols((int) encodedData.capacity());
      if (encodedData.capacity() > KEPT_BYTES) {
        allocate(SMALLEST_BUFFER);
      }
    }
  }

  private void allocate(int bytes) {
    encoded.close();
    encodedData.close();
    encodedData = new BytePointer(bytes);
    encoded = new Mat(1, bytes, CV_8UC1, encodedData);
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
