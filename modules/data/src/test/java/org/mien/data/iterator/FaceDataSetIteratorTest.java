package org.mien.data.iterator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.Crop;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.FacePreprocessor;
import org.mien.data.image.ImageSource;
import org.mien.data.image.RawImage;
import org.mien.data.image.TestImages;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.Skipped;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.preprocessor.ImagePreProcessingScaler;

class FaceDataSetIteratorTest {
  static final FacePreprocessor FACES =
      new FacePreprocessor(TestImages.plain(8, 9, new Crop.None()));
  static final List<String> PEOPLE = List.of("ann", "bob", "cid");

  /** Red is the value, green and blue are 1 and 2; a negative value cannot be read. */
  record Plain(int value) implements ImageSource {
    @Override
    public RawImage decode() {
      if (value < 0) {
        throw new DataException("damaged");
      }
      byte[] rgb = new byte[3 * 72];
      for (int i = 0; i < rgb.length; i += 3) {
        rgb[i] = (byte) value;
        rgb[i + 1] = 1;
        rgb[i + 2] = 2;
      }
      return new RawImage(8, 9, rgb);
    }

    @Override
    public String fingerprint() {
      return "plain " + value;
    }
  }

  static List<FaceSample> samples(int... values) {
    List<FaceSample> samples = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      String identity = PEOPLE.get(i % 3);
      samples.add(new FaceSample(identity + "/" + i, identity, new Plain(values[i]), Map.of()));
    }
    return samples;
  }

  @Test
  void featuresAreNchwAndLabelsOneHot() {
    try (FaceDataSetIterator iterator =
        FaceDataSetIterator.inOrder(samples(10, 20, 30, 40), PEOPLE, FACES, 3, 2)) {
      DataSet batch = iterator.next();
      assertArrayEquals(new long[] {3, 3, 9, 8}, batch.getFeatures().shape());
      assertEquals(DataType.FLOAT, batch.getFeatures().dataType());
      assertEquals(20, batch.getFeatures().getFloat(1, 0, 8, 7));
      assertEquals(1, batch.getFeatures().getFloat(1, 1, 8, 7));
      assertEquals(2, batch.getFeatures().getFloat(2, 2, 0, 0));
      assertArrayEquals(
          new float[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, batch.getLabels().toFloatMatrix());
      assertEquals(DataType.FLOAT, batch.getLabels().dataType());
      assertEquals(List.of("ann/0", "bob/1", "cid/2"), batch.getExampleMetaData());
      DataSet last = iterator.next();
      assertArrayEquals(new long[] {1, 3, 9, 8}, last.getFeatures().shape());
      assertEquals(40, last.getFeatures().getFloat(0, 0, 0, 0));
      assertFalse(iterator.hasNext());
      assertThrows(NoSuchElementException.class, iterator::next);
    }
  }

  @Test
  void theConventionsOfDl4jHold() {
    try (FaceDataSetIterator iterator =
        FaceDataSetIterator.inOrder(samples(10, 20), PEOPLE, FACES, 4, 1)) {
      assertEquals(3 * 9 * 8, iterator.inputColumns());
      assertEquals(3, iterator.totalOutcomes());
      assertEquals(4, iterator.batch());
      assertEquals(PEOPLE, iterator.getLabels());
      assertTrue(iterator.resetSupported());
      assertFalse(iterator.asyncSupported());
      iterator.setPreProcessor(new ImagePreProcessingScaler(0, 1));
      assertEquals(10 / 255f, iterator.next().getFeatures().getFloat(0, 0, 0, 0), 1e-6);
    }
  }

  @Test
  void nextOfAnyCountCutsAcrossTheBatches() {
    try (FaceDataSetIterator iterator =
        FaceDataSetIterator.inOrder(samples(1, 2, 3, 4, 5, 6, 7), PEOPLE, FACES, 3, 2)) {
      assertEquals(List.of(1, 2), values(iterator.next(2)));
      assertEquals(List.of(3, 4, 5, 6), values(iterator.next(4)));
      assertEquals(List.of(7), values(iterator.next(1000)));
      assertThrows(IllegalArgumentException.class, () -> iterator.next(0));
    }
  }

  @Test
  void badImagesAreListedAndBatchesFilledUp() {
    try (FaceDataSetIterator iterator =
        FaceDataSetIterator.inOrder(samples(1, -1, 3, 4, -1, 6), PEOPLE, FACES, 2, 2)) {
      assertEquals(List.of(1, 3), values(iterator.next()));
      assertEquals(List.of(4, 6), values(iterator.next()));
      assertFalse(iterator.hasNext());
      assertEquals(
          List.of(new Skipped("bob/1", "damaged"), new Skipped("bob/4", "damaged")),
          iterator.skipped());
      iterator.reset();
      assertEquals(List.of(1, 3), values(iterator.next()));
      assertEquals(2, iterator.skipped().size());
    }
  }

  @Test
  void eachEpochHasAnOrderOfItsOwnThatCanBeFoundAgain() {
    try (FaceDataSetIterator iterator = shuffled()) {
      List<List<Integer>> epochs = new ArrayList<>();
      for (int epoch = 0; epoch < 3; epoch++) {
        assertEquals(epoch, iterator.epoch());
        epochs.add(rest(iterator));
        iterator.reset();
      }
      assertNotEquals(epochs.get(0), epochs.get(1));
      assertNotEquals(epochs.get(1), epochs.get(2));
      for (List<Integer> epoch : epochs) {
        List<Integer> sorted = new ArrayList<>(epoch);
        Collections.sort(sorted);
        assertEquals(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), sorted);
      }
      try (FaceDataSetIterator resumed = shuffled()) {
        assertEquals(epochs.get(2), rest(resumed.at(2)));
        assertEquals(epochs.get(0), rest(resumed.at(0)));
      }
    }
  }

  @Test
  void resetBeforeAnythingWasTakenStaysInTheEpoch() {
    try (FaceDataSetIterator iterator = shuffled()) {
      iterator.reset();
      assertTrue(iterator.hasNext());
      iterator.reset();
      assertEquals(0, iterator.epoch());
      iterator.next();
      iterator.reset();
      assertEquals(1, iterator.epoch());
    }
  }

  @Test
  void aSampleOfAnUnknownIdentityIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> FaceDataSetIterator.inOrder(samples(1, 2), List.of("ann"), FACES, 2, 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> FaceDataSetIterator.inOrder(samples(1), List.of("ann", "ann"), FACES, 2, 1));
  }

  private static FaceDataSetIterator shuffled() {
    return FaceDataSetIterator.shuffled(
        samples(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
        PEOPLE,
        FACES,
        5,
        2,
        new SeedStreams(9),
        "train/order");
  }

  private static List<Integer> rest(FaceDataSetIterator iterator) {
    List<Integer> values = new ArrayList<>();
    while (iterator.hasNext()) {
      values.addAll(values(iterator.next()));
    }
    return values;
  }

  static List<Integer> values(DataSet batch) {
    int count = (int) batch.getFeatures().size(0);
    float[] features = batch.getFeatures().dup().data().asFloat();
    Integer[] values = new Integer[count];
    Arrays.setAll(values, i -> (int) features[i * 3 * 72]);
    return Arrays.asList(values);
  }
}
