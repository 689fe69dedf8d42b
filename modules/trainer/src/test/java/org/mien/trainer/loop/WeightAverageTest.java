package org.mien.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mien.core.config.ConfigLoader;
import org.mien.core.error.ConfigException;
import org.mien.core.progress.Progress;
import org.mien.core.random.SeedStreams;
import org.mien.model.head.HeadGraph;
import org.mien.model.head.LinearHeadConfig;
import org.mien.model.loss.IdentityWeights;
import org.mien.model.loss.SoftmaxLossConfig;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.trainer.head.FusedHeadEngine;

/** The moving average of weights, on both engines. */
final class WeightAverageTest {
  private static final int FEATURES = 7;
  private static final int ROWS = 12;
  private static final LinearHeadConfig HEAD = new LinearHeadConfig(5, true, 8);
  private static final SoftmaxLossConfig LOSS = new SoftmaxLossConfig(0);

  private record Rows(int size) implements TrainingRows {
    @Override
    public long[] shape() {
      return new long[] {FEATURES};
    }

    @Override
    public int label(int row) {
      return row % 3;
    }

    @Override
    public String name(int row) {
      return "row " + row;
    }

    @Override
    public float[] read(int epoch, int[] rows, int from, int count) {
      float[] all = new float[count * FEATURES];
      for (int i = 0; i < all.length; i++) {
        int row = rows[from + i / FEATURES];
        all[i] = (float) new SplittableRandom(100 * row + i % FEATURES).nextDouble(-1, 1);
      }
      return all;
    }
  }

  private static TrainingConfig config(String more) {
    return ConfigLoader.parse(
            "{epochs: 5, batchSize: 12, optimizer: {type: adam, learningRate: 0.05}, " + more + "}",
            "training",
            TrainingConfig.class,
            List.of(),
            Map.of())
        .value();
  }

  private static TrainingEngine engine(String kind, TrainingConfig config) {
    Nd4jRuntime.start();
    ComputationGraph graph =
        HeadGraph.build(FEATURES, 3, HEAD, LOSS, config.optimizer().toUpdater(), 4);
    return kind.equals("graph")
        ? new GraphEngine(graph, new long[] {FEATURES}, 0)
        : FusedHeadEngine.of(
            graph, HEAD, LOSS, IdentityWeights.EQUAL, config, new SeedStreams(1), 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"graph", "fused"})
  void isTheSumOfItsDefinitionAndIsWhatIsValidated(String kind) {
    TrainingConfig config = config("averaging: {type: exponential, decay: 0.3}");
    List<float[]> weights = new ArrayList<>();
    List<float[]> averages = new ArrayList<>();
    Rows rows = new Rows(ROWS);
    try (TrainingEngine engine = engine(kind, config)) {
      weights.add(engine.graph().params().dup().data().asFloat());
      Trainer trainer =
          new Trainer(
              config,
              new SeedStreams(1),
              rows,
              Optional.of(rows),
              (graph, average, state) -> {
                weights.add(graph.params().dup().data().asFloat());
                averages.add(average.orElseThrow().dup().data().asFloat());
              },
              epoch -> {},
              Progress.silent(),
              () -> false);
      TrainingState end = trainer.train(engine, TrainingState.initial());

      double[] expected = new double[weights.get(0).length];
      for (int i = 0; i < expected.length; i++) {
        expected[i] = weights.get(0)[i];
      }
      for (int t = 0; t < 5; t++) {
        double decay = Math.min(0.3, (1.0 + t) / (10 + t));
        for (int i = 0; i < expected.length; i++) {
          expected[i] = decay * expected[i] + (1 - decay) * weights.get(t + 1)[i];
        }
        float[] floats = new float[expected.length];
        for (int i = 0; i < floats.length; i++) {
          floats[i] = (float) expected[i];
        }
        assertArrayEquals(floats, averages.get(t), 1e-6f, "after step " + (t + 1));
      }

      int[] order = new int[ROWS];
      java.util.Arrays.setAll(order, i -> i);
      double plain = engine.evaluate(Trainer.batch(rows, 0, order, 0, ROWS)).lossSum() / ROWS;
      double reported = end.epochs().get(4).validationLoss();
      assertNotEquals(plain, reported, 1e-6);
      engine
          .graph()
          .params()
          .assign(
              org.nd4j.linalg.factory.Nd4j.createFromArray(averages.get(4))
                  .reshape(engine.graph().params().shape()));
      double averaged = engine.evaluate(Trainer.batch(rows, 0, order, 0, ROWS)).lossSum() / ROWS;
      assertEquals(averaged, reported, 1e-12);
    }
  }

  @Test
  void startsFastAndEndsAtItsDecay() {
    AveragingConfig.Exponential average = new AveragingConfig.Exponential(0.999);
    assertEquals(0.1, average.decayAt(0), 1e-12);
    assertEquals(0.5, average.decayAt(8), 1e-12);
    assertTrue(average.decayAt(8_988) < 0.999);
    assertEquals(0.999, average.decayAt(8_990));
  }

  @Test
  void isRefusedWithSampledIdentitiesAndOffByDefault() {
    assertEquals(new AveragingConfig.None(), config("engine: fused").averaging());
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () -> config("averaging: {type: exponential}, sampledIdentities: 0.5"));
    assertTrue(e.getMessage().contains("averaging: works only with"), e.getMessage());
  }
}
