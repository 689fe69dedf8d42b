package org.mien.data.image;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;
import org.junit.jupiter.api.Test;

class AreaResamplerTest {

  @Property(tries = 150)
  void eachPixelIsTheExactMeanOfTheAreaItCovers(
      @ForAll @IntRange(min = 1, max = 70) int width,
      @ForAll @IntRange(min = 1, max = 70) int height,
      @ForAll @IntRange(min = 1, max = 24) int outputWidth,
      @ForAll @IntRange(min = 1, max = 24) int outputHeight,
      @ForAll long seed) {
    AreaResampler resampler = new AreaResampler(outputWidth, outputHeight);
    if (!resampler.supports(width, height)) {
      return;
    }
    byte[] pixels = noise(width, height, seed);
    float[] result = resampled(resampler, pixels, width, height, outputWidth * outputHeight);
    for (int y = 0; y < outputHeight; y++) {
      for (int x = 0; x < outputWidth; x++) {
        for (int channel = 0; channel < 3; channel++) {
          // In units of 1 / outputWidth and 1 / outputHeight of a source pixel.
          long sum = 0;
          for (int row = 0; row < height; row++) {
            long rowUnits = common(row * outputHeight, outputHeight, y * height, height);
            for (int column = 0; rowUnits > 0 && column < width; column++) {
              long units = rowUnits * common(column * outputWidth, outputWidth, x * width, width);
              sum += units * (pixels[3 * (row * width + column) + channel] & 0xFF);
            }
          }
          long area = (long) width * height;
          float expected = Math.floorDiv(2 * sum + area, 2 * area); // halves upwards
          assertEquals(
              expected, result[(channel * outputHeight + y) * outputWidth + x], x + ", " + y);
        }
      }
    }
  }

  @Test
  void theUsualSizesAreSupportedAndWithinOneOfOpenCv() {
    int[][] sizes = {
      {250, 250, 112, 112},
      {125, 125, 112, 112},
      {178, 218, 96, 112},
      {640, 480, 112, 112},
      {224, 224, 112, 112}
    };
    for (int[] size : sizes) {
      AreaResampler resampler = new AreaResampler(size[2], size[3]);
      assertTrue(resampler.supports(size[0], size[1]), size[0] + "x" + size[1]);
      byte[] pixels = noise(size[0], size[1], 4);
      int area = size[2] * size[3];
      float[] result = resampled(resampler, pixels, size[0], size[1], area);
      byte[] theirs = new byte[3 * area];
      try (Mat image = mat(pixels, size[0], size[1]);
          Mat output = new Mat();
          Size wanted = new Size(size[2], size[3])) {
        opencv_imgproc.resize(image, output, wanted, 0, 0, opencv_imgproc.INTER_AREA);
        output.data().get(theirs);
      }
      int different = 0;
      for (int i = 0; i < theirs.length; i++) {
        int difference = (theirs[i] & 0xFF) - (int) result[i % 3 * area + i / 3];
        assertTrue(Math.abs(difference) <= 1, "off by " + difference);
        different += Math.abs(difference);
      }
      assertTrue(different <= theirs.length / 1000, different + " of " + theirs.length);
    }
  }

  @Test
  void whatCannotBeExactIsNotSupported() {
    AreaResampler resampler = new AreaResampler(112, 112);
    assertFalse(resampler.supports(251, 251), "251 and 112 have no common divisor");
    assertFalse(resampler.supports(250, 111), "grows");
    assertFalse(resampler.supports(112 * 9, 112 * 9), "too many rows a pixel");
    Mat image = mat(noise(251, 251, 1), 251, 251);
    int[] planes = {0, 1, 2};
    assertThrows(
        IllegalArgumentException.class,
        () -> resampler.resample(image, new float[3 * 112 * 112], planes));
  }

  /** How much two stretches have in common. */
  private static long common(int begin, int length, int otherBegin, int otherLength) {
    int end = Math.min(begin + length, otherBegin + otherLength);
    return Math.max(0, end - Math.max(begin, otherBegin));
  }

  private static float[] resampled(
      AreaResampler resampler, byte[] pixels, int width, int height, int area) {
    float[] result = new float[3 * area];
    try (Mat image = mat(pixels, width, height)) {
      resampler.resample(image, result, new int[] {0, area, 2 * area});
    }
    return result;
  }

  private static Mat mat(byte[] pixels, int width, int height) {
    Mat image = new Mat(height, width, CV_8UC3);
    image.data().put(pixels);
    return image;
  }

  private static byte[] noise(int width, int height, long seed) {
    byte[] pixels = new byte[3 * width * height];
    new Random(seed).nextBytes(pixels);
    return pixels;
  }
}
