package org.mien.data.align;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.mien.core.error.DataException;
import org.mien.data.image.FaceBox;
import org.mien.data.image.RawImage;

final class BoxCropTest {
  /** Pixel (x, y) is grey of 10 (y + 1) + x + 1: none is black. */
  private static RawImage numbered(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < width * height; i++) {
      byte value = (byte) (10 * (i / width + 1) + i % width + 1);
      rgb[3 * i] = value;
      rgb[3 * i + 1] = value;
      rgb[3 * i + 2] = value;
    }
    return new RawImage(width, height, rgb);
  }

  private static int[] greys(RawImage image) {
    int[] greys = new int[image.width() * image.height()];
    for (int i = 0; i < greys.length; i++) {
      greys[i] = image.rgb()[3 * i] & 0xFF;
    }
    return greys;
  }

  @Test
  void theBoxAloneIsCutOutExactly() {
    BoxCrop crop = BoxCrop.around(new FaceBox(1, 0, 2, 3), 0, BoxShape.KEEP_ASPECT);
    assertEquals(new BoxCrop(1, 0, 2, 3), crop);
    assertArrayEquals(
        new int[] {12, 13, 22, 23, 32, 33},
        greys(crop.cut(numbered(5, 4), BoxBorder.BLACK, "key")));
  }

  @Test
  void theMarginIsAFractionOfTheLargerSide() {
    FaceBox box = new FaceBox(20, 30, 40, 80);
    assertEquals(new BoxCrop(4, 14, 72, 112), BoxCrop.around(box, 0.2, BoxShape.KEEP_ASPECT));
    assertEquals(new BoxCrop(-16, 14, 112, 112), BoxCrop.around(box, 0.2, BoxShape.SQUARE));
    assertEquals(new BoxCrop(8, 38, 64, 64), BoxCrop.around(box, -0.1, BoxShape.SQUARE));
  }

  @Test
  void fractionsAreRoundedAndASquareStaysOne() {
    BoxCrop crop = BoxCrop.around(new FaceBox(0.3, 0.9, 10.4, 7.1), 0.11, BoxShape.SQUARE);
    assertEquals(13, crop.width()); // 10.4 * 1.22 = 12.688
    assertEquals(13, crop.height());
    assertEquals(-1, crop.x()); // 5.5 - 6.5
    assertEquals(-2, crop.y()); // 4.45 - 6.5 = -2.05
    assertEquals(1, BoxCrop.around(new FaceBox(3, 3, 0.01, 0.01), 0, BoxShape.SQUARE).width());
  }

  @Test
  void beyondTheImageTheNearestPixelIsRepeated() {
    RawImage image = numbered(2, 2); // 11 12 / 21 22
    RawImage cut = new BoxCrop(-1, -2, 4, 5).cut(image, BoxBorder.REPEAT, "key");
    assertArrayEquals(
        new int[] {
          11, 11, 12, 12, //
          11, 11, 12, 12, //
          11, 11, 12, 12, //
          21, 21, 22, 22, //
          21, 21, 22, 22
        },
        greys(cut));
  }

  @Test
  void orItIsBlack() {
    RawImage cut = new BoxCrop(1, -1, 3, 3).cut(numbered(2, 2), BoxBorder.BLACK, "key");
    assertArrayEquals(new int[] {0, 0, 0, 12, 0, 0, 22, 0, 0}, greys(cut));
  }

  @Test
  void aBoxBesideTheImageIsRefused() {
    RawImage image = numbered(4, 3);
    for (BoxCrop beside :
        new BoxCrop[] {
          new BoxCrop(4, 0, 2, 2),
          new BoxCrop(-2, 0, 2, 2),
          new BoxCrop(0, 3, 2, 2),
          new BoxCrop(0, -2, 2, 2),
          new BoxCrop(Long.MAX_VALUE, 0, 2, 2),
          new BoxCrop(Long.MIN_VALUE, 0, 2, 2)
        }) {
      String message =
          assertThrows(
                  DataException.class, () -> beside.cut(image, BoxBorder.REPEAT, "Ann/Ann_1.jpg"))
              .getMessage();
      assertTrue(
          message.startsWith("Ann/Ann_1.jpg: ") && message.contains("outside the image of 4x3"),
          message);
    }
  }

  @Test
  void aHugeBoxIsRefusedBeforeMemoryIsTaken() {
    for (double side : new double[] {8001, 1e9, 1e300}) {
      BoxCrop crop = BoxCrop.around(new FaceBox(-1, -1, side, side), 0, BoxShape.SQUARE);
      String message =
          assertThrows(DataException.class, () -> crop.cut(numbered(4, 3), BoxBorder.BLACK, "key"))
              .getMessage();
      assertTrue(message.contains("64 million") || message.contains("outside"), message);
    }
  }
}
