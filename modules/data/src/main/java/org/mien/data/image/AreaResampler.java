package org.mien.data.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;

/**
 * Shrinks a rectangle of an interleaved 8-bit image of three channels to a given size and looks the
 * values up, in exact integer arithmetic.
 *
 * <p><b>Rule.</b> An output pixel is the mean of the area it covers, rounded to the nearest
 * integer, halves upwards. Along a side of {@code n} source and {@code m} output pixels, with
 * {@code g} their greatest common divisor, a source pixel is {@code m / g} units long and an output
 * pixel {@code n / g}, so all weights are whole numbers and nothing is rounded before the end.
 * OpenCV's {@code INTER_AREA} computes the same mean in floats, and differs by one where the
 * float's error crosses a half.
 *
 * <p><b>Speed.</b> Rows are summed first, with two bytes in each {@code char}, in loops that
 * HotSpot turns into vector instructions; then columns are summed and the mean's value is looked up
 * in one pass. Sums of rows fit 16 bits as long as {@code n / g} is at most {@value
 * #MAXIMUM_UNITS}, which {@link #supports} tells.
 *
 * <p>Keeps buffers and tables between calls; for one thread.
 */
final class AreaResampler {
  /** 255 times this still fits 16 bits. */
  private static final int MAXIMUM_UNITS = 257;

  /** Source rows that are summed in one pass. */
  private static final int ROWS_AT_ONCE = 4;

  /**
   * Dividing by an area of at most 257 * 257 units is multiplying by its {@link #reciprocal} and
   * shifting by this: exact for all sums below 2^25, for the reciprocal's excess times the sum
   * stays below 2^42.
   */
  private static final int SHIFT = 44;

  private final int outputWidth;
  private final int outputHeight;

  // What follows depends on the crop's size.
  private int width;
  private int height;
  private int columnUnits;
  private int rowUnits;
  private int outputRowUnits;
  private long halfArea;
  private long reciprocal;
  private int chars;

  /** For each output column, the source columns that end in it, without the last it touches. */
  private int[] inside = {};

  /** For each output column, the units of the last source column that lie behind it. */
  private int[] behind = {};

  /** For each source column, where the sums of its first and second channel are. */
  private int[] first = {};

  private int[] second = {};

  private final char[][] rows = new char[ROWS_AT_ONCE][];
  private final int[] weights = new int[ROWS_AT_ONCE];

  /** Sums of rows: those of even bytes, then, from {@link #chars} on, those of odd ones. */
  private char[] sums = {};

  private char[] oddSums = {};

  AreaResampler(int outputWidth, int outputHeight) {
    this.outputWidth = outputWidth;
    this.outputHeight = outputHeight;
  }

  /** Returns whether a crop of this size can be shrunk here. */
  boolean supports(int cropWidth, int cropHeight) {
    return supported(cropWidth, outputWidth) && supported(cropHeight, outputHeight);
  }

  private static boolean supported(int from, int to) {
    return from >= to && from / greatestCommonDivisor(from, to) <= MAXIMUM_UNITS;
  }

  /**
   * Shrinks and looks up.
   *
   * @param image rows of {@code 3 * imageWidth} bytes without gaps
   * @param crop a rectangle inside the image, of a size that is {@linkplain #supports supported}
   * @param values for each channel of the image, the float for each of the 256 means
   * @param planes for each channel of the image, where in {@code target} its plane begins
   */
  void resample(
      ByteBuffer image,
      int imageWidth,
      CropRegion crop,
      float[][] values,
      float[] target,
      int[] planes) {
    if (crop.width() != width || crop.height() != height) {
      prepare(crop.width(), crop.height());
    }
    // A row begins at an even or an odd byte; one of the two views has it at a whole char.
    image.order(ByteOrder.LITTLE_ENDIAN);
    CharBuffer even = image.slice(0, image.limit()).order(ByteOrder.LITTLE_ENDIAN).asCharBuffer();
    CharBuffer odd =
        image.slice(1, image.limit() - 1).order(ByteOrder.LITTLE_ENDIAN).asCharBuffer();
    int inRow = -1; // the source row in rows[0], if that is where one is
    for (int y = 0; y < outputHeight; y++) {
      int begin = y * outputRowUnits;
      int end = begin + outputRowUnits;
      int row = begin / rowUnits;
      int lastRow = (end - 1) / rowUnits;
      boolean add = false;
      while (row <= lastRow) {
        int count = Math.min(ROWS_AT_ONCE, lastRow - row + 1);
        for (int k = 0; k < ROWS_AT_ONCE; k++) {
          weights[k] = 0;
          if (k < count) {
            int top = Math.max(begin, (row + k) * rowUnits);
            weights[k] = Math.min(end, (row + k + 1) * rowUnits) - top;
            if (k > 0 || inRow != row) {
              long start = 3L * ((long) (crop.y() + row + k) * imageWidth + crop.x());
              copyRow(image, (start & 1) == 0 ? even : odd, (int) start, rows[k]);
            }
          }
        }
        sumRows(add, rows, weights, sums, oddSums, chars);
        add = true;
        row += count;
        // The last row is often the first of the next output row too.
        char[] last = rows[count - 1];
        rows[count - 1] = rows[0];
        rows[0] = last;
        inRow = row - 1;
      }
      System.arraycopy(oddSums, 0, sums, chars, chars);
      sumColumns(values, target, planes, y * outputWidth);
    }
  }

  private void copyRow(ByteBuffer image, CharBuffer view, int start, char[] row) {
    int bytes = 3 * width;
    view.get(start >> 1, row, 0, bytes >> 1);
    if ((bytes & 1) != 0) {
      row[bytes >> 1] = (char) (image.get(start + bytes - 1) & 0xFF);
    }
  }

  /**
   * Sets, or with {@code add} increases, the sums by four weighted rows. One method of four plain
   * loops on purpose: HotSpot compiles a method of more than 325 bytes of code by itself instead of
   * into its caller, and vectorises these loops reliably only so.
   */
  private static void sumRows(
      boolean add, char[][] rows, int[] weights, char[] even, char[] odd, int chars) {
    char[] a = rows[0];
    char[] b = rows[1];
    char[] c = rows[2];
    char[] d = rows[3];
    int p = weights[0];
    int q = weights[1];
    int r = weights[2];
    int s = weights[3];
    if (add) {
      for (int i = 0; i < chars; i++) {
        even[i] =
            (char)
                (even[i]
                    + p * (a[i] & 0xFF)
                    + q * (b[i] & 0xFF)
                    + r * (c[i] & 0xFF)
                    + s * (d[i] & 0xFF));
      }
      for (int i = 0; i < chars; i++) {
        odd[i] =
            (char) (odd[i] + p * (a[i] >> 8) + q * (b[i] >> 8) + r * (c[i] >> 8) + s * (d[i] >> 8));
      }
    } else {
      for (int i = 0; i < chars; i++) {
        even[i] =
            (char) (p * (a[i] & 0xFF) + q * (b[i] & 0xFF) + r * (c[i] & 0xFF) + s * (d[i] & 0xFF));
      }
      for (int i = 0; i < chars; i++) {
        odd[i] = (char) (p * (a[i] >> 8) + q * (b[i] >> 8) + r * (c[i] >> 8) + s * (d[i] >> 8));
      }
    }
  }

  /** Sums the columns of one output row and looks up its values. */
  private void sumColumns(float[][] values, float[] target, int[] planes, int at) {
    char[] sum = sums;
    float[] values0 = values[0];
    float[] values1 = values[1];
    float[] values2 = values[2];
    int to0 = planes[0] + at;
    int to1 = planes[1] + at;
    int to2 = planes[2] + at;
    int units = columnUnits;
    long half = halfArea;
    long times = reciprocal;
    int carried0 = 0; // what the column before has left over, weighted
    int carried1 = 0;
    int carried2 = 0;
    int column = 0;
    for (int x = 0; x < outputWidth; x++) {
      int sum0 = 0;
      int sum1 = 0;
      int sum2 = 0;
      for (int last = column + inside[x]; column < last; column++) {
        int i = first[column];
        sum0 += sum[i];
        sum1 += sum[second[column]];
        sum2 += sum[i + 1];
      }
      int i = first[column];
      int edge0 = sum[i];
      int edge1 = sum[second[column]];
      int edge2 = sum[i + 1];
      column++;
      int rest = behind[x];
      int rest0 = rest * edge0;
      int rest1 = rest * edge1;
      int rest2 = rest * edge2;
      int total0 = carried0 + units * (sum0 + edge0) - rest0;
      int total1 = carried1 + units * (sum1 + edge1) - rest1;
      int total2 = carried2 + units * (sum2 + edge2) - rest2;
      carried0 = rest0;
      carried1 = rest1;
      carried2 = rest2;
      target[to0 + x] = values0[(int) (((total0 + half) * times) >>> SHIFT)];
      target[to1 + x] = values1[(int) (((total1 + half) * times) >>> SHIFT)];
      target[to2 + x] = values2[(int) (((total2 + half) * times) >>> SHIFT)];
    }
  }

  private void prepare(int cropWidth, int cropHeight) {
    if (!supports(cropWidth, cropHeight)) {
      throw new IllegalArgumentException(
          String.format("%dx%d to %dx%d", cropWidth, cropHeight, outputWidth, outputHeight));
    }
    width = cropWidth;
    height = cropHeight;
    int divisor = greatestCommonDivisor(width, outputWidth);
    columnUnits = outputWidth / divisor;
    int outputColumnUnits = width / divisor;
    divisor = greatestCommonDivisor(height, outputHeight);
    rowUnits = outputHeight / divisor;
    outputRowUnits = height / divisor;
    int area = outputColumnUnits * outputRowUnits;
    halfArea = area / 2;
    reciprocal = (1L << SHIFT) / area + 1;

    inside = new int[outputWidth];
    behind = new int[outputWidth];
    int column = 0;
    for (int x = 0; x < outputWidth; x++) {
      int end = (x + 1) * outputColumnUnits;
      int last = (end - 1) / columnUnits; // the last column that is touched
      inside[x] = last - column;
      behind[x] = (last + 1) * columnUnits - end;
      column = last + 1;
    }
    chars = (3 * width + 1) / 2;
    first = new int[width];
    second = new int[width];
    for (int x = 0; x < width; x++) {
      first[x] = placeOfByte(3 * x);
      second[x] = placeOfByte(3 * x + 1);
    }
    for (int k = 0; k < ROWS_AT_ONCE; k++) {
      rows[k] = new char[chars];
    }
    sums = new char[2 * chars];
    oddSums = new char[chars];
  }

  private int placeOfByte(int index) {
    return (index >> 1) + (index & 1) * chars;
  }

  private static int greatestCommonDivisor(int a, int b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }
}
