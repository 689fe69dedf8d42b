package org.mien.benchmarks;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.datavec.image.loader.NativeImageLoader;
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.data.image.Decoding;
import org.mien.data.image.FacePreprocessor;
import org.mien.data.image.ImageBytes;

/**
 * What is compared, for one thread: each takes a JPEG in memory. Results are kept in fields, so
 * that nothing is optimised away.
 */
final class Decoders {
  static final int SIDE = 112;

  private static final Preprocessing INPUT =
      new Preprocessing(
          SIDE,
          SIDE,
          ColorOrder.RGB,
          List.of(127.5, 127.5, 127.5),
          List.of(128.0, 128.0, 128.0),
          new Crop.None(),
          "any");

  private static final FacePreprocessor FULL = new FacePreprocessor(INPUT);
  private static final FacePreprocessor REDUCED = new FacePreprocessor(INPUT, Decoding.REDUCED);

  private final BytePointer encoded = new BytePointer(4 << 20);
  private final Mat decoded = new Mat();
  private final NativeImageLoader loader = new NativeImageLoader(SIDE, SIDE, 3);

  /** The last result. */
  final float[] input = new float[INPUT.imageLength()];

  /** The last result of those that make objects. */
  Object made;

  /** OpenCV's decoder into buffers that are used again: the limit. */
  void openCvAlone(byte[] jpeg) {
    encoded.put(jpeg, 0, jpeg.length);
    try (Mat bytes = new Mat(1, jpeg.length, CV_8UC1, encoded);
        Mat result = imdecode(bytes, IMREAD_COLOR, decoded)) {
      if (result.empty()) {
        throw new IllegalStateException("not decoded");
      }
    }
  }

  /** Checked, decoded, resized, normalised: floats of a network's input. */
  void mien(byte[] jpeg) {
    ImageBytes.writeInput("benchmark", jpeg, FULL, input, 0);
  }

  void mienReduced(byte[] jpeg) {
    ImageBytes.writeInput("benchmark", jpeg, REDUCED, input, 0);
  }

  /** DataVec's loader: decoded and resized (bilinear), floats of 0 to 255. */
  void dataVec(byte[] jpeg) {
    try {
      made = loader.asMatrix(new ByteArrayInputStream(jpeg));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Java's reader: decoded only. */
  void imageIoAlone(byte[] jpeg) {
    try {
      made = ImageIO.read(new ByteArrayInputStream(jpeg));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
