package org.mien.data.integrity;

import java.util.Arrays;
import java.util.Optional;
import org.mien.data.image.RawImage;

/**
 * 64 bits that change little when a picture is scaled, re-encoded, brightened or slightly blurred.
 *
 * <p>Grey by Rec. 601 luma, reduced to 32x32 by area averaging whatever the aspect, DCT-II, the 8x8
 * coefficients of frequencies 1 to 8 in both directions; a bit is set where its coefficient is
 * above the median of the 64 (C. Zauner: Implementation and Benchmarking of Perceptual Image Hash
 * Functions, Hagenberg 2010, section 3.2.1). Zauner smooths with a 7x7 mean and takes every n-th
 * pixel instead of averaging areas, so his values differ from these.
 *
 * <p>Coefficient {@code k = 8 (vertical - 1) + (horizontal - 1)} is bit {@code 16 (k mod 4) + k /
 * 4} from the right, so that each 16 bits hold coarse and fine frequencies: pictures of one kind
 * share the coarse ones, and the search by parts would find them all alike in one part.
 *
 * @param bits of the picture
 * @param mirroredBits of the picture mirrored left to right
 */
record PerceptualHash(long bits, long mirroredBits) {
  /** Frequencies in each direction. */
  private static final int KEPT = 8;

  /** Width and height of the reduced picture. */
  private static final int SIDE = 32;

  /** Standard deviation in grey levels below which a picture has nothing to be known by. */
  static final double FLAT = 2;

  /** {@code (frequency - 1, position)}. */
  private static final float[][] COSINES = cosines();

  /** Returns the hash, or nothing for a picture that is one flat area, or nearly so. */
  static Optional<PerceptualHash> of(RawImage image) {
    float[] grey = reduced(image);
    double sum = 0;
    double squares = 0;
    for (float value : grey) {
      sum += value;
      squares += (double) value * value;
    }
    double mean = sum / grey.length;
    if (squares / grey.length - mean * mean < FLAT * FLAT) {
      return Optional.empty();
    }
    float[] coefficients = coefficients(grey);
    long bits = bits(coefficients);
    for (int vertical = 0; vertical < KEPT; vertical++) {
      // Mirroring changes the sign of the odd horizontal frequencies: 1, 3, 5, 7.
      for (int horizontal = 0; horizontal < KEPT; horizontal += 2) {
        coefficients[KEPT * vertical + horizontal] *= -1;
      }
    }
    return Optional.of(new PerceptualHash(bits, bits(coefficients)));
  }

  private static long bits(float[] coefficients) {
    float[] sorted = coefficients.clone();
    Arrays.sort(sorted);
    float median = (sorted[31] + sorted[32]) / 2;
    long bits = 0;
    for (int k = 0; k < coefficients.length; k++) {
      if (coefficients[k] > median) {
        bits |= 1L << (16 * (k % 4) + k / 4);
      }
    }
    return bits;
  }

  private static float[] coefficients(float[] grey) {
    float[] rows = new float[SIDE * KEPT];
    for (int y = 0; y < SIDE; y++) {
      for (int frequency = 0; frequency < KEPT; frequency++) {
        float sum = 0;
        for (int x = 0; x < SIDE; x++) {
          sum += grey[SIDE * y + x] * COSINES[frequency][x];
        }
        rows[KEPT * y + frequency] = sum;
      }
    }
    float[] coefficients = new float[KEPT * KEPT];
    for (int vertical = 0; vertical < KEPT; vertical++) {
      for (int horizontal = 0; horizontal < KEPT; horizontal++) {
        float sum = 0;
        for (int y = 0; y < SIDE; y++) {
          sum += rows[KEPT * y + horizontal] * COSINES[vertical][y];
        }
        coefficients[KEPT * vertical + horizontal] = sum;
      }
    }
    return coefficients;
  }

  /** Returns {@code (32, 32)} grey values, each the mean of the area it covers. */
  private static float[] reduced(RawImage image) {
    int width = image.width();
    byte[] rgb = image.rgb();
    Bins across = Bins.of(width);
    Bins down = Bins.of(image.height());
    float[] grey = new float[width];
    float[] columns = new float[SIDE * width];
    for (int y = 0; y < image.height(); y++) {
      int at = 3 * y * width;
      for (int x = 0; x < width; x++, at += 3) {
        grey[x] =
            0.299f * (rgb[at] & 0xFF)
                + 0.587f * (rgb[at + 1] & 0xFF)
                + 0.114f * (rgb[at + 2] & 0xFF);
      }
      for (int bin = down.first[y]; bin <= down.last[y]; bin++) {
        float weight = down.weight(y, bin);
        int row = bin * width;
        for (int x = 0; x < width; x++) {
          columns[row + x] += weight * grey[x];
        }
      }
    }
    float[] reduced = new float[SIDE * SIDE];
    for (int row = 0; row < SIDE; row++) {
      for (int x = 0; x < width; x++) {
        float value = columns[row * width + x];
        for (int bin = across.first[x]; bin <= across.last[x]; bin++) {
          reduced[SIDE * row + bin] += across.weight(x, bin) * value;
        }
      }
    }
    return reduced;
  }

  /** Which of 32 equal bins each pixel of a row falls into, and with which share of the bin. */
  private static final class Bins {
    private final int length;
    private final int[] first;
    private final int[] last;

    private Bins(int length) {
      this.length = length;
      first = new int[length];
      last = new int[length];
      for (int pixel = 0; pixel < length; pixel++) {
        first[pixel] = (int) ((long) pixel * SIDE / length);
        last[pixel] = (int) (((pixel + 1L) * SIDE - 1) / length);
      }
    }

    static Bins of(int length) {
      return new Bins(length);
    }

    /** The part of a bin that a pixel covers; the weights of a bin add up to 1. */
    float weight(int pixel, int bin) {
      // In units of 1/32 of a pixel: pixel p covers 32p to 32p + 32, bin b covers n b to n b + n.
      long from = Math.max((long) pixel * SIDE, (long) bin * length);
      long to = Math.min((pixel + 1L) * SIDE, (bin + 1L) * length);
      return (float) (to - from) / length;
    }
  }

  private static float[][] cosines() {
    float[][] cosines = new float[KEPT][SIDE];
    for (int frequency = 1; frequency <= KEPT; frequency++) {
      for (int position = 0; position < SIDE; position++) {
        cosines[frequency - 1][position] =
            (float) StrictMath.cos(Math.PI * frequency * (2 * position + 1) / (2 * SIDE));
      }
    }
    return cosines;
  }
}
