package org.mien.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.DataException;
import org.mien.model.file.SmallModels;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

class CheckpointStoreTest {
  private static final int FEATURES = 6;

  @TempDir Path folder;
  private CheckpointStore store;

  @BeforeEach
  void open() {
    store = new CheckpointStore(folder.resolve("checkpoints"));
  }

  private static DataSet batch(int step) {
    SplittableRandom random = new SplittableRandom(step);
    INDArray features = Nd4j.zeros(8, FEATURES);
    INDArray labels = Nd4j.zeros(8, SmallModels.IDENTITIES.size());
    for (int row = 0; row < 8; row++) {
      for (int i = 0; i < FEATURES; i++) {
        features.putScalar(row, i, random.nextDouble(-1, 1));
      }
      labels.putScalar(row, random.nextInt(SmallModels.IDENTITIES.size()), 1);
    }
    return new DataSet(features, labels);
  }

  private static float[] weights(ComputationGraph graph) {
    return graph.params().dup('c').data().asFloat();
  }

  private static float[] optimiser(ComputationGraph graph) {
    return graph.getUpdater().getStateViewArray().dup('c').data().asFloat();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("checkpoints"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void trainingGoesOnBitByBitAsIfNeverStopped() {
    ComputationGraph whole = SmallModels.head(FEATURES);
    ComputationGraph stopped = SmallModels.head(FEATURES);
    for (int step = 0; step < 2; step++) {
      whole.fit(batch(step));
      stopped.fit(batch(step));
    }
    store.save(1, 0, stopped, "state");
    ComputationGraph resumed = store.latest().orElseThrow().graph();
    assertArrayEquals(optimiser(whole), optimiser(resumed));
    assertEquals(2, resumed.getConfiguration().getIterationCount());
    float[] before = weights(resumed);

    whole.fit(batch(2));
    resumed.fit(batch(2));

    assertFalse(Arrays.equals(before, weights(resumed)));
    assertArrayEquals(weights(whole), weights(resumed));
    assertArrayEquals(optimiser(whole), optimiser(resumed));
  }

  @Test
  void aStepInsideAnEpochIsNewerThanTheEpochBefore() {
    ComputationGraph graph = SmallModels.head(FEATURES);
    store.save(2, 0, graph, "two epochs");
    store.save(2, 5, graph, "and five steps");
    CheckpointStore.Checkpoint newest = store.latest().orElseThrow();
    assertEquals(2, newest.epochs());
    assertEquals(5, newest.step());
    assertEquals("and five steps", newest.state());
  }

  @Test
  void anEmptyStoreHasNoLatest() {
    assertEquals(Optional.empty(), store.latest());
  }

  @Test
  void aTruncatedNewestGivesTheOneBefore() throws IOException {
    ComputationGraph graph = SmallModels.head(FEATURES);
    store.save(1, 0, graph, "good");
    store.save(2, 0, graph, "cut short");
    Path newest = folder.resolve("checkpoints/epoch-000002.zip");
    byte[] whole = Files.readAllBytes(newest);
    for (int length = 0; length < whole.length; length += 1 + whole.length / 10) {
      Files.write(newest, Arrays.copyOf(whole, length));
      assertEquals("good", store.latest().orElseThrow().state());
    }
  }

  @Test
  void aFlippedBitGivesTheOneBefore() throws IOException {
    ComputationGraph graph = SmallModels.head(FEATURES);
    store.save(1, 0, graph, "good");
    store.save(2, 0, graph, "damaged");
    Path newest = folder.resolve("checkpoints/epoch-000002.zip");
    byte[] bytes = Files.readAllBytes(newest);
    bytes[bytes.length / 2] ^= 1;
    Files.write(newest, bytes);
    assertEquals("good", store.latest().orElseThrow().state());
  }

  @Test
  void pruningKeepsTheNewestAndTheBest() throws IOException {
    ComputationGraph graph = SmallModels.head(FEATURES);
    for (int epoch = 1; epoch <= 5; epoch++) {
      store.save(epoch, 0, graph, "");
    }
    store.save(4, 3, graph, "");
    Files.writeString(folder.resolve("checkpoints/.epoch-000003.zip.tmp-1-a"), "half written");
    store.prune(2, OptionalInt.of(2));
    assertEquals(
        List.of("epoch-000002.zip", "epoch-000004.zip", "epoch-000005.zip").toString(),
        names().toString());
  }

  @Test
  void aMissingEpochIsNamed() {
    DataException error = assertThrows(DataException.class, () -> store.afterEpoch(9));
    assertTrue(error.getMessage().contains("epoch-000009.zip"), error.getMessage());
  }
}
