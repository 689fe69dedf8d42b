package org.mien.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mien.core.config.ConfigLoader;
import org.mien.core.error.TrainingDivergedException;
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.core.progress.Progress;
import org.mien.core.random.SeedStreams;
import org.mien.model.backbone.SmallResNetConfig;
import org.mien.model.graph.FaceGraph;
import org.mien.model.head.HeadGraph;
import org.mien.model.head.LinearHeadConfig;
import org.mien.model.loss.IdentityWeights;
import org.mien.model.loss.SoftmaxLossConfig;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.trainer.head.FusedHeadEngine;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Trainings that really diverge, on both engines. */
final class DivergenceTest {
  private static final int SIDE = 16;
  private static final int IDENTITIES = 4;
  private static final int FEATURES = 12;
  private static final String RECIPE =
      "{epochs: 3, batchSize: 8, averaging: {type: none}, optimizer: {type: sgd, learningRate: 0.1}}";

  private final List<TrainingState> saved = new ArrayList<>();

  @BeforeAll
  static void startNd4j() {
    Nd4jRuntime.start();
  }

  /** Random rows; one of them may hold a number that is none. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Rows(long[] shape, int size, int spoilt) implements TrainingRows {
    @Override
    public int label(int row) {
      return row % IDENTITIES;
    }

    @Override
    public String name(int row) {
      return "person/" + row + ".png";
    }

    @Override
    public float[] read(int epoch, int[] rows, int from, int count) {
      int length = 1;
      for (long side : shape) {
        length *= (int) side;
      }
      float[] all = new float[count * length];
      for (int i = 0; i < count; i++) {
        SplittableRandom random = new SplittableRandom(rows[from + i]);
        for (int j = 0; j < length; j++) {
          all[i * length + j] = (float) random.nextDouble(-1, 1);
        }
        if (rows[from + i] == spoilt) {
          all[i * length + 3] = Float.POSITIVE_INFINITY;
        }
      }
      return all;
    }
  }

  private static Rows images() {
    return new Rows(new long[] {3, SIDE, SIDE}, 16, -1);
  }

  private static Rows features(int spoilt) {
    return new Rows(new long[] {FEATURES}, 16, spoilt);
  }

  private static TrainingConfig config(double rate) {
    TrainingConfig c =
        ConfigLoader.parse(RECIPE, "training", TrainingConfig.class, List.of(), Map.of()).value();
    return new TrainingConfig(
        c.epochs(),
        c.batchSize(),
        c.sampling(),
        c.classWeights(),
        new OptimizerConfig.Sgd(rate, 0.9, false),
        c.schedule(),
        c.weightDecay(),
        c.gradientClipping(),
        c.accumulateSteps(),
        c.replicas(),
        c.averaging(),
        c.chooseBy(),
        c.lossExplosion(),
        c.earlyStopping(),
        c.engine(),
        c.sampledIdentities(),
        c.cache(),
        c.augmentedViews(),
        c.cacheFolder(),
        c.keepCheckpoints());
  }

  private static ComputationGraph network() {
    Preprocessing input =
        new Preprocessing(
            SIDE,
            SIDE,
            ColorOrder.RGB,
            List.of(0.0, 0.0, 0.0),
            List.of(1.0, 1.0, 1.0),
            new Crop.None(),
            "any");
    return FaceGraph.trainable(
        new SmallResNetConfig(List.of(4, 6), List.of(1, 1), Optional.of(input)).build(2),
        6,
        new LinearHeadConfig(5, false, 0),
        new SoftmaxLossConfig(0),
        IDENTITIES,
        config(0.1).optimizer().toUpdater(),
        FaceGraph.Tuning.PLAIN,
        3);
  }

  private static final LinearHeadConfig CLASSIC = new LinearHeadConfig(5, false, 0);

  private static ComputationGraph head(LinearHeadConfig head) {
    return HeadGraph.build(
        FEATURES,
        IDENTITIES,
        head,
        new SoftmaxLossConfig(0),
        config(0.1).optimizer().toUpdater(),
        5);
  }

  private static TrainingEngine engine(
      String kind, ComputationGraph graph, LinearHeadConfig head, double rate) {
    return kind.equals("graph")
        ? new GraphEngine(graph, new long[] {FEATURES}, 0)
        : FusedHeadEngine.of(
            graph,
            head,
            new SoftmaxLossConfig(0),
            IdentityWeights.EQUAL,
            config(rate),
            new SeedStreams(1),
            2);
  }

  private TrainingDivergedException diverges(TrainingEngine engine, Rows rows, double rate) {
    Trainer trainer =
        new Trainer(
            config(rate),
            new SeedStreams(1),
            rows,
            Optional.empty(),
            (graph, average, state) -> saved.add(state),
            epoch -> {},
            Progress.silent(),
            () -> false);
    TrainingDivergedException e =
        assertThrows(
            TrainingDivergedException.class, () -> trainer.train(engine, TrainingState.initial()));
    assertEquals(4, e.exitCode());
    engine.close();
    return e;
  }

  private static void assertSays(TrainingDivergedException e, String... parts) {
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), part + " is not in: " + e.getMessage());
    }
  }

  private static INDArray weights(ComputationGraph graph, String layer, String name) {
    return graph.getLayer(layer).getParam(name);
  }

  @Test
  void aWholeNetworkAtALearningRateOfAMillionEndsWithWhenWhereAndWhat() {
    ComputationGraph network = network();
    TrainingDivergedException e =
        diverges(new GraphEngine(network, images().shape(), 0), images(), 1e6);
    assertSays(
        e, "epoch 1 at step", "1.000e+06", "person/", "3 more", "learningRate", "no checkpoint");
    assertEquals(0, saved.size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"graph", "fused"})
  void aHeadAtALearningRateOfAMillionEndsToo(String kind) {
    TrainingDivergedException e =
        diverges(engine(kind, head(CLASSIC), CLASSIC, 1e6), features(-1), 1e6);
    assertSays(e, "epoch 1 at step", "1.000e+06", "person/");
    assertEquals(0, saved.size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"graph", "fused"})
  void withoutABoundOfTheLossNumbersOverflowAndTheLayerIsNamed(String kind) {
    ComputationGraph graph = head(CLASSIC);
    Rows rows = features(-1);
    int[] order = {0, 1, 2, 3, 4, 5, 6, 7};
    try (TrainingEngine engine = engine(kind, graph, CLASSIC, 1e6)) {
      NotFiniteException e =
          assertThrows(
              NotFiniteException.class,
              () -> {
                for (int step = 0; step < 100; step++) {
                  engine.step(List.of(Trainer.batch(rows, 1, order, 0, 8)).iterator(), 8, 1e6);
                }
              });
      assertTrue(e.getMessage().matches(".*(embedding|classifier).*"), e.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"graph", "fused"})
  void anInfiniteFeatureIsTracedToItsImage(String kind) {
    LinearHeadConfig head = new LinearHeadConfig(5, true, 16);
    ComputationGraph graph = head(head);
    INDArray before = graph.params().dup();
    TrainingDivergedException e = diverges(engine(kind, graph, head, 0.1), features(6), 0.1);
    assertSays(e, "the input holds Infinity", "not finite themselves: person/6.png (Infinity)");
    if (e.getMessage().contains("at step 1:")) {
      assertEquals(before, graph.params(), "the step with the infinite feature changed weights");
    }
  }

  @Test
  void aPoisonedLayerInTheMiddleIsNamedAndNotTheOnesBehindIt() {
    ComputationGraph network = network();
    weights(network, "layer2.0.conv1", "W").putScalar(new long[] {0, 0, 0, 0}, Double.NaN);
    TrainingDivergedException e =
        diverges(new GraphEngine(network, images().shape(), 0), images(), 0.1);
    assertSays(e, "epoch 1 at step 1:", "layer layer2.0.conv1: its W holds NaN");
  }

  @Test
  void weightsSoLargeThatActivationsOverflowAreFoundByTheActivations() {
    ComputationGraph network = network();
    weights(network, "layer2.0.conv1", "W").assign(3e38);
    TrainingDivergedException e =
        diverges(new GraphEngine(network, images().shape(), 0), images(), 0.1);
    assertSays(e, "the activations of layer layer2.0.conv1 hold");
  }

  @ParameterizedTest
  @ValueSource(strings = {"graph", "fused"})
  void aGradientThatOverflowsIsFoundWhileEveryActivationIsFinite(String kind) {
    ComputationGraph graph = head(CLASSIC);
    weights(graph, HeadGraph.EMBEDDING, "W").assign(0);
    INDArray classifier = weights(graph, HeadGraph.CLASSIFIER, "W");
    for (int identity = 0; identity < IDENTITIES; identity++) {
      classifier.getColumn(identity).assign(identity == 0 ? 3e38 : -3e38);
    }
    Rows rows = features(-1);
    try (TrainingEngine engine = engine(kind, graph, CLASSIC, 0.1)) {
      NotFiniteException e =
          assertThrows(
              NotFiniteException.class,
              () ->
                  engine.step(
                      List.of(Trainer.batch(rows, 1, new int[] {0}, 0, 1)).iterator(), 1, 0.1));
      assertTrue(e.getMessage().contains("layer embedding: the gradient of its"), e.getMessage());
    }
  }

  @Test
  void aWeightThatOverflowedAfterTheLastStepIsNotSaved() {
    ComputationGraph network = network();
    TrainingEngine late =
        new Late(
            new GraphEngine(network, images().shape(), 0),
            4,
            () -> weights(network, "layer1.0.conv1", "W").assign(Double.POSITIVE_INFINITY));
    TrainingDivergedException e = diverges(late, images(), 0.001);
    assertSays(
        e, "epoch 2 at step 4", "layer layer1.0.conv1: its W holds", "checkpoint, of before");
    assertEquals(1, saved.size());
  }

  @Test
  void aLossThatExplodesEndsWithTheLargestWeight() {
    ComputationGraph graph = head(CLASSIC);
    weights(graph, HeadGraph.CLASSIFIER, "W").assign(1e4);
    double[] losses = {0.5, 900, 1001};
    TrainingEngine scripted =
        new TrainingEngine() {
          private int step;

          @Override
          public String name() {
            return "scripted";
          }

          @Override
          public double step(Iterator<MiniBatch> parts, int rows, double learningRate) {
            parts.next();
            return losses[step++];
          }

          @Override
          public Evaluation evaluate(MiniBatch batch) {
            return new Evaluation(0, 0);
          }

          @Override
          public ComputationGraph graph() {
            return graph;
          }

          @Override
          public void close() {}
        };
    TrainingDivergedException e = diverges(scripted, features(-1), 0.1);
    assertSays(e, "epoch 2 at step 3", "exploded to 1001", "classifier: its W holds 1.00e+04");
  }

  /** An engine that does something after one of its steps. */
  private static final class Late implements TrainingEngine {
    private final TrainingEngine engine;
    private final int last;
    private final Runnable then;
    private int steps;

    Late(TrainingEngine engine, int last, Runnable then) {
      this.engine = engine;
      this.last = last;
      this.then = then;
    }

    @Override
    public String name() {
      return engine.name();
    }

    @Override
    public double step(Iterator<MiniBatch> parts, int rows, double learningRate) {
      double loss = engine.step(parts, rows, learningRate);
      if (++steps == last) {
        then.run();
      }
      return loss;
    }

    @Override
    public Evaluation evaluate(MiniBatch batch) {
      return engine.evaluate(batch);
    }

    @Override
    public ComputationGraph graph() {
      return engine.graph();
    }

    @Override
    public void close() {
      engine.close();
    }
  }
}
