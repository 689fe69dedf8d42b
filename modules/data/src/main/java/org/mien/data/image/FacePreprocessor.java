package org.mien.data.image;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_core.setNumThreads;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Preprocessing;

/**
 * Turns an image into a network's input as a {@link Preprocessing} says: crop, resize, colour
 * order, mean and divisor, in this order.
 *
 * <p><b>Crop.</b> {@code none} keeps the image. {@code centre} of fraction {@code f} takes from an
 * image of {@code W x H} pixels a rectangle of {@code w = max(1, floor(f * W + 1/2))} by {@code h =
 * max(1, floor(f * H + 1/2))} whole pixels, whose first column is {@code floor((W - w) / 2)} and
 * first row {@code floor((H - h) / 2)}: half of 250 is 125, columns 62 to 186.
 *
 * <p><b>Resize</b> to the input's width and height without keeping the aspect. Nothing is resampled
 * where the size is already right. If neither side grows, each output pixel is the mean of the area
 * it covers (OpenCV {@code INTER_AREA}); else bilinear with pixel centres at half-integers, edges
 * repeated ({@code INTER_LINEAR}). Resampled values are rounded to 8 bits, as the usual pipelines
 * do.
 *
 * <p><b>Values.</b> {@code (pixel - mean[c]) / std[c]} in double, then rounded to float; planes in
 * the colour order asked for, layout CHW.
 *
 * <p>Thread-safe: each thread has buffers of its own, kept between calls. OpenCV's own thread pool
 * is switched off for the process, for images are small and the callers are many.
 */
public final class FacePreprocessor {
  /** Buffers above this many bytes are freed after use, or each thread would keep its largest. */
  private static final long KEPT_BYTES = 16 << 20;

  static {
    setNumThreads(1);
  }

  private final Preprocessing preprocessing;

  /** {@code (plane, pixel value)}: the float for each of the 256 values of each plane. */
  private final float[][] valueOf = new float[3][256];

  /** Which of R, G, B (0, 1, 2) each plane holds. */
  private final int[] channelOf;

  private final ThreadLocal<Buffers> buffers = ThreadLocal.withInitial(Buffers::new);

  public FacePreprocessor(Preprocessing preprocessing) {
    this.preprocessing = preprocessing;
    this.channelOf =
        preprocessing.colorOrder() == ColorOrder.RGB ? new int[] {0, 1, 2} : new int[] {2, 1, 0};
    for (int plane = 0; plane < 3; plane++) {
      for (int pixel = 0; pixel < 256; pixel++) {
        valueOf[plane][pixel] =
            (float) ((pixel - preprocessing.mean().get(plane)) / preprocessing.std().get(plane));
      }
    }
  }

  public Preprocessing preprocessing() {
    return preprocessing;
  }

  /**
   * Writes the input of one image.
   *
   * @param image an image of any size
   * @param target receives {@code (3, height, width)} floats
   * @param offset where in {@code target} they begin
   */
  public void apply(RawImage image, float[] target, int offset) {
    int length = preprocessing.imageLength();
    if (offset < 0 || offset > target.length - length) {
      throw new IllegalArgumentException(
          String.format(
              "%d floats at offset %d do not fit into an array of %d",
              length, offset, target.length));
    }
    byte[] pixels = croppedAndResized(image);
    int area = length / 3;
    for (int plane = 0; plane < 3; plane++) {
      float[] values = valueOf[plane];
      int from = channelOf[plane];
      int to = offset + plane * area;
      for (int i = 0; i < area; i++) {
        target[to + i] = values[pixels[3 * i + from] & 0xFF];
      }
    }
  }

  /** Returns {@code (3, height, width)} floats of one image in a new array. */
  public float[] apply(RawImage image) {
    float[] target = new float[preprocessing.imageLength()];
    apply(image, target, 0);
    return target;
  }

  /** Returns what the network is shown, before colour order and normalisation: for people. */
  public RawImage view(RawImage image) {
    return new RawImage(
        preprocessing.widthPixels(),
        preprocessing.heightPixels(),
        croppedAndResized(image).clone());
  }

  /** Returns {@code (height, width, 3)} RGB bytes; the array may be the thread's or the image's. */
  private byte[] croppedAndResized(RawImage image) {
    CropRegion crop = CropRegion.of(preprocessing.crop(), image.width(), image.height());
    int width = preprocessing.widthPixels();
    int height = preprocessing.heightPixels();
    Buffers own = buffers.get();
    if (crop.width() == width && crop.height() == height) {
      if (image.width() == width && image.height() == height) {
        return image.rgb();
      }
      for (int row = 0; row < height; row++) {
        int from = 3 * ((crop.y() + row) * image.width() + crop.x());
        System.arraycopy(image.rgb(), from, own.pixels, 3 * row * width, 3 * width);
      }
      return own.pixels;
    }
    return own.resized(image, crop, width, height);
  }

  /** One thread's native and Java memory. */
  private final class Buffers {
    private final byte[] pixels = new byte[preprocessing.imageLength()];
    private final Mat output =
        new Mat(preprocessing.heightPixels(), preprocessing.widthPixels(), CV_8UC3);
    private final BytePointer outputData = output.data();
    private final Size size = new Size(preprocessing.widthPixels(), preprocessing.heightPixels());
    private BytePointer input = new BytePointer(1);

    byte[] resized(RawImage image, CropRegion crop, int width, int height) {
      // All columns of the wanted rows lie in one piece; the matrix skips those beside the crop.
      long rowBytes = 3L * image.width();
      int bytes = (int) (rowBytes * crop.height());
      if (input.capacity() < bytes) {
        input.close();
        input = new BytePointer(bytes);
      }
      input.position(0).put(image.rgb(), (int) (rowBytes * crop.y()), bytes);
      int method = crop.width() >= width && crop.height() >= height ? INTER_AREA : INTER_LINEAR;
      input.position(3L * crop.x());
      try (Mat region = new Mat(crop.height(), crop.width(), CV_8UC3, input, rowBytes)) {
        resize(region, output, size, 0, 0, method);
      }
      outputData.get(pixels);
      input.position(0);
      if (input.capacity() > KEPT_BYTES) {
        input.close();
        input = new BytePointer(1);
      }
      return pixels;
    }
  }
}
