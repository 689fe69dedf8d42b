package org.mien.data.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.preprocessing.Crop;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.FacePreprocessor;
import org.mien.data.image.FileImageSource;
import org.mien.data.image.RawImage;
import org.mien.data.image.TestImages;
import org.mien.data.manifest.FaceSample;

final class ContactSheetTest {
  private static final SeedStreams SEEDS = new SeedStreams(3);
  private static final FacePreprocessor INPUT =
      new FacePreprocessor(TestImages.plain(112, 100, new Crop.None()));
  private static final AugmentationPipeline PIPELINE =
      AugmentationPipeline.of(
          List.of(new FlipConfig(0), new GreyConfig(0), new BlurConfig(1, 1, 2)));

  @TempDir private Path folder;

  private static FaceSample sample(String key, RawImage image) {
    return new FaceSample(key, "somebody", new DrawnImage(image, key), Map.of());
  }

  private static RawImage part(RawImage sheet, int left, int top, int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      System.arraycopy(
          sheet.rgb(), 3 * ((top + y) * sheet.width() + left), rgb, 3 * y * width, 3 * width);
    }
    return new RawImage(width, height, rgb);
  }

  /** The cell in a row and column, counted from 0; a gap of 4 and lines of 16 pixels. */
  private static RawImage cell(RawImage sheet, int row, int column) {
    return part(sheet, 4 + column * 116, 36 + row * 120, 112, 100);
  }

  @Test
  void aRowShowsTheInputEachAugmentationAloneAndViewsOfAll() {
    RawImage card = TestCard.card(112, 100);
    RawImage larger = TestCard.card(224, 200);
    RawImage sheet =
        ContactSheet.of(
            List.of(sample("a/1", card), sample("a/2", larger)), INPUT, PIPELINE, 2, SEEDS);
    assertEquals(4 + 6 * 116, sheet.width());
    assertEquals(20 + 2 * 120, sheet.height());
    assertArrayEquals(card.rgb(), cell(sheet, 0, 0).rgb());
    assertArrayEquals(INPUT.view(larger).rgb(), cell(sheet, 1, 0).rgb());
    SplittableRandom any = new SplittableRandom(0);
    assertArrayEquals(new FlipConfig(1).apply(card, any).rgb(), cell(sheet, 0, 1).rgb());
    assertArrayEquals(new GreyConfig(1).apply(card, any).rgb(), cell(sheet, 0, 2).rgb());
    for (int view = 1; view <= 2; view++) {
      assertArrayEquals(
          PIPELINE.apply(card, AugmentationPipeline.stream(SEEDS, "a/1", view)).rgb(),
          cell(sheet, 0, 3 + view).rgb());
    }
    for (int column = 0; column < 6; column++) {
      RawImage title = part(sheet, 4 + column * 116, 0, 112, 16);
      assertTrue(TestCard.mean(title) < 250, "column " + column + " has a title");
    }
  }

  @Test
  void anUnreadableImageIsACrossedBoxWithTheReason() {
    FaceSample missing =
        new FaceSample(
            "b/1", "somebody", new FileImageSource(folder.resolve("missing.jpg")), Map.of());
    RawImage sheet = ContactSheet.of(List.of(missing), INPUT, PIPELINE, 1, SEEDS);
    RawImage box = cell(sheet, 0, 0);
    for (int[] place : new int[][] {{0, 0}, {111, 0}, {0, 99}, {111, 99}, {50, 0}}) {
      assertEquals(200, TestCard.value(box, place[0], place[1], 0));
      assertEquals(30, TestCard.value(box, place[0], place[1], 1));
    }
    assertTrue(TestCard.mean(cell(sheet, 0, 1)) < 254, "the reason stands beside it");
    RawImage alone =
        ContactSheet.of(List.of(missing), INPUT, AugmentationPipeline.of(List.of()), 3, SEEDS);
    assertEquals(4 + 116, alone.width());
  }

  @Test
  void smallInputsAreEnlargedSoThatLabelsFit() {
    FacePreprocessor small = new FacePreprocessor(TestImages.plain(32, 32, new Crop.None()));
    RawImage sheet =
        ContactSheet.of(
            List.of(sample("a/1", TestCard.card(32, 32))),
            small,
            AugmentationPipeline.of(List.of()),
            0,
            SEEDS);
    assertEquals(4 + 96 + 4, sheet.width());
    assertEquals(
        TestCard.value(TestCard.card(32, 32), 31, 31, 0), TestCard.value(sheet, 99, 131, 0));
  }

  @Test
  void theSheetIsWrittenAsPng() throws IOException {
    RawImage card = TestCard.card(30, 20);
    Path file = folder.resolve("sheets/sheet.png");
    ContactSheet.writePng(card, file);
    BufferedImage read = ImageIO.read(file.toFile());
    byte[] rgb = new byte[card.rgb().length];
    for (int i = 0; i < rgb.length / 3; i++) {
      int value = read.getRGB(i % 30, i / 30);
      rgb[3 * i] = (byte) (value >> 16);
      rgb[3 * i + 1] = (byte) (value >> 8);
      rgb[3 * i + 2] = (byte) value;
    }
    assertTrue(Arrays.equals(card.rgb(), rgb));
  }

  @Test
  void aSheetTooLargeToDrawIsRefused() {
    List<FaceSample> many =
        java.util.Collections.nCopies(100_000, sample("a/1", TestCard.card(8, 8)));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> ContactSheet.of(many, INPUT, PIPELINE, 1, SEEDS));
    assertTrue(e.getMessage().contains("show fewer samples"), e.getMessage());
  }
}
