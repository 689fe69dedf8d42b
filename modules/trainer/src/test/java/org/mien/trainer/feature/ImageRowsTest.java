package org.mien.trainer.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.core.progress.Progress;
import org.mien.core.random.SeedStreams;
import org.mien.data.augment.AugmentationPipeline;
import org.mien.data.augment.ColorJitterConfig;
import org.mien.data.augment.CropJitterConfig;
import org.mien.data.image.FacePreprocessor;
import org.mien.data.image.ImageSource;
import org.mien.data.image.RawImage;
import org.mien.data.manifest.FaceSample;

/** Rows are plain images or views that follow from key, epoch and place. */
final class ImageRowsTest {
  private static final Preprocessing INPUT =
      new Preprocessing(
          16,
          16,
          ColorOrder.RGB,
          List.of(127.5, 127.5, 127.5),
          List.of(127.5, 127.5, 127.5),
          new Crop.Centre(0.5),
          "any");
  private static final SeedStreams SEEDS = new SeedStreams(2);
  private static final AugmentationPipeline PIPELINE =
      AugmentationPipeline.of(
          List.of(
              new CropJitterConfig(1, 0.1, 0.9, 1.2), new ColorJitterConfig(1, 0.3, 0.3, 0.3, 10)));

  private record Picture(int number, AtomicInteger decoded) implements ImageSource {
    @Override
    public RawImage decode() {
      decoded.incrementAndGet();
      byte[] rgb = new byte[3 * 40 * 40];
      for (int i = 0; i < rgb.length; i++) {
        rgb[i] = (byte) (i * (7 + number) % 253);
      }
      return new RawImage(40, 40, rgb);
    }

    @Override
    public String fingerprint() {
      return "picture " + number;
    }
  }

  private final AtomicInteger decoded = new AtomicInteger();
  private final List<FaceSample> samples = samples();

  private List<FaceSample> samples() {
    List<FaceSample> samples = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      samples.add(new FaceSample("k" + i, "p" + i % 2, new Picture(i, decoded), Map.of()));
    }
    return samples;
  }

  private ImageRows rows(AugmentationPipeline pipeline) {
    return ImageRows.images(
        ReadableImages.of("read", samples, INPUT, true, Progress.silent()),
        List.of("p0", "p1"),
        INPUT,
        pipeline,
        SEEDS);
  }

  private static float[] part(float[] batch, int index) {
    int length = INPUT.imageLength();
    return Arrays.copyOfRange(batch, index * length, (index + 1) * length);
  }

  @Test
  void withoutAugmentationEveryEpochSeesThePlainImage() {
    ImageRows rows = rows(AugmentationPipeline.of(List.of()));
    int[] order = {3, 0, 3, 5};
    float[] first = rows.read(1, order, 0, 4);
    assertArrayEquals(first, rows.read(2, order, 0, 4));
    float[] plain = new FacePreprocessor(INPUT).apply(samples.get(3).image().decode());
    assertArrayEquals(plain, part(first, 0));
    assertArrayEquals(plain, part(first, 2));
  }

  @Test
  void eachPlaceOfEachEpochIsAViewThatCanBeMadeAgain() {
    ImageRows rows = rows(PIPELINE);
    int[] order = {3, 0, 3, 5};
    float[] first = rows.read(1, order, 0, 4);
    assertFalse(Arrays.equals(part(first, 0), part(first, 2)), "a repeated row is another view");
    assertFalse(Arrays.equals(first, rows.read(2, order, 0, 4)), "another epoch, another view");
    // Other batches, other rows object, after others were read: the same views.
    float[] second = rows(PIPELINE).read(1, order, 2, 2);
    assertArrayEquals(part(first, 2), part(second, 0));
    assertArrayEquals(part(first, 3), part(second, 1));

    FacePreprocessor input = new FacePreprocessor(INPUT);
    RawImage view =
        PIPELINE.apply(
            input.view(samples.get(5).image().decode()),
            AugmentationPipeline.stream(SEEDS, "k5", 1, 3));
    assertArrayEquals(
        new FacePreprocessor(INPUT.withCrop(new Crop.None())).apply(view), part(first, 3));
  }

  @Test
  void imagesAreDecodedOnceForAllTheirViews() {
    ImageRows rows = rows(PIPELINE);
    for (int epoch = 1; epoch <= 4; epoch++) {
      rows.read(epoch, new int[] {0, 1, 2, 3, 4, 5}, 0, 6);
    }
    assertEquals(6, decoded.get());
  }
}
