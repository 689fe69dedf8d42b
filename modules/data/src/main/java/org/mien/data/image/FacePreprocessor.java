package org.mien.data.image;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_core.setNumThreads;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;

import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_imgproc;
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
 * it covers, exact before it is rounded to 8 bits, halves upwards; sides whose lengths have little
 * in common with the input's (more than 257 after division by the greatest common divisor) are left
 * to OpenCV's {@code INTER_AREA}, the same mean in floats. If a side grows: bilinear with pixel
 * centres at half-integers, edges repeated ({@code INTER_LINEAR}), rounded to 8 bits.
 *
 * <p><b>Values.</b> {@code (pixel - mean[c]) / std[c]} in double, then rounded to float; planes in
 * the colour order asked for, layout CHW.
 *
 * <p><b>Decoding.</b> {@link Decoding#REDUCED} gives other pixels. It says so in {@link #describe},
 * and acts where a source is given its preprocessor before it decodes: {@link
 * ImageSource#writeInput} and {@link ImageSource#view}, not {@link #apply}.
 *
 * <p>Thread-safe: each thread has buffers of its own, kept between calls. OpenCV's own thread pool
 * is switched off for the process, for images are small and the callers are many.
 */
public final class FacePreprocessor {
  /** Buffers above this many bytes are freed after use, or each thread would keep its largest. */
  private static final long KEPT_BYTES = 16 << 20;

  private final Preprocessing preprocessing;
  private final Decoding decoding;

  /** {@code (plane, pixel value)}: the float for each of the 256 values of each plane. */
  private final float[][] valueOf = new float[3][256];

  /** For each plane, whether float arithmetic gives exactly {@link #valueOf}. */
  private final boolean[] exactInFloats = new boolean[3];

  private final ThreadLocal<Buffers> buffers = ThreadLocal.withInitial(Buffers::new);

  /** A preprocessor of images decoded at their full size. */
  public FacePreprocessor(Preprocessing preprocessing) {
    this(preprocessing, Decoding.FULL);
  }

  /**
   * @param preprocessing what the network expects
   * @param decoding at which size JPEGs are decoded
   */
  public FacePreprocessor(Preprocessing preprocessing, Decoding decoding) {
    this.preprocessing = preprocessing;
    this.decoding = decoding;
    for (int plane = 0; plane < 3; plane++) {
      for (int pixel = 0; pixel < 256; pixel++) {
        valueOf[plane][pixel] =
            (float) ((pixel - preprocessing.mean().get(plane)) / preprocessing.std().get(plane));
      }
      exactInFloats[plane] = exactInFloats(plane);
    }
  }

  public Preprocessing preprocessing() {
    return preprocessing;
  }

  public Decoding decoding() {
    return decoding;
  }

  /**
   * Returns one line for reports, errors and cache keys: {@link Preprocessing#describe}, and the
   * decoding if it changes pixels.
   */
  public String describe() {
    return preprocessing.describe() + (decoding == Decoding.FULL ? "" : " decoding reduced");
  }

  /**
   * Writes the input of one image.
   *
   * @param image an image of any size
   * @param target receives {@code (3, height, width)} floats
   * @param offset where in {@code target} they begin
   */
  public void apply(RawImage image, float[] target, int offset) {
    write(Pixels.of(image), target, offset);
  }

  /** Returns {@code (3, height, width)} floats of one image in a new array. */
  public float[] apply(RawImage image) {
    float[] target = new float[preprocessing.imageLength()];
    apply(image, target, 0);
    return target;
  }

  /** Returns what the network is shown, before colour order and normalisation: for people. */
  public RawImage view(RawImage image) {
    return view(Pixels.of(image));
  }

  /** As {@link #apply(RawImage, float[], int)}, of pixels that need not be Java's. */
  void write(Pixels image, float[] target, int offset) {
    int length = preprocessing.imageLength();
    if (offset < 0 || offset > target.length - length) {
      throw new IllegalArgumentException(
          String.format(
              "%d floats at offset %d do not fit into an array of %d",
              length, offset, target.length));
    }
    boolean reversed = image.blueFirst() != (preprocessing.colorOrder() == ColorOrder.BGR);
    cropAndResize(image, target, planes(offset, reversed));
    for (int plane = 0; plane < 3; plane++) {
      normalize(target, offset + plane * length / 3, length / 3, plane);
    }
  }

  RawImage view(Pixels image) {
    int area = preprocessing.imageLength() / 3;
    float[] planes = new float[3 * area];
    cropAndResize(image, planes, planes(0, image.blueFirst()));
    byte[] rgb = new byte[3 * area];
    for (int i = 0; i < area; i++) {
      rgb[3 * i] = (byte) planes[i];
      rgb[3 * i + 1] = (byte) planes[area + i];
      rgb[3 * i + 2] = (byte) planes[2 * area + i];
    }
    return new RawImage(preprocessing.widthPixels(), preprocessing.heightPixels(), rgb);
  }

  /** Returns where the plane of each channel begins. */
  private int[] planes(int offset, boolean reversed) {
    int area = preprocessing.imageLength() / 3;
    return new int[] {
      offset + (reversed ? 2 * area : 0), offset + area, offset + (reversed ? 0 : 2 * area)
    };
  }

  /**
   * Returns by which of 1, 2, 4 and 8 a JPEG's sides may be divided while it is decoded.
   *
   * @param width stored; an EXIF orientation may swap it with the height
   */
  int reduction(int width, int height) {
    if (decoding == Decoding.FULL) {
      return 1;
    }
    int factor = 8;
    while (factor > 1 && !(enough(width, height, factor) && enough(height, width, factor))) {
      factor /= 2;
    }
    return factor;
  }

  private boolean enough(int width, int height, int factor) {
    CropRegion crop =
        CropRegion.of(
            preprocessing.crop(), (width + factor - 1) / factor, (height + factor - 1) / factor);
    return crop.width() >= preprocessing.widthPixels()
        && crop.height() >= preprocessing.heightPixels();
  }

  /** Writes pixels of the input's size, 0 to 255, as floats. */
  private void cropAndResize(Pixels image, float[] target, int[] planes) {
    CropRegion crop = CropRegion.of(preprocessing.crop(), image.width(), image.height());
    int width = preprocessing.widthPixels();
    int height = preprocessing.heightPixels();
    if (crop.width() == width && crop.height() == height) {
      byte[] row = new byte[3 * width];
      for (int y = 0; y < height; y++) {
        image.bytes().get(3 * ((crop.y() + y) * image.width() + crop.x()), row);
        spread(row, target, planes, y * width);
      }
    } else {
      buffers.get().resize(image, crop, target, planes);
    }
  }

  /** Writes interleaved pixels as floats in planes. */
  private static void spread(byte[] pixels, float[] target, int[] planes, int at) {
    for (int channel = 0; channel < 3; channel++) {
      int to = planes[channel] + at;
      for (int i = 0, from = channel; from < pixels.length; i++, from += 3) {
        target[to + i] = pixels[from] & 0xFF;
      }
    }
  }

  /** Replaces pixels by the values of their plane. */
  private void normalize(float[] target, int from, int count, int plane) {
    if (exactInFloats[plane]) { // a loop without a table can be vectorised
      float mean = preprocessing.mean().get(plane).floatValue();
      float std = preprocessing.std().get(plane).floatValue();
      for (int i = from; i < from + count; i++) {
        target[i] = (target[i] - mean) / std;
      }
    } else {
      float[] values = valueOf[plane];
      for (int i = from; i < from + count; i++) {
        target[i] = values[(int) target[i]];
      }
    }
  }

  private boolean exactInFloats(int plane) {
    float[] pixels = new float[256];
    for (int pixel = 0; pixel < 256; pixel++) {
      float value = pixel - preprocessing.mean().get(plane).floatValue();
      pixels[pixel] = value / preprocessing.std().get(plane).floatValue();
    }
    return Arrays.equals(pixels, valueOf[plane]);
  }

  /** One thread's native and Java memory. */
  private final class Buffers {
    static {
      // Here, not above: whose features are all cached never loads OpenCV.
      setNumThreads(1);
    }

    private final int width = preprocessing.widthPixels();
    private final int height = preprocessing.heightPixels();
    private final AreaResampler resampler = new AreaResampler(width, height);
    private final byte[] pixels = new byte[preprocessing.imageLength()];
    private final Mat output = new Mat(height, width, CV_8UC3);
    private final BytePointer outputData = output.data();
    private final Size size = new Size(width, height);
    private BytePointer copy = new BytePointer(1);

    /** Resizes a part of an image; writes floats of 0 to 255. */
    void resize(Pixels image, CropRegion crop, float[] target, int[] planes) {
      boolean whole = crop.width() == image.width() && crop.height() == image.height();
      if (whole && image.mat() != null) {
        resize(image.mat(), target, planes);
        return;
      }
      long rowBytes = 3L * image.width();
      BytePointer first = address(image, crop, rowBytes);
      try (Mat region = new Mat(crop.height(), crop.width(), CV_8UC3, first, rowBytes)) {
        resize(region, target, planes);
      }
      if (copy.capacity() > KEPT_BYTES) {
        copy.close();
        copy = new BytePointer(1);
      }
    }

    private void resize(Mat region, float[] target, int[] planes) {
      if (resampler.supports(region.cols(), region.rows())) {
        resampler.resample(region, target, planes);
        return;
      }
      boolean shrinks = region.cols() >= width && region.rows() >= height;
      opencv_imgproc.resize(region, output, size, 0, 0, shrinks ? INTER_AREA : INTER_LINEAR);
      outputData.get(pixels);
      spread(pixels, target, planes, 0);
    }

    /** Returns where in native memory the crop's first pixel is. */
    private BytePointer address(Pixels image, CropRegion crop, long rowBytes) {
      if (image.mat() != null) {
        return image.mat().data().getPointer(rowBytes * crop.y() + 3L * crop.x());
      }
      // All columns of the wanted rows lie in one piece; the matrix skips those beside the crop.
      int bytes = (int) (rowBytes * crop.height());
      if (copy.capacity() < bytes) {
        copy.close();
        copy = new BytePointer(bytes);
      }
      copy.put(image.bytes().array(), (int) (rowBytes * crop.y()), bytes);
      return copy.getPointer(3L * crop.x());
    }
  }
}
