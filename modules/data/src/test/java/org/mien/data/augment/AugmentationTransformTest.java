package org.mien.data.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.datavec.api.io.labels.ParentPathLabelGenerator;
import org.datavec.api.split.FileSplit;
import org.datavec.api.writable.NDArrayWritable;
import org.datavec.image.data.ImageWritable;
import org.datavec.image.loader.NativeImageLoader;
import org.datavec.image.recordreader.ImageRecordReader;
import org.datavec.image.transform.ImageTransform;
import org.datavec.image.transform.PipelineImageTransform;
import org.datavec.image.transform.ResizeImageTransform;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.RawImage;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Mien's augmentations inside DataVec's own readers and pipelines. */
final class AugmentationTransformTest {
  private static final RawImage CARD = TestCard.card(24, 20);
  private static final SeedStreams SEEDS = new SeedStreams(11);

  /** Geometry, colour (so that the order of planes matters) and a codec. */
  private static final AugmentationPipeline PIPELINE =
      AugmentationPipeline.of(
          List.of(
              new RotationConfig(1, 30),
              new ColorJitterConfig(1, 0.3, 0.3, 0.5, 60),
              new JpegConfig(1, 40, 60)));

  @TempDir private static Path folder;

  @BeforeAll
  static void writeImages() throws IOException {
    for (String name : List.of("anna/1.png", "anna/2.png", "bert/1.png")) {
      Files.createDirectories(folder.resolve(name).getParent());
      RawImage image =
          name.equals("anna/1.png") ? CARD : TestCard.card(24, 20 + name.hashCode() % 2);
      ContactSheet.writePng(image, folder.resolve(name));
    }
  }

  private static List<float[]> read(ImageTransform transform) throws IOException {
    try (ImageRecordReader reader =
        new ImageRecordReader(20, 24, 3, new ParentPathLabelGenerator(), transform)) {
      reader.initialize(new FileSplit(folder.toFile(), new Random(0)));
      List<float[]> images = new java.util.ArrayList<>();
      while (reader.hasNext()) {
        images.add(((NDArrayWritable) reader.next().get(0)).get().dup('c').data().asFloat());
      }
      return images;
    }
  }

  /** DataVec's layout: planes B, G, R. */
  private static float[] planesOf(RawImage image) {
    int area = image.width() * image.height();
    float[] planes = new float[3 * area];
    for (int plane = 0; plane < 3; plane++) {
      for (int i = 0; i < area; i++) {
        planes[plane * area + i] = image.rgb()[3 * i + 2 - plane] & 0xFF;
      }
    }
    return planes;
  }

  private static boolean contains(List<float[]> images, float[] wanted) {
    return images.stream().anyMatch(image -> Arrays.equals(image, wanted));
  }

  @Test
  void anImageRecordReaderGivesWhatThePipelineGivesAndTheSameAgain() throws IOException {
    List<float[]> plain = read(null);
    assertTrue(contains(plain, planesOf(CARD)), "the reader itself gives the card as it is");
    AugmentationTransform transform = new AugmentationTransform(PIPELINE, SEEDS);
    List<float[]> first = read(transform);
    assertEquals(3, first.size());
    for (int i = 0; i < 3; i++) {
      assertFalse(Arrays.equals(plain.get(i), first.get(i)), "image " + i + " is changed");
    }
    List<float[]> again = read(transform);
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(first.get(i), again.get(i));
    }
    transform.view(1);
    List<float[]> next = read(transform);
    assertFalse(Arrays.equals(first.get(0), next.get(0)), "another view");
    transform.view(0);
    assertArrayEquals(first.get(2), read(transform).get(2));
  }

  @Test
  void aPipelineOfDataVecHandsOverItsRandom() throws IOException {
    AugmentationPipeline turn = AugmentationPipeline.of(List.of(new RotationConfig(1, 30)));
    ImageTransform transform =
        new PipelineImageTransform(
            new AugmentationTransform(turn, SEEDS),
            new ResizeImageTransform(24, 20),
            new AugmentationTransform(PIPELINE, SEEDS));
    ImageWritable card = new NativeImageLoader(20, 24, 3).asWritable(folder + "/anna/1.png");
    Random random = new Random(77);
    RawImage turned = turn.apply(CARD, new SplittableRandom(random.nextLong()));
    RawImage expected = PIPELINE.apply(turned, new SplittableRandom(random.nextLong()));
    INDArray result =
        new NativeImageLoader(20, 24, 3).asMatrix(transform.transform(card, new Random(77)));
    assertArrayEquals(planesOf(expected), result.dup('c').data().asFloat());
  }

  @Test
  void greyImagesStayGrey() throws IOException {
    NativeImageLoader loader =
        new NativeImageLoader(20, 24, 1, new AugmentationTransform(PIPELINE, SEEDS));
    INDArray result = loader.asMatrix(folder.resolve("anna/1.png").toFile());
    assertArrayEquals(new long[] {1, 1, 20, 24}, result.shape());
    INDArray plain =
        new NativeImageLoader(20, 24, 1).asMatrix(folder.resolve("anna/1.png").toFile());
    assertFalse(plain.equals(result));
  }
}
