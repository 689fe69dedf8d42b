package org.mien.data.align;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mien.data.image.RawImage;

final class FaceWarperTest {
  private static RawImage noise(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    new Random(3).nextBytes(rgb);
    return new RawImage(width, height, rgb);
  }

  private static int pixel(RawImage image, int x, int y, int channel) {
    return image.rgb()[3 * (y * image.width() + x) + channel] & 0xFF;
  }

  @Test
  void nothingChangesPixelsWithoutATransform() {
    RawImage image = noise(9, 7);
    RawImage same = FaceWarper.ofThread().warp(image, SimilarityTransform.IDENTITY, 9, 7);
    assertArrayEquals(image.rgb(), same.rgb());
  }

  @Test
  void whatLiesBeyondTheImageIsBlack() {
    RawImage image = noise(9, 7);
    RawImage moved =
        FaceWarper.ofThread().warp(image, SimilarityTransform.translation(2, -3), 12, 7);
    for (int y = 0; y < 7; y++) {
      for (int x = 0; x < 12; x++) {
        for (int c = 0; c < 3; c++) {
          boolean inside = x >= 2 && x < 11 && y < 4;
          assertEquals(inside ? pixel(image, x - 2, y + 3, c) : 0, pixel(moved, x, y, c));
        }
      }
    }
  }

  @Test
  void betweenPixelsLiesTheirMean() {
    RawImage image = noise(8, 8);
    RawImage moved =
        FaceWarper.ofThread().warp(image, SimilarityTransform.translation(-0.5, 0), 8, 8);
    for (int y = 0; y < 8; y++) {
      for (int x = 0; x < 7; x++) {
        double mean = (pixel(image, x, y, 1) + pixel(image, x + 1, y, 1)) / 2.0;
        assertEquals(mean, pixel(moved, x, y, 1), 0.51);
      }
      assertEquals(pixel(image, 7, y, 1) / 2.0, pixel(moved, 7, y, 1), 0.51); // half black
    }
  }

  /** Bilinear values from the definition, at a turned and scaled grid. */
  @Test
  void agreesWithBilinearInterpolationFromItsDefinition() {
    RawImage image = smooth(60, 50);
    SimilarityTransform transform = new SimilarityTransform(0.7, 0.45, 3, -12);
    RawImage warped = FaceWarper.ofThread().warp(image, transform, 40, 40);
    SimilarityTransform back = transform.inverse();
    int inside = 0;
    for (int y = 0; y < 40; y++) {
      for (int x = 0; x < 40; x++) {
        var source = back.apply(new org.mien.data.image.FacePoint(x, y));
        int left = (int) Math.floor(source.x());
        int top = (int) Math.floor(source.y());
        if (left < 0 || top < 0 || left + 1 >= 60 || top + 1 >= 50) {
          continue;
        }
        inside++;
        double fx = source.x() - left;
        double fy = source.y() - top;
        double value =
            (1 - fy) * ((1 - fx) * pixel(image, left, top, 0) + fx * pixel(image, left + 1, top, 0))
                + fy
                    * ((1 - fx) * pixel(image, left, top + 1, 0)
                        + fx * pixel(image, left + 1, top + 1, 0));
        // OpenCV rounds coordinates to 1/32 of a pixel; neighbours differ by 4 at most.
        assertEquals(value, pixel(warped, x, y, 0), 1);
      }
    }
    assertEquals(true, inside > 800, "only " + inside + " pixels were inside");
  }

  private static RawImage smooth(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < width * height; i++) {
      rgb[3 * i] = (byte) (2 * (i % width) + 2 * (i / width));
    }
    return new RawImage(width, height, rgb);
  }

  @Test
  void sidesThatOpenCvCannotAddressAreRefused() {
    RawImage wide = new RawImage(32_767, 1, new byte[3 * 32_767]);
    assertThrows(
        IllegalArgumentException.class,
        () -> FaceWarper.ofThread().warp(wide, SimilarityTransform.IDENTITY, 8, 8));
    RawImage largest = new RawImage(32_766, 1, new byte[3 * 32_766]);
    assertEquals(
        8, FaceWarper.ofThread().warp(largest, SimilarityTransform.IDENTITY, 8, 8).width());
  }
}
