package org.mien.trainer.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.core.random.SeedStreams;
import org.mien.data.augment.AugmentationPipeline;
import org.mien.data.augment.ColorJitterConfig;
import org.mien.data.image.FacePreprocessor;
import org.mien.data.image.ImageSource;
import org.mien.data.image.RawImage;
import org.mien.data.manifest.FaceSample;

/** Rows of which every epoch shows one of a few views. */
final class ViewRowsTest {
  private static final SeedStreams SEEDS = new SeedStreams(4);
  private static final int ROWS = 40;

  private record Picture(int number) implements ImageSource {
    @Override
    public RawImage decode() {
      byte[] rgb = new byte[3 * 20 * 20];
      for (int i = 0; i < rgb.length; i++) {
        rgb[i] = (byte) (i * (5 + number) % 251);
      }
      return new RawImage(20, 20, rgb);
    }

    @Override
    public String fingerprint() {
      return "picture " + number;
    }
  }

  private static List<FaceSample> samples(int count) {
    List<FaceSample> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      samples.add(new FaceSample("k" + i, "p" + i % 2, new Picture(i), Map.of()));
    }
    return samples;
  }

  /** Row r of view v is (r, v). */
  private static FeatureTable table(int view, int count) {
    float[] values = new float[2 * count];
    for (int row = 0; row < count; row++) {
      values[2 * row] = row;
      values[2 * row + 1] = view;
    }
    return new FeatureTable(samples(count), 2, values, List.of(), 0, 0, Double.NaN);
  }

  private static ViewRows rows(long seed) {
    return new ViewRows(
        List.of(table(0, ROWS), table(1, ROWS), table(2, ROWS)),
        List.of("p0", "p1"),
        new SeedStreams(seed));
  }

  private static int[] order() {
    int[] order = new int[ROWS];
    Arrays.setAll(order, place -> ROWS - 1 - place);
    return order;
  }

  @Test
  void everyEpochShowsEachRowInAViewOfItsOwn() {
    ViewRows rows = rows(1);
    float[] first = rows.read(1, order(), 0, ROWS);
    Set<Float> views = new HashSet<>();
    for (int place = 0; place < ROWS; place++) {
      assertEquals(order()[place], first[2 * place]);
      views.add(first[2 * place + 1]);
    }
    assertEquals(Set.of(0f, 1f, 2f), views, "all views are shown, the plain one too");
    assertFalse(Arrays.equals(first, rows.read(2, order(), 0, ROWS)), "another epoch");
    assertFalse(Arrays.equals(first, rows(2).read(1, order(), 0, ROWS)), "another seed");
  }

  @Test
  void aTrainingThatGoesOnInTheMiddleSeesTheSameViews() {
    float[] whole = rows(1).read(3, order(), 0, ROWS);
    float[] rest = rows(1).read(3, order(), 25, ROWS - 25);
    assertArrayEquals(Arrays.copyOfRange(whole, 50, 2 * ROWS), rest);
  }

  @Test
  void viewsOfOtherSamplesAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new ViewRows(List.of(table(0, 3), table(1, 4)), List.of("p0", "p1"), SEEDS));
  }

  @Test
  void aViewIsMadeBehindTheCropAndItsFingerprintNamesAllThatMakesIt() {
    Preprocessing input =
        new Preprocessing(
            8,
            8,
            ColorOrder.RGB,
            List.of(0.0, 0.0, 0.0),
            List.of(1.0, 1.0, 1.0),
            new Crop.Centre(0.5),
            "any");
    FacePreprocessor cropping = new FacePreprocessor(input);
    AugmentationPipeline pipeline =
        AugmentationPipeline.of(List.of(new ColorJitterConfig(1, 0.3, 0.3, 0.3, 10)));
    AugmentedViews views = new AugmentedViews(pipeline, 2, SEEDS);
    FaceSample plain = samples(1).get(0);
    FaceSample first = views.samples(List.of(plain), 1, cropping).get(0);
    FaceSample second = views.samples(List.of(plain), 2, cropping).get(0);
    RawImage expected =
        pipeline.apply(
            cropping.view(plain.image().decode()), AugmentationPipeline.stream(SEEDS, "k0", 1));
    assertArrayEquals(expected.rgb(), first.image().decode().rgb());
    assertFalse(Arrays.equals(expected.rgb(), second.image().decode().rgb()));
    assertEquals(plain.key(), first.key());

    Set<String> prints = new HashSet<>();
    prints.add(first.image().fingerprint());
    prints.add(second.image().fingerprint());
    for (AugmentedViews other :
        List.of(
            new AugmentedViews(pipeline, 1, new SeedStreams(5)),
            new AugmentedViews(
                AugmentationPipeline.of(List.of(new ColorJitterConfig(1, 0.2, 0.3, 0.3, 10))),
                1,
                SEEDS))) {
      prints.add(other.samples(List.of(plain), 1, cropping).get(0).image().fingerprint());
    }
    FacePreprocessor wider = new FacePreprocessor(input.withCrop(new Crop.None()));
    prints.add(views.samples(List.of(plain), 1, wider).get(0).image().fingerprint());
    prints.add(views.samples(samples(2), 1, cropping).get(1).image().fingerprint());
    assertEquals(6, prints.size());
    assertThrows(IllegalArgumentException.class, () -> views.samples(List.of(plain), 3, cropping));
  }
}
