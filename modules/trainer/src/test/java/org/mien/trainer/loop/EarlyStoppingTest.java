package org.mien.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.mien.core.config.ConfigLoader;
import org.mien.core.error.ConfigException;
import org.mien.core.progress.Progress;
import org.mien.core.random.SeedStreams;
import org.mien.trainer.observe.EpochRecord;

final class EarlyStoppingTest {
  /** Loss and accuracy after each epoch; learning itself changes nothing. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Scripted(double[][] epochs, List<Integer> partsOfSteps, int[] validated)
      implements TrainingEngine {
    @Override
    public String name() {
      return "scripted";
    }

    @Override
    public double step(Iterator<MiniBatch> parts, int rows, double learningRate) {
      int count = 0;
      int seen = 0;
      for (; parts.hasNext(); count++) {
        seen += parts.next().labels().length;
      }
      assertEquals(rows, seen);
      partsOfSteps.add(count);
      return 1;
    }

    @Override
    public Evaluation evaluate(MiniBatch batch) {
      double[] epoch = epochs[validated[0]++];
      int n = batch.labels().length;
      return new Evaluation(epoch[0] * n, (int) Math.round(epoch[1] * n));
    }

    @Override
    public boolean classifies() {
      return true;
    }

    @Override
    public ComputationGraph graph() {
      return null;
    }

    @Override
    public Optional<String> damage() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }

  private record Rows(int size) implements TrainingRows {
    @Override
    public long[] shape() {
      return new long[] {1};
    }

    @Override
    public String name(int row) {
      return "row " + row;
    }

    @Override
    public int label(int row) {
      return row % 2;
    }

    @Override
    public float[] read(int epoch, int[] rows, int from, int count) {
      return new float[count];
    }
  }

  private static Trainer trainer(String config, boolean validated) {
    return new Trainer(
        ConfigLoader.parse(config, "training", TrainingConfig.class, List.of(), Map.of()).value(),
        new SeedStreams(1),
        new Rows(10),
        validated ? Optional.of(new Rows(10)) : Optional.empty(),
        (graph, average, state) -> {},
        epoch -> {},
        Progress.silent(),
        () -> false);
  }

  private static TrainingState train(String config, double[][] epochs, List<Integer> parts) {
    return trainer(config, true)
        .train(new Scripted(epochs, parts, new int[1]), TrainingState.initial());
  }

  private static final double[][] COURSE = {
    {2, 0.5}, {1, 0.7}, {1.5, 0.7}, {0.9, 0.6}, {1, 0.6}, {1, 0.5}, {0.8, 0.9}
  };

  @Test
  void endsAfterAsManyEpochsWithoutABetterOne() {
    String early = "{epochs: 7, earlyStopping: {patience: 3}}";
    TrainingState state = train(early, COURSE, new ArrayList<>());
    assertEquals(5, state.epochs().size());
    assertEquals(2, state.bestEpoch(EpochChoice.ACCURACY));
    assertEquals(
        7, train("{epochs: 7}", COURSE, new ArrayList<>()).bestEpoch(EpochChoice.ACCURACY));
  }

  @Test
  void theLossMayBeTheMeasure() {
    String early = "{epochs: 7, earlyStopping: {patience: 2, measure: loss}}";
    assertEquals(6, train(early, COURSE, new ArrayList<>()).epochs().size());
  }

  @Test
  void aTrainingThatHasEndedGoesNoFurtherWhenItIsResumed() {
    EarlyStopping early = new EarlyStopping(1, EarlyStopping.Measure.CHOICE);
    EpochChoice choice = EpochChoice.ACCURACY;
    TrainingState one = TrainingState.initial().with(new EpochRecord(1, 1, 1, 1, 1, 0.5, 1), 1);
    assertFalse(early.endsAfter(TrainingState.initial(), choice));
    assertFalse(early.endsAfter(one, choice));
    assertTrue(early.endsAfter(one.with(new EpochRecord(2, 2, 1, 1, 1, 0.5, 1), 1), choice));
  }

  @Test
  void needsValidationRows() {
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () -> trainer("{epochs: 7, earlyStopping: {patience: 3}}", false));
    assertTrue(e.getMessage().contains("validationEvery"), e.getMessage());
  }

  @Test
  void severalBatchesMakeAStep() {
    List<Integer> parts = new ArrayList<>();
    train("{epochs: 1, batchSize: 3, accumulateSteps: 2}", COURSE, parts);
    // Ten rows: 3 + 3, then 3 + 1.
    assertEquals(List.of(2, 2), parts);
  }
}
