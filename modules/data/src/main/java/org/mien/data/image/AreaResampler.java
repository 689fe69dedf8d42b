package org.mien.data.image;

import static org.bytedeco.opencv.global.opencv_core.CV_32F;

import java.nio.FloatBuffer;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Shrinks 8-bit images of three channels to a given size, exactly: each output pixel is the mean of
 * the area it covers, rounded to the nearest integer, halves upwards.
 *
 * <p>Along a side of {@code n} source and {@code m} output pixels, with {@code g} their greatest
 * common divisor, a source pixel is {@code m / g} units long and an output pixel {@code n / g}. All
 * weights are then whole numbers, and so are all sums, which floats hold exactly. OpenCV's {@code
 * INTER_AREA} is the same mean with rounded weights, and differs by one where its errors cross a
 * half.
 *
 * <p><b>Speed.</b> Rows are summed first, then columns, in plain loops over floats that HotSpot
 * turns into vector instructions: it does so for arrays that are all read at {@code [i]}, which is
 * why columns are summed for every position of a row, of which the output needs some, from copies
 * that are shifted by one pixel each.
 *
 * <p>Keeps buffers and tables between calls; for one thread.
 */
final class AreaResampler {
  /** The largest area in units of an output pixel for which {@link #divide} is exact. */
  private static final int MAXIMUM_AREA = 1 << 14;

  /** Beyond this, in pixels, plain resampling costs no more. */
  private static final int MAXIMUM_TAPS = 8;

  private static final int MAXIMUM_CROP_PIXELS = 1 << 20;

  /** Rows or columns that are summed in one pass. */
  private static final int AT_ONCE = 4;

  /** Adding and subtracting this, 1.5 * 2^23, rounds a small float to the nearest integer. */
  private static final float ROUND = 12582912f;

  private final int outputWidth;
  private final int outputHeight;
  private final Mat floats = new Mat();

  // What follows depends on the crop's size.
  private Weights columns = new Weights(1, 1);
  private Weights rows = columns;
  private int width;
  private int height;

  /** Source rows; where a pass has fewer than four, the others count nothing. */
  private float[][] row = {};

  /** The summed row, and copies that begin at its second, third ... pixel. */
  private float[][] sum = {};

  /** For each of {@link #sum} and each float of it, what it counts in an output pixel. */
  private float[][] weights = {};

  private float[] sums = {};

  AreaResampler(int outputWidth, int outputHeight) {
    this.outputWidth = outputWidth;
    this.outputHeight = outputHeight;
  }

  /** Returns whether a crop of this size can be shrunk here. */
  boolean supports(int cropWidth, int cropHeight) {
    if (cropWidth == width && cropHeight == height) {
      return true;
    }
    if (cropWidth < outputWidth
        || cropHeight < outputHeight
        || (long) cropWidth * cropHeight > MAXIMUM_CROP_PIXELS) {
      return false;
    }
    Weights across = new Weights(cropWidth, outputWidth);
    Weights down = new Weights(cropHeight, outputHeight);
    return across.taps() <= MAXIMUM_TAPS
        && down.taps() <= MAXIMUM_TAPS
        && (long) across.outputUnits * down.outputUnits <= MAXIMUM_AREA;
  }

  /**
   * Shrinks.
   *
   * @param crop {@code (height, width, 3)} bytes of a {@linkplain #supports supported} size
   * @param target receives the means, 0 to 255, in planes
   * @param planes where in {@code target} the plane of each channel begins
   */
  void resample(Mat crop, float[] target, int[] planes) {
    prepare(crop.cols(), crop.rows());
    crop.convertTo(floats, CV_32F);
    FloatBuffer source = floats.createBuffer();
    int length = 3 * width;
    int loaded = -1; // the source row in row[0]
    for (int y = 0; y < outputHeight; y++) {
      int next = rows.first(y);
      int end = rows.last(y) + 1;
      for (int done = 0; next < end; done += AT_ONCE) {
        int count = Math.min(AT_ONCE, end - next);
        for (int k = 0; k < count; k++) {
          if (k > 0 || loaded != next) {
            source.get((next + k) * length, row[k], 0, length);
          }
        }
        sumOfFour(
            done > 0,
            row,
            rows.weight(y, next),
            count > 1 ? rows.weight(y, next + 1) : 0,
            count > 2 ? rows.weight(y, next + 2) : 0,
            count > 3 ? rows.weight(y, next + 3) : 0,
            sum[0],
            length);
        next += count;
        // The last row is often the next output row's first.
        float[] last = row[count - 1];
        row[count - 1] = row[0];
        row[0] = last;
        loaded = next - 1;
      }
      sumColumns(length);
      pick(target, planes, y * outputWidth);
    }
    int area = rows.outputUnits * columns.outputUnits;
    for (int channel = 0; channel < 3; channel++) {
      divide(target, planes[channel], outputWidth * outputHeight, area);
    }
  }

  private void prepare(int cropWidth, int cropHeight) {
    if (cropWidth == width && cropHeight == height) {
      return;
    }
    if (!supports(cropWidth, cropHeight)) {
      throw new IllegalArgumentException(
          String.format(
              "cannot shrink %dx%d to %dx%d", cropWidth, cropHeight, outputWidth, outputHeight));
    }
    width = cropWidth;
    height = cropHeight;
    columns = new Weights(width, outputWidth);
    rows = new Weights(height, outputHeight);
    int length = 3 * width;
    int taps = (columns.taps() + 1) / 2 * 2;
    row = new float[AT_ONCE][length];
    sum = new float[taps][length];
    weights = new float[taps][length];
    sums = new float[length];
    for (int x = 0; x < outputWidth; x++) {
      int first = columns.first(x);
      for (int column = first; column <= columns.last(x); column++) {
        for (int channel = 0; channel < 3; channel++) {
          weights[column - first][3 * first + channel] = columns.weight(x, column);
        }
      }
    }
  }

  /**
   * Sets {@code to}, or with {@code add} increases it, by the weighted sum of four arrays. A method
   * of its own for its loops: within a longer one HotSpot may not vectorise them.
   */
  private static void sumOfFour(
      boolean add, float[][] of, float p, float q, float r, float s, float[] to, int length) {
    float[] a = of[0];
    float[] b = of[1];
    float[] c = of[2];
    float[] d = of[3];
    if (add) {
      for (int i = 0; i < length; i++) {
        to[i] += p * a[i] + q * b[i] + r * c[i] + s * d[i];
      }
    } else {
      for (int i = 0; i < length; i++) {
        to[i] = p * a[i] + q * b[i] + r * c[i] + s * d[i];
      }
    }
  }

  private void sumColumns(int length) {
    for (int tap = 1; tap < columns.taps(); tap++) {
      System.arraycopy(sum[0], 3 * tap, sum[tap], 0, length - 3 * tap);
    }
    for (int tap = 0; tap < sum.length; tap += 2) {
      sumOfTwo(tap > 0, sum[tap], weights[tap], sum[tap + 1], weights[tap + 1], sums, length);
    }
  }

  /**
   * As {@link #sumOfFour}, with a weight for each position; four would be too many to vectorise.
   */
  private static void sumOfTwo(
      boolean add, float[] a, float[] p, float[] b, float[] q, float[] to, int length) {
    if (add) {
      for (int i = 0; i < length; i++) {
        to[i] += p[i] * a[i] + q[i] * b[i];
      }
    } else {
      for (int i = 0; i < length; i++) {
        to[i] = p[i] * a[i] + q[i] * b[i];
      }
    }
  }

  /** Takes the sums of one output row from the positions where output pixels begin. */
  private void pick(float[] target, int[] planes, int at) {
    int to0 = planes[0] + at;
    int to1 = planes[1] + at;
    int to2 = planes[2] + at;
    int[] places = columns.places;
    float[] from = sums;
    for (int x = 0; x < places.length; x++) {
      int place = places[x];
      target[to0 + x] = from[place];
      target[to1 + x] = from[place + 1];
      target[to2 + x] = from[place + 2];
    }
  }

  /**
   * Replaces sums {@code t} by {@code floor(t / area + 1/2)}. With a quarter of a unit added no sum
   * is half a multiple of the area, and none is nearer to one than a quarter of a unit: more than a
   * rounded quotient below 256 may be wrong, 2^-17, as long as the area is at most 2^14.
   */
  private static void divide(float[] values, int from, int count, float area) {
    for (int i = from; i < from + count; i++) {
      values[i] = ((values[i] + 0.25f) / area + ROUND) - ROUND;
    }
  }

  /** How the pixels along one side count in the output pixels along it. */
  private static final class Weights {
    private final int pixelUnits;
    private final int outputUnits;

    /** For each output pixel, three times the first source pixel it touches. */
    private final int[] places;

    Weights(int pixels, int outputs) {
      int divisor = greatestCommonDivisor(pixels, outputs);
      pixelUnits = outputs / divisor;
      outputUnits = pixels / divisor;
      places = new int[outputs];
      for (int i = 0; i < outputs; i++) {
        places[i] = 3 * first(i);
      }
    }

    /** The most pixels that an output pixel may touch. */
    int taps() {
      return (outputUnits + pixelUnits - 1) / pixelUnits + 1;
    }

    int first(int output) {
      return output * outputUnits / pixelUnits;
    }

    int last(int output) {
      return ((output + 1) * outputUnits - 1) / pixelUnits;
    }

    /** The units of an output pixel that a source pixel covers. */
    int weight(int output, int pixel) {
      int from = Math.max(output * outputUnits, pixel * pixelUnits);
      int to = Math.min((output + 1) * outputUnits, (pixel + 1) * pixelUnits);
      return to - from;
    }

    private static int greatestCommonDivisor(int a, int b) {
      return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }
  }
}
