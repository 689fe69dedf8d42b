package org.mien.data.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;

class FacePreprocessorTest {
  private static final Crop WHOLE = new Crop.None();

  @Test
  void halfOf250IsTheColumns62To186() {
    assertEquals(new CropRegion(62, 62, 125, 125), CropRegion.of(new Crop.Centre(0.5), 250, 250));
    assertEquals(new CropRegion(0, 0, 250, 250), CropRegion.of(new Crop.Centre(1), 250, 250));
    assertEquals(new CropRegion(1, 0, 3, 2), CropRegion.of(new Crop.Centre(0.5), 5, 3));
    assertEquals(new CropRegion(4, 0, 1, 1), CropRegion.of(new Crop.Centre(0.001), 10, 1));
  }

  @Test
  void valuesAreMeanAndDivisorOfEachPlaneInItsOrder() {
    Preprocessing bgr =
        new Preprocessing(
            8, 8, ColorOrder.BGR, List.of(1.0, 2.0, 3.0), List.of(2.0, 4.0, 8.0), WHOLE, "any");
    RawImage image = filled(8, 8, 11, 22, 43);
    float[] values = new FacePreprocessor(bgr).apply(image);
    assertEquals((43 - 1) / 2f, values[0]); // blue first
    assertEquals((22 - 2) / 4f, values[64]);
    assertEquals((11 - 3) / 8f, values[128]);
    assertEquals(3 * 64, values.length);
  }

  @Test
  void anImageOfTheRightSizeIsNotResampled() {
    RawImage image = gradient(8, 9);
    float[] values = new FacePreprocessor(TestImages.plain(8, 9, WHOLE)).apply(image);
    for (int i = 0; i < 72; i++) {
      for (int plane = 0; plane < 3; plane++) {
        assertEquals(image.rgb()[3 * i + plane] & 0xFF, values[plane * 72 + i]);
      }
    }
  }

  @Test
  void aCropOfTheRightSizeIsCopied() {
    RawImage image = gradient(16, 18);
    float[] values =
        new FacePreprocessor(TestImages.plain(8, 9, new Crop.Centre(0.5))).apply(image);
    // The first column is (16 - 8) / 2, the first row floor((18 - 9) / 2).
    assertEquals(image.rgb()[3 * (4 * 16 + 4)] & 0xFF, values[0]);
    assertEquals(image.rgb()[3 * (12 * 16 + 11) + 2] & 0xFF, values[2 * 72 + 71]);
  }

  @Test
  void shrinkingByTwoTakesTheMeanOfFourPixels() {
    RawImage image = gradient(16, 16);
    float[] values = new FacePreprocessor(TestImages.plain(8, 8, WHOLE)).apply(image);
    for (int y = 0; y < 8; y++) {
      for (int x = 0; x < 8; x++) {
        int sum = 0;
        for (int k = 0; k < 4; k++) {
          sum += image.rgb()[3 * ((2 * y + k / 2) * 16 + 2 * x + k % 2)] & 0xFF;
        }
        assertEquals((float) ((sum + 2) >> 2), values[8 * y + x], "at " + x + ", " + y);
      }
    }
  }

  @Test
  void aCroppedResizeEqualsTheResizeOfTheCrop() {
    RawImage image = gradient(50, 40);
    byte[] inner = new byte[3 * 25 * 20];
    for (int row = 0; row < 20; row++) {
      System.arraycopy(image.rgb(), 3 * ((10 + row) * 50 + 12), inner, 3 * 25 * row, 75);
    }
    float[] expected =
        new FacePreprocessor(TestImages.plain(11, 9, WHOLE)).apply(new RawImage(25, 20, inner));
    float[] values =
        new FacePreprocessor(TestImages.plain(11, 9, new Crop.Centre(0.5))).apply(image);
    assertArrayEquals(expected, values);
  }

  @Test
  void enlargingIsBilinearWithCentresAtHalves() {
    // Two columns, 0 and 200, to eight: the source position of column x is (x + 1/2) / 4 - 1/2.
    RawImage image = TestImages.raw(2, 1, 0, 0, 0, 200, 200, 200);
    float[] values = new FacePreprocessor(TestImages.plain(8, 8, WHOLE)).apply(image);
    float[] row = new float[8];
    System.arraycopy(values, 0, row, 0, 8);
    assertArrayEquals(new float[] {0, 0, 25, 75, 125, 175, 200, 200}, row);
  }

  @Test
  void meansThatFloatsDoNotHoldGiveTheRoundedDoubles() {
    Preprocessing odd =
        new Preprocessing(
            8,
            8,
            ColorOrder.RGB,
            List.of(123.675, 116.28, 103.53),
            List.of(58.395, 57.12, 57.375),
            WHOLE,
            "any");
    float[] values = new FacePreprocessor(odd).apply(gradient(16, 16));
    float[] pixels = new FacePreprocessor(TestImages.plain(8, 8, WHOLE)).apply(gradient(16, 16));
    for (int i = 0; i < values.length; i++) {
      double expected = (pixels[i] - odd.mean().get(i / 64)) / odd.std().get(i / 64);
      assertEquals((float) expected, values[i]);
    }
  }

  @Test
  void reducedDecodingIsChosenWhereTheCropIsStillLargeEnough() {
    assertEquals(2, reduction(new Crop.None(), 250, 250));
    assertEquals(1, reduction(new Crop.Centre(0.5), 250, 250)); // 125 would be 63
    assertEquals(1, reduction(new Crop.None(), 221, 250)); // 221 would be 111
    assertEquals(2, reduction(new Crop.None(), 223, 223)); // rounded up: 112
    assertEquals(4, reduction(new Crop.Centre(0.5), 1000, 1000)); // 125 of 250
    assertEquals(8, reduction(new Crop.None(), 4000, 3000));
    assertEquals(
        1,
        new FacePreprocessor(TestImages.plain(112, 112, WHOLE)).reduction(4000, 4000),
        "not unless it is asked for");
  }

  private static int reduction(Crop crop, int width, int height) {
    return new FacePreprocessor(TestImages.plain(112, 112, crop), Decoding.REDUCED)
        .reduction(width, height);
  }

  @Test
  void reducedDecodingSaysSoAndGivesNearlyTheSame() {
    Preprocessing input = TestImages.plain(20, 20, WHOLE);
    FacePreprocessor full = new FacePreprocessor(input);
    FacePreprocessor reduced = new FacePreprocessor(input, Decoding.REDUCED);
    assertEquals(input.describe(), full.describe());
    assertEquals(input.describe() + " decoding reduced", reduced.describe());
    byte[] jpeg = TestImages.jpeg(100, 100, 3);
    float[] fine = new float[1200];
    float[] coarse = new float[1200];
    ImageBytes.writeInput("a.jpg", jpeg, full, fine, 0);
    ImageBytes.writeInput("a.jpg", jpeg, reduced, coarse, 0);
    assertFalse(Arrays.equals(fine, coarse), "nothing was reduced");
    double difference = 0;
    for (int i = 0; i < fine.length; i++) {
      difference += Math.abs(fine[i] - coarse[i]);
    }
    assertTrue(difference / fine.length < 3, "mean difference " + difference / fine.length);
    assertArrayEquals(reduced.apply(ImageBytes.decode("a.jpg", jpeg)), fine);
    RawImage view = ImageBytes.view("a.jpg", jpeg, reduced);
    assertEquals(coarse[0], view.rgb()[0] & 0xFF);
  }

  @Test
  void onlyTheTargetsPartIsWritten() {
    float[] target = new float[10 + 3 * 64 + 10];
    Arrays.fill(target, -7);
    new FacePreprocessor(TestImages.plain(8, 8, WHOLE)).apply(filled(5, 5, 1, 1, 1), target, 10);
    for (int i = 0; i < target.length; i++) {
      assertEquals(i >= 10 && i < 10 + 192 ? 1 : -7, target[i]);
    }
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new FacePreprocessor(TestImages.plain(8, 8, WHOLE))
                .apply(filled(5, 5, 1, 1, 1), target, 21));
  }

  @Test
  void theViewIsACopyInRgb() {
    RawImage image = gradient(8, 8);
    RawImage view = new FacePreprocessor(TestImages.plain(8, 8, WHOLE)).view(image);
    assertArrayEquals(image.rgb(), view.rgb());
    view.rgb()[0]++;
    assertEquals(0, image.rgb()[0]);
  }

  @Test
  void severalThreadsGiveWhatOneGives() throws InterruptedException, ExecutionException {
    FacePreprocessor shared = new FacePreprocessor(TestImages.plain(16, 16, new Crop.Centre(0.7)));
    List<RawImage> images = new ArrayList<>();
    List<float[]> expected = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      images.add(gradient(20 + i, 60 - i));
      expected.add(shared.apply(images.get(i)));
    }
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      List<Future<float[]>> results = new ArrayList<>();
      for (RawImage image : images) {
        results.add(threads.submit(() -> shared.apply(image)));
      }
      for (int i = 0; i < 40; i++) {
        assertArrayEquals(expected.get(i), results.get(i).get());
      }
    } finally {
      threads.shutdown();
    }
  }

  private static RawImage filled(int width, int height, int red, int green, int blue) {
    int[] rgb = new int[3 * width * height];
    for (int i = 0; i < rgb.length; i += 3) {
      rgb[i] = red;
      rgb[i + 1] = green;
      rgb[i + 2] = blue;
    }
    return TestImages.raw(width, height, rgb);
  }

  private static RawImage gradient(int width, int height) {
    int[] rgb = new int[3 * width * height];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (i * 37 + i / 50) % 256;
    }
    rgb[0] = 0;
    return TestImages.raw(width, height, rgb);
  }
}
