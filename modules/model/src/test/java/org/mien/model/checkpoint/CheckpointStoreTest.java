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

  private static CheckpointState state(int epoch, int bestEpoch) {
    return new CheckpointState(
        epoch, 10L * epoch, 0.1 + 0.2, bestEpoch, List.of(1.5, 1 / 3.0), "recipe", "features");
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

  @Test
  void trainingGoesOnBitByBitAsIfNeverStopped() {
    ComputationGraph whole = SmallModels.head(FEATURES);
    ComputationGraph stopped = SmallModels.head(FEATURES);
    for (int step = 0; step < 2; step++) {
      whole.fit(batch(step));
      stopped.fit(batch(step));
    }
    store.save(stopped, state(1, 1));
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
  void theStateComesBackAsItWas() {
    store.save(SmallModels.head(FEATURES), state(7, 3));
    Checkpoint read = store.latest().orElseThrow();
    assertEquals(state(7, 3), read.state());
    assertEquals("epoch-0007.zip", read.file().getFileName().toString());
  }

  @Test
  void anEmptyStoreHasNoLatest() {
    assertEquals(Optional.empty(), store.latest());
    assertEquals(List.of(), store.prune(1));
  }

  @Test
  void aTruncatedNewestGivesTheOneBefore() throws IOException {
    ComputationGraph graph = SmallModels.head(FEATURES);
    store.save(graph, state(1, 1));
    Path newest = store.save(graph, state(2, 1));
    byte[] whole = Files.readAllBytes(newest);
    for (int length = 0; length < whole.length; length += 1 + whole.length / 10) {
      Files.write(newest, Arrays.copyOf(whole, length));
      assertEquals(1, store.latest().orElseThrow().state().epoch());
    }
  }

  @Test
  void aStateThatBelongsToOtherWeightsGivesTheOneBefore() throws IOException {
    ComputationGraph graph = SmallModels.head(FEATURES);
    store.save(graph, state(1, 1));
    Path second = store.save(graph, state(2, 1));
    // The right form under the wrong name.
    Path third = Files.copy(second, second.resolveSibling("epoch-0003.zip"));
    assertEquals(2, store.latest().orElseThrow().state().epoch());
    assertThrows(DataException.class, () -> store.load(3));
    Files.delete(third);
    assertEquals(2, store.load(2).state().epoch());
  }

  @Test
  void whereAllAreDamagedNothingIsSilentlyStartedAnew() throws IOException {
    Path only = store.save(SmallModels.head(FEATURES), state(1, 1));
    Files.write(only, new byte[100]);
    DataException error = assertThrows(DataException.class, () -> store.latest());
    assertTrue(error.getMessage().contains("each of its 1 checkpoints is damaged"));
  }

  @Test
  void pruningKeepsTheNewestAndTheBest() throws IOException {
    ComputationGraph graph = SmallModels.head(FEATURES);
    for (int epoch = 0; epoch < 6; epoch++) {
      store.save(graph, state(epoch, Math.min(epoch, 2)));
    }
    List<Path> deleted = store.prune(2);
    assertEquals(3, deleted.size());
    try (Stream<Path> left = Files.list(folder.resolve("checkpoints"))) {
      assertEquals(
          List.of("epoch-0002.zip", "epoch-0004.zip", "epoch-0005.zip"),
          left.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void whatAKilledProcessLeftBehindIsNotTakenForACheckpoint() throws IOException {
    Path good = store.save(SmallModels.head(FEATURES), state(1, 1));
    Files.write(good.resolveSibling(".epoch-0002.zip.tmp-1-ab"), new byte[50]);
    assertEquals(1, store.latest().orElseThrow().state().epoch());
  }

  @Test
  void numbersThatAreNotFiniteAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new CheckpointState(1, 1, Double.NaN, 1, List.of(), "r", "f"));
    assertThrows(
        IllegalArgumentException.class, () -> new CheckpointState(1, 1, 0, 2, List.of(), "r", "f"));
  }
}
