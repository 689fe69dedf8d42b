package org.mien.data.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mien.core.config.TypeName;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.RawImage;
import org.mien.testing.DataFolder;

/** Each augmentation does what its documentation says, measured on drawn images. */
final class AugmentationTest {
  private static final RawImage CARD = TestCard.card(61, 47);

  static List<AugmentationConfig> sure() {
    return Variants.sure();
  }

  @Test
  void everyVariantHasASampleAndARowInTheDocumentation() throws java.io.IOException {
    Set<Class<?>> sampled = new HashSet<>();
    Variants.sure().forEach(augmentation -> sampled.add(augmentation.getClass()));
    assertEquals(Set.of(AugmentationConfig.class.getPermittedSubclasses()), sampled);
    String page =
        Files.readString(DataFolder.projectRoot().resolve("docs/augmentation-and-sampling.md"));
    for (Class<?> variant : sampled) {
      String type = variant.getAnnotation(TypeName.class).value();
      assertTrue(page.contains("| `" + type + "` |"), "no row for " + type);
    }
  }

  @ParameterizedTest
  @MethodSource("sure")
  void theSameStreamGivesTheSamePixelsAndAnotherStreamOthers(AugmentationConfig augmentation) {
    byte[] before = CARD.rgb().clone();
    RawImage first = augmentation.apply(CARD, new SplittableRandom(1));
    assertEquals(CARD.width(), first.width());
    assertEquals(CARD.height(), first.height());
    assertArrayEquals(first.rgb(), augmentation.apply(CARD, new SplittableRandom(1)).rgb());
    assertFalse(Arrays.equals(before, first.rgb()), "nothing changed");
    assertArrayEquals(before, CARD.rgb(), "the image given was changed");
    Set<Integer> results = new HashSet<>();
    for (int seed = 0; seed < 8; seed++) {
      results.add(Arrays.hashCode(augmentation.apply(CARD, new SplittableRandom(seed)).rgb()));
    }
    boolean drawsNothing = augmentation instanceof FlipConfig || augmentation instanceof GreyConfig;
    assertTrue(drawsNothing ? results.size() == 1 : results.size() > 4, results.toString());
  }

  @Test
  void probabilityZeroIsTheImageItself() {
    AugmentationPipeline pipeline = AugmentationPipeline.of(Variants.never());
    for (int seed = 0; seed < 50; seed++) {
      assertSame(CARD, pipeline.apply(CARD, new SplittableRandom(seed)));
    }
  }

  @Test
  void anAugmentationIsAppliedAsOftenAsItsProbabilitySays() {
    AugmentationPipeline pipeline = AugmentationPipeline.of(List.of(new FlipConfig(0.3)));
    SeedStreams seeds = new SeedStreams(4);
    int flipped = 0;
    for (int view = 0; view < 2000; view++) {
      RawImage seen = pipeline.apply(CARD, AugmentationPipeline.stream(seeds, "a", view));
      flipped += Arrays.equals(seen.rgb(), CARD.rgb()) ? 0 : 1;
    }
    assertEquals(0.3, flipped / 2000.0, 0.04); // four standard deviations
  }

  @Test
  void changingOneAugmentationLeavesTheDrawsOfTheOthersAlone() {
    List<AugmentationConfig> one = List.of(new BlurConfig(1, 1, 2), new FlipConfig(0.5));
    List<AugmentationConfig> other = List.of(new BlurConfig(0, 1, 2), new FlipConfig(0.5));
    RawImage flipped = new FlipConfig(1).apply(CARD, new SplittableRandom(0));
    int flips = 0;
    for (int seed = 0; seed < 40; seed++) {
      RawImage blurredToo = AugmentationPipeline.of(one).apply(CARD, new SplittableRandom(seed));
      RawImage flippedOnly = AugmentationPipeline.of(other).apply(CARD, new SplittableRandom(seed));
      boolean isFlipped = Arrays.equals(flipped.rgb(), flippedOnly.rgb());
      flips += isFlipped ? 1 : 0;
      assertEquals(
          isFlipped, TestCard.distance(blurredToo, flipped) < TestCard.distance(blurredToo, CARD));
    }
    assertTrue(flips > 8 && flips < 32, flips + " of 40");
  }

  @Test
  void threadsDoNotDisturbEachOther() {
    AugmentationPipeline pipeline = AugmentationPipeline.of(Variants.usual());
    SeedStreams seeds = new SeedStreams(9);
    List<RawImage> images =
        List.of(CARD, TestCard.card(112, 112), TestCard.card(33, 90), TestCard.card(250, 250));
    int views = 200;
    List<Integer> alone =
        IntStream.range(0, views).mapToObj(i -> hashOf(pipeline, seeds, images, i)).toList();
    List<Integer> together =
        IntStream.range(0, views)
            .parallel()
            .mapToObj(i -> hashOf(pipeline, seeds, images, i))
            .collect(Collectors.toList());
    assertEquals(alone, together);
    assertTrue(Set.copyOf(alone).size() > views * 9 / 10, "views differ");
  }

  private static int hashOf(
      AugmentationPipeline pipeline, SeedStreams seeds, List<RawImage> images, int view) {
    RawImage image = images.get(view % images.size());
    return Arrays.hashCode(
        pipeline.apply(image, AugmentationPipeline.stream(seeds, "key", view)).rgb());
  }

  @ParameterizedTest
  @MethodSource("sure")
  void anImageOfOnePixelSurvives(AugmentationConfig augmentation) {
    RawImage one = TestCard.filled(1, 1, 10, 100, 200);
    for (int seed = 0; seed < 5; seed++) {
      assertEquals(3, augmentation.apply(one, new SplittableRandom(seed)).rgb().length);
    }
  }

  @Test
  void flipIsTheExactMirror() {
    RawImage flipped = new FlipConfig(1).apply(CARD, new SplittableRandom(0));
    for (int y = 0; y < 47; y++) {
      for (int x = 0; x < 61; x++) {
        for (int plane = 0; plane < 3; plane++) {
          assertEquals(
              TestCard.value(CARD, x, y, plane), TestCard.value(flipped, 60 - x, y, plane));
        }
      }
    }
    assertArrayEquals(CARD.rgb(), new FlipConfig(1).apply(flipped, new SplittableRandom(0)).rgb());
  }

  @Test
  void rotationByARightAngleIsExactAndAgainstTheClock() {
    RawImage square = TestCard.card(32, 32);
    RawImage turned = RotationConfig.turned(square, 90);
    for (int y = 0; y < 32; y++) {
      for (int x = 0; x < 32; x++) {
        assertEquals(TestCard.value(square, 31 - y, x, 0), TestCard.value(turned, x, y, 0));
      }
    }
    assertArrayEquals(square.rgb(), RotationConfig.turned(square, 0).rgb());
    assertArrayEquals(
        RotationConfig.turned(turned, 90).rgb(), RotationConfig.turned(square, 180).rgb());
  }

  @Test
  void rotationStaysWithinItsAngleAndLeavesNoBlackCorners() {
    RawImage white = TestCard.filled(40, 40, 255, 255, 255);
    RotationConfig rotation = new RotationConfig(1, 30);
    RawImage dot = TestCard.filled(101, 101, 0, 0, 0);
    Arrays.fill(dot.rgb(), 3 * (50 * 101 + 88), 3 * (50 * 101 + 93), (byte) 255);
    double widest = 0;
    for (int seed = 0; seed < 60; seed++) {
      assertArrayEquals(white.rgb(), rotation.apply(white, new SplittableRandom(seed)).rgb());
      double[] centre = centroid(rotation.apply(dot, new SplittableRandom(seed)));
      double degrees = Math.toDegrees(Math.atan2(50 - centre[1], centre[0] - 50));
      widest = Math.max(widest, Math.abs(degrees));
    }
    assertTrue(widest > 25 && widest < 30.5, "widest angle " + widest);
  }

  private static double[] centroid(RawImage image) {
    double sum = 0;
    double x = 0;
    double y = 0;
    for (int row = 0; row < image.height(); row++) {
      for (int column = 0; column < image.width(); column++) {
        int value = TestCard.value(image, column, row, 0);
        sum += value;
        x += value * (double) column;
        y += value * (double) row;
      }
    }
    return new double[] {x / sum, y / sum, sum};
  }

  @Test
  void cropJitterMovesByWholePixelsExactlyAndMirrorsTheEdge() {
    RawImage moved = CropJitterConfig.changed(CARD, 1, 3, -2);
    for (int y = 0; y < 47; y++) {
      for (int x = 0; x < 61; x++) {
        int fromX = Math.abs(x - 3); // mirrored at column 0, which comes once
        int fromY = 46 - Math.abs(46 - (y + 2));
        assertEquals(TestCard.value(CARD, fromX, fromY, 2), TestCard.value(moved, x, y, 2));
      }
    }
  }

  @Test
  void cropJitterEnlargesTheFaceAboutTheCentreWithinItsBounds() {
    RawImage disc = TestCard.filled(101, 101, 0, 0, 0);
    for (int y = 0; y < 101; y++) {
      for (int x = 0; x < 101; x++) {
        if (Math.hypot(x - 50, y - 50) < 15) {
          disc.rgb()[3 * (y * 101 + x)] = (byte) 255;
        }
      }
    }
    double[] before = centroid(disc);
    double[] after = centroid(CropJitterConfig.changed(disc, 2, 0, 0));
    assertEquals(before[0], after[0], 0.05);
    assertEquals(before[1], after[1], 0.05);
    assertEquals(4, after[2] / before[2], 0.1);

    CropJitterConfig jitter = new CropJitterConfig(1, 0.1, 0.8, 1.5);
    for (int seed = 0; seed < 60; seed++) {
      double[] seen = centroid(jitter.apply(disc, new SplittableRandom(seed)));
      assertEquals(50, seen[0], 10.6);
      assertEquals(50, seen[1], 10.6);
      double zoom = Math.sqrt(seen[2] / before[2]);
      assertTrue(zoom > 0.78 && zoom < 1.53, "zoom " + zoom);
    }
  }

  @Test
  void greyHasEqualPlanesOfTheRightValue() {
    RawImage grey = new GreyConfig(1).apply(CARD, new SplittableRandom(0));
    for (int y = 0; y < 47; y++) {
      for (int x = 0; x < 61; x++) {
        double expected =
            0.299 * TestCard.value(CARD, x, y, 0)
                + 0.587 * TestCard.value(CARD, x, y, 1)
                + 0.114 * TestCard.value(CARD, x, y, 2);
        for (int plane = 0; plane < 3; plane++) {
          assertEquals(expected, TestCard.value(grey, x, y, plane), 0.5001);
        }
      }
    }
  }

  @Test
  void colourThatIsNotChangedStaysExactlyAsItIs() {
    assertArrayEquals(CARD.rgb(), ColorJitterConfig.changed(CARD, 1, 1, 1, 0).rgb());
    assertArrayEquals(
        CARD.rgb(),
        new ColorJitterConfig(1, 0, 0, 0, 0).apply(CARD, new SplittableRandom(3)).rgb());
  }

  @Test
  void brightnessContrastAndSaturationFollowTheirFormulas() {
    RawImage two = new RawImage(2, 1, new byte[] {100, 50, 26, 20, 60, 110});
    assertArrayEquals(
        new byte[] {(byte) 150, 75, 39, 30, 90, (byte) 165},
        ColorJitterConfig.changed(two, 1.5, 1, 1, 0).rgb());
    // Lumas 62.214 and 53.74, mean 57.977; half the distance to it.
    assertArrayEquals(
        new byte[] {79, 54, 42, 39, 59, 84}, ColorJitterConfig.changed(two, 1, 0.5, 1, 0).rgb());
    // No saturation: the lumas.
    assertArrayEquals(
        new byte[] {62, 62, 62, 54, 54, 54}, ColorJitterConfig.changed(two, 1, 1, 0, 0).rgb());
    // In this order: twice as bright, then no contrast: twice the mean of the lumas.
    assertArrayEquals(
        new byte[] {116, 116, 116, 116, 116, 116},
        ColorJitterConfig.changed(two, 2, 0, 1, 0).rgb());
    // Limited only at the end: the mean of 0 and 510 is 255, of which 0.6 is the black's.
    RawImage blackAndWhite = new RawImage(2, 1, new byte[] {0, 0, 0, -1, -1, -1});
    assertArrayEquals(
        new byte[] {(byte) 153, (byte) 153, (byte) 153, -1, -1, -1},
        ColorJitterConfig.changed(blackAndWhite, 2, 0.4, 1, 0).rgb());
  }

  @Test
  void hueTurnsColoursAndKeepsTheLuma() {
    RawImage color = TestCard.filled(3, 3, 140, 100, 90);
    for (double degrees : new double[] {-90, -20, 20, 180}) {
      RawImage turned = ColorJitterConfig.changed(color, 1, 1, 1, degrees);
      assertTrue(TestCard.distance(color, turned) > 3, "turned by " + degrees);
      assertEquals(luma(color), luma(turned), 0.6);
      assertTrue(
          TestCard.distance(color, ColorJitterConfig.changed(turned, 1, 1, 1, -degrees)) < 1.5);
    }
    RawImage grey = TestCard.filled(3, 3, 77, 77, 77);
    assertArrayEquals(grey.rgb(), ColorJitterConfig.changed(grey, 1, 1, 1, 50).rgb());
  }

  private static double luma(RawImage image) {
    return 0.299 * TestCard.value(image, 0, 0, 0)
        + 0.587 * TestCard.value(image, 0, 0, 1)
        + 0.114 * TestCard.value(image, 0, 0, 2);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.8, 1.5, 3})
  void blurSpreadsALineByItsStandardDeviation(double sigma) {
    RawImage line = TestCard.filled(61, 9, 0, 0, 0);
    for (int y = 0; y < 9; y++) {
      line.rgb()[3 * (y * 61 + 30)] = (byte) 255;
    }
    RawImage blurred = new BlurConfig(1, sigma, sigma).apply(line, new SplittableRandom(0));
    double sum = 0;
    double squares = 0;
    for (int x = 0; x < 61; x++) {
      int value = TestCard.value(blurred, x, 4, 0);
      sum += value;
      squares += value * (double) (x - 30) * (x - 30);
    }
    assertEquals(255, sum, 6); // each of some 6 sigma values is rounded
    assertEquals(sigma, Math.sqrt(squares / sum), 0.06 * sigma);
  }

  @Test
  void lowResolutionTakesTheDetailAndKeepsSizeAndMean() {
    RawImage checks = TestCard.filled(64, 48, 0, 0, 0);
    for (int y = 0; y < 48; y++) {
      for (int x = 0; x < 64; x++) {
        if ((x + y) % 2 == 0) {
          Arrays.fill(checks.rgb(), 3 * (y * 64 + x), 3 * (y * 64 + x) + 3, (byte) 200);
        }
      }
    }
    RawImage coarse = new LowResolutionConfig(1, 0.5, 0.5).apply(checks, new SplittableRandom(0));
    assertArrayEquals(TestCard.filled(64, 48, 100, 100, 100).rgb(), coarse.rgb());

    double last = 0;
    for (double fraction : new double[] {0.9, 0.5, 0.25, 0.1}) {
      RawImage lower =
          new LowResolutionConfig(1, fraction, fraction).apply(CARD, new SplittableRandom(0));
      assertEquals(61, lower.width());
      assertEquals(47, lower.height());
      assertEquals(TestCard.mean(CARD), TestCard.mean(lower), 2);
      assertTrue(TestCard.distance(CARD, lower) > last, "fraction " + fraction);
      last = TestCard.distance(CARD, lower);
    }
    assertArrayEquals(
        CARD.rgb(), new LowResolutionConfig(1, 1, 1).apply(CARD, new SplittableRandom(0)).rgb());
  }

  @Test
  void jpegIsWhatOpenCvMakesOfItAtThatQuality() {
    double last = 0;
    for (int quality : new int[] {95, 50, 10}) {
      RawImage artefacts = new JpegConfig(1, quality, quality).apply(CARD, new SplittableRandom(0));
      assertArrayEquals(throughJpeg(CARD, quality), artefacts.rgb());
      assertTrue(TestCard.distance(CARD, artefacts) > last, "quality " + quality);
      last = TestCard.distance(CARD, artefacts);
    }
    Set<Integer> seen = new HashSet<>();
    JpegConfig jpeg = new JpegConfig(1, 40, 42);
    for (int seed = 0; seed < 40; seed++) {
      byte[] rgb = jpeg.apply(CARD, new SplittableRandom(seed)).rgb();
      for (int quality = 40; quality <= 42; quality++) {
        if (Arrays.equals(rgb, throughJpeg(CARD, quality))) {
          seen.add(quality);
        }
      }
    }
    assertEquals(Set.of(40, 41, 42), seen);
  }

  /** Planes reversed by hand, so that the colour order is checked too. */
  private static byte[] throughJpeg(RawImage image, int quality) {
    byte[] bgr = reversed(image.rgb());
    try (Mat mat = new Mat(image.height(), image.width(), opencv_core.CV_8UC3);
        BytePointer encoded = new BytePointer();
        IntPointer options = new IntPointer(opencv_imgcodecs.IMWRITE_JPEG_QUALITY, quality)) {
      mat.data().put(bgr);
      opencv_imgcodecs.imencode(".jpg", mat, encoded, options);
      try (Mat bytes = new Mat(encoded);
          Mat decoded = opencv_imgcodecs.imdecode(bytes, opencv_imgcodecs.IMREAD_COLOR)) {
        byte[] result = new byte[bgr.length];
        decoded.data().get(result);
        return reversed(result);
      }
    }
  }

  private static byte[] reversed(byte[] planes) {
    byte[] result = new byte[planes.length];
    for (int i = 0; i < planes.length; i += 3) {
      result[i] = planes[i + 2];
      result[i + 1] = planes[i + 1];
      result[i + 2] = planes[i];
    }
    return result;
  }

  @Test
  void cutOutCoversARectangleOfItsAreaAndAspect() {
    RawImage white = TestCard.filled(100, 80, 255, 255, 255);
    CutOutConfig cutOut = new CutOutConfig(1, 0.05, 0.2, 2, 9);
    Set<Integer> places = new HashSet<>();
    for (int seed = 0; seed < 200; seed++) {
      RawImage covered = cutOut.apply(white, new SplittableRandom(seed));
      int left = 100;
      int right = -1;
      int top = 80;
      int bottom = -1;
      int count = 0;
      for (int y = 0; y < 80; y++) {
        for (int x = 0; x < 100; x++) {
          int value = TestCard.value(covered, x, y, 1);
          assertTrue(value == 9 || value == 255, "value " + value);
          if (value == 9) {
            left = Math.min(left, x);
            right = Math.max(right, x);
            top = Math.min(top, y);
            bottom = Math.max(bottom, y);
            count++;
          }
        }
      }
      int width = right - left + 1;
      int height = bottom - top + 1;
      assertEquals(width * height, count, "a full rectangle");
      assertTrue(count >= 0.05 * 8000 - 20 && count <= 0.2 * 8000 + 25, "area " + count);
      double aspect = (double) width / height;
      assertTrue(aspect > 0.46 && aspect < 2.15, "aspect " + aspect);
      places.add(left);
    }
    assertTrue(places.size() > 30, "places differ");
    RawImage all = new CutOutConfig(1, 1, 1, 3, 9).apply(white, new SplittableRandom(0));
    assertArrayEquals(TestCard.filled(100, 80, 9, 9, 9).rgb(), all.rgb());
  }

  @Test
  void rangesThatMakeNoSenseAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new FlipConfig(1.01));
    assertThrows(IllegalArgumentException.class, () -> new FlipConfig(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> new JpegConfig(1, 80, 30));
    assertThrows(IllegalArgumentException.class, () -> new JpegConfig(1, 0, 30));
    assertThrows(IllegalArgumentException.class, () -> new BlurConfig(1, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new CutOutConfig(1, 0, 0.2, 2, 0));
    assertThrows(IllegalArgumentException.class, () -> new CropJitterConfig(1, 0.1, 1.2, 1.1));
    assertThrows(IllegalArgumentException.class, () -> new RotationConfig(1, 181));
    assertThrows(IllegalArgumentException.class, () -> new LowResolutionConfig(1, 0.9, 0.5));
    assertThrows(IllegalArgumentException.class, () -> new ColorJitterConfig(1, 2, 0, 0, 0));
  }

  @Test
  void anAugmentedSourceIsAPureViewWithItsOwnFingerprint() {
    DrawnImage source = new DrawnImage(CARD, "plain");
    AugmentationPipeline pipeline = AugmentationPipeline.of(Variants.sure());
    SeedStreams seeds = new SeedStreams(5);
    AugmentedImageSource view = new AugmentedImageSource(source, pipeline, seeds, "a/1", 0);
    assertArrayEquals(view.decode().rgb(), view.decode().rgb());
    assertArrayEquals(view.decode().rgb(), view.read().image().rgb());
    assertEquals(view.fingerprint(), view.read().fingerprint());
    List<AugmentedImageSource> others =
        List.of(
            new AugmentedImageSource(source, pipeline, seeds, "a/1", 1),
            new AugmentedImageSource(source, pipeline, seeds, "a/2", 0),
            new AugmentedImageSource(source, pipeline, new SeedStreams(6), "a/1", 0),
            new AugmentedImageSource(
                source, AugmentationPipeline.of(Variants.usual()), seeds, "a/1", 0),
            new AugmentedImageSource(
                new DrawnImage(TestCard.card(60, 47), "other"), pipeline, seeds, "a/1", 0));
    for (AugmentedImageSource other : others) {
      assertNotEquals(view.fingerprint(), other.fingerprint());
      assertFalse(Arrays.equals(view.decode().rgb(), other.decode().rgb()));
    }
    assertNotEquals("plain", view.fingerprint());
  }
}
