package org.mien.data.image;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_core.setNumThreads;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;

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

  private static final float[] IDENTITY = new float[256];

  static {
    setNumThreads(1);
    for (int i = 0; i < IDENTITY.length; i++) {
      IDENTITY[i] = i;
    }
  }

  private final Preprocessing preprocessing;
  private final Decoding decoding;

  /** {@code (plane, pixel value)}: the float for each of the 256 values of each plane. */
  private final float[][] valueOf = new float[3][256];

  /** Of images whose first channel is red, and of those whose first is blue. */
  private final Channels redFirst;

  private final Channels blueFirst;

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
    }
    Channels same = new Channels(valueOf, new int[] {0, 1, 2});
    Channels reversed =
        new Channels(new float[][] {valueOf[2], valueOf[1], valueOf[0]}, new int[] {2, 1, 0});
    boolean rgb = preprocessing.colorOrder() == ColorOrder.RGB;
    this.redFirst = rgb ? same : reversed;
    this.blueFirst = rgb ? reversed : same;
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
    write(image, image.blueFirst() ? blueFirst : redFirst, target, offset);
  }

  RawImage view(Pixels image) {
    int area = preprocessing.imageLength() / 3;
    float[] planes = new float[3 * area];
    int[] planeOf = image.blueFirst() ? new int[] {2, 1, 0} : new int[] {0, 1, 2};
    write(image, new Channels(new float[][] {IDENTITY, IDENTITY, IDENTITY}, planeOf), planes, 0);
    byte[] rgb = new byte[3 * area];
    for (int i = 0; i < area; i++) {
      rgb[3 * i] = (byte) planes[i];
      rgb[3 * i + 1] = (byte) planes[area + i];
      rgb[3 * i + 2] = (byte) planes[2 * area + i];
    }
    return new RawImage(preprocessing.widthPixels(), preprocessing.heightPixels(), rgb);
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

  private void write(Pixels image, Channels channels, float[] target, int offset) {
    CropRegion crop = CropRegion.of(preprocessing.crop(), image.width(), image.height());
    int width = preprocessing.widthPixels();
    int height = preprocessing.heightPixels();
    Buffers own = buffers.get();
    if (crop.width() == width && crop.height() == height) {
      for (int row = 0; row < height; row++) {
        int from = 3 * ((crop.y() + row) * image.width() + crop.x());
        image.bytes().get(from, own.pixels, 3 * row * width, 3 * width);
      }
      lookUp(own.pixels, channels, target, offset);
    } else if (own.resampler.supports(crop.width(), crop.height())) {
      int[] planes = new int[3];
      for (int channel = 0; channel < 3; channel++) {
        planes[channel] = offset + channels.planeOf()[channel] * width * height;
      }
      own.resampler.resample(image.bytes(), image.width(), crop, channels.values(), target, planes);
    } else {
      own.resize(image, crop);
      lookUp(own.pixels, channels, target, offset);
    }
  }

  private static void lookUp(byte[] pixels, Channels channels, float[] target, int offset) {
    int area = pixels.length / 3;
    for (int channel = 0; channel < 3; channel++) {
      float[] values = channels.values()[channel];
      int to = offset + channels.planeOf()[channel] * area;
      for (int i = 0; i < area; i++) {
        target[to + i] = values[pixels[3 * i + channel] & 0xFF];
      }
    }
  }

  /**
   * What becomes of an image's channels.
   *
   * @param values the float for each of the 256 values of each channel
   * @param planeOf the plane of each channel
   */
  @SuppressWarnings("ArrayRecordComponent") // two tables of one preprocessor, never compared
  private record Channels(float[][] values, int[] planeOf) {}

  /** One thread's native and Java memory. */
  private final class Buffers {
    private final int width = preprocessing.widthPixels();
    private final int height = preprocessing.heightPixels();
    private final byte[] pixels = new byte[preprocessing.imageLength()];
    private final AreaResampler resampler = new AreaResampler(width, height);
    private final Mat output = new Mat(height, width, CV_8UC3);
    private final BytePointer outputData = output.data();
    private final Size size = new Size(width, height);
    private BytePointer input = new BytePointer(1);

    /** Resizes with OpenCV into {@link #pixels}. */
    void resize(Pixels image, CropRegion crop) {
      // All columns of the wanted rows lie in one piece; the matrix skips those beside the crop.
      long rowBytes = 3L * image.width();
      int bytes = (int) (rowBytes * crop.height());
      if (input.capacity() < bytes) {
        input.close();
        input = new BytePointer(bytes);
      }
      input.position(0).limit(bytes);
      input.asByteBuffer().put(image.bytes().slice((int) (rowBytes * crop.y()), bytes));
      int method = crop.width() >= width && crop.height() >= height ? INTER_AREA : INTER_LINEAR;
      input.position(3L * crop.x());
      try (Mat region = new Mat(crop.height(), crop.width(), CV_8UC3, input, rowBytes)) {
        opencv_imgproc.resize(region, output, size, 0, 0, method);
      }
      outputData.get(pixels);
      input.position(0);
      if (input.capacity() > KEPT_BYTES) {
        input.close();
        input = new BytePointer(1);
      }
    }
  }
}
