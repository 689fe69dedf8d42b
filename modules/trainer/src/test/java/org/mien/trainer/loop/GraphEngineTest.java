package org.mien.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mien.core.config.ConfigLoader;
import org.mien.core.config.Setting;
import org.mien.core.error.ConfigException;
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.backbone.SmallResNetConfig;
import org.mien.model.graph.FaceGraph;
import org.mien.model.graph.LearningRateFactors;
import org.mien.model.head.LinearHeadConfig;
import org.mien.model.loss.LossConfig;
import org.mien.model.loss.SoftmaxLossConfig;
import org.mien.model.nd4j.Nd4jRuntime;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** Whole networks, with batch normalisation; heads are tested with the fused engine. */
class GraphEngineTest {
  private static final int SIDE = 16;
  private static final int ROWS = 6;
  private static final double RATE = 1e-2;
  private static final Preprocessing INPUT =
      new Preprocessing(
          SIDE,
          SIDE,
          ColorOrder.RGB,
          List.of(0.0, 0.0, 0.0),
          List.of(1.0, 1.0, 1.0),
          new Crop.None(),
          "any");

  @BeforeAll
  static void startNd4j() {
    Nd4jRuntime.start();
  }

  @Test
  void stepsAreThoseOfTheLibrary() {
    ComputationGraph library = network(LearningRateFactors.NONE);
    ComputationGraph own = network(LearningRateFactors.NONE);
    fit(library, 3);
    train(new GraphEngine(own, shape(), 0), 3, RATE);
    Map<String, INDArray> expected = library.paramTable();
    own.paramTable()
        .forEach(
            (name, values) -> {
              double largest = Math.max(1, expected.get(name).amaxNumber().doubleValue());
              assertEquals(
                  0,
                  values.sub(expected.get(name)).amaxNumber().doubleValue(),
                  // Adam's first steps have length 1 whatever the gradient's: rounding shows.
                  2e-3 * largest,
                  name);
            });
    assertEquals(3, own.getIterationCount());
  }

  @Test
  void aConvolutionThatIsNotRepeatedChangesNotASingleBit() {
    ComputationGraph library = network(LearningRateFactors.NONE);
    ComputationGraph own = network(LearningRateFactors.NONE);
    assertTrue(FasterLayers.convolutions(own) >= 3);
    fit(library, 3);
    fit(own, 3);
    assertSameBits(library, own);
    for (Layer layer : own.getLayers()) {
      if (layer.getHelper() instanceof ConvolutionOnce once) {
        assertEquals(3, once.spared(), "once a step");
      }
    }
    INDArray images = Nd4j.create(batch(0).rows(), new long[] {ROWS, 3, SIDE, SIDE});
    INDArray before = own.outputSingle(images).dup();
    own.params().muli(1.1);
    assertNotEquals(before, own.outputSingle(images), "no output is taken for another's");
  }

  @Test
  void gradientsAndRunningStatisticsOfNormalizedChannelsAreThoseOfTheLibrary() {
    ComputationGraph library = network(LearningRateFactors.NONE);
    ComputationGraph own = network(LearningRateFactors.NONE);
    assertTrue(FasterLayers.normalizations(own) >= 3);
    for (ComputationGraph graph : List.of(library, own)) {
      graph.setInputs(Nd4j.create(batch(0).rows(), new long[] {ROWS, 3, SIDE, SIDE}));
      graph.setLabels(GraphEngine.labels(batch(0)));
      graph.computeGradientAndScore();
    }
    assertEquals(library.score(), own.score(), 1e-5);
    Map<String, INDArray> expected = library.gradient().gradientForVariable();
    own.gradient()
        .gradientForVariable()
        .forEach(
            (name, values) -> {
              double largest = expected.get(name).amaxNumber().doubleValue();
              assertEquals(
                  0,
                  values.sub(expected.get(name)).amaxNumber().doubleValue(),
                  1e-4 * largest + 1e-6,
                  name);
            });
    INDArray images = Nd4j.create(batch(1).rows(), new long[] {ROWS, 3, SIDE, SIDE});
    assertEquals(library.outputSingle(images), own.outputSingle(images), "inference");
  }

  @Test
  void aBoundThatNoGradientReachesChangesNotASingleBit() {
    ComputationGraph plain = network(LearningRateFactors.NONE);
    ComputationGraph bounded = network(LearningRateFactors.NONE);
    train(new GraphEngine(plain, shape(), 0), 3, RATE);
    train(new GraphEngine(bounded, shape(), 1e8), 3, RATE);
    Map<String, INDArray> expected = plain.paramTable();
    bounded.paramTable().forEach((name, values) -> assertEquals(expected.get(name), values, name));
    assertEquals(plain.getUpdater().getStateViewArray(), bounded.getUpdater().getStateViewArray());
  }

  @Test
  void aFactorScalesTheStepsOfItsStageOnly() {
    ComputationGraph plain = network(LearningRateFactors.NONE);
    LearningRateFactors factors =
        new LearningRateFactors(Map.of("layer1", 0.25, "classifier", 2.0));
    ComputationGraph scaled = network(factors);
    Map<String, INDArray> before = copy(plain);
    train(new GraphEngine(plain, shape(), 0), 1, RATE);
    train(new GraphEngine(scaled, shape(), 0, factors, List.of(), 1), 1, RATE);
    before.forEach(
        (name, start) -> {
          if (name.matches(".*_(mean|var)")) {
            return;
          }
          double factor =
              name.startsWith("layer1.") ? 0.25 : name.startsWith("classifier_") ? 2 : 1;
          INDArray expected = plain.getParam(name).sub(start).muli(factor);
          INDArray actual = scaled.getParam(name).sub(start);
          double largest = expected.amaxNumber().doubleValue();
          assertTrue(
              expected.sub(actual).amaxNumber().doubleValue() <= 1e-4 * largest + 1e-7,
              name + " moved by " + actual.amaxNumber() + " instead of " + largest);
        });
  }

  @Test
  void aFactorOfNoLayerNamesTheStages() {
    ConfigException error =
        assertThrows(
            ConfigException.class, () -> network(new LearningRateFactors(Map.of("layer7", 0.1))));
    assertTrue(error.getMessage().contains("layer1, layer2"), error.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> new LearningRateFactors(Map.of("layer1", 0.0)));
    assertEquals(
        0.5, new LearningRateFactors(Map.of("layer1", 0.1, "layer1.0", 0.5)).of("layer1.0.conv1"));
    assertEquals(1, new LearningRateFactors(Map.of("layer1", 0.1)).of("layer10.conv1"));
  }

  @Test
  void replicasDoWhatTheirSharesOneAfterTheOtherDo() {
    ComputationGraph shared = network(LearningRateFactors.NONE);
    ComputationGraph parts = network(LearningRateFactors.NONE);
    try (GraphEngine engine = replicated(shared, 2, processors())) {
      train(engine, 3, RATE);
      assertTrue(engine.name().endsWith("2 replicas"), engine.name());
    }
    GraphEngine one = new GraphEngine(parts, shape(), 0);
    for (int step = 0; step < 3; step++) {
      one.step(List.of(half(step, 0), half(step, 1)).iterator(), ROWS, RATE);
    }
    assertSameBits(parts, shared);
    assertEquals(3, shared.getIterationCount());
  }

  @Test
  void replicasOnOtherDevicesFetchTheWeightsAndGiveTheSameBits() {
    ComputationGraph near = network(LearningRateFactors.NONE);
    ComputationGraph far = network(LearningRateFactors.NONE);
    Set<String> uses = ConcurrentHashMap.newKeySet();
    AtomicInteger copies = new AtomicInteger();
    GraphReplicas.Devices two =
        new GraphReplicas.Devices() {
          @Override
          public int count() {
            return 2;
          }

          @Override
          public void use(int device) {
            uses.add(Thread.currentThread().getName() + ": " + device);
          }

          @Override
          public INDArray copy(INDArray array, int device) {
            copies.incrementAndGet();
            return array.dup();
          }
        };
    try (GraphEngine one = replicated(near, 3, processors());
        GraphEngine other = replicated(far, 3, two)) {
      train(one, 3, RATE);
      train(other, 3, RATE);
    }
    assertSameBits(near, far);
    assertEquals(
        Set.of(Thread.currentThread().getName() + ": 0", "mien-replica-1: 1", "mien-replica-2: 0"),
        uses);
    // Of the one copy on the second device: weights at first, then weights and gradient a step.
    assertEquals(1 + 3 * 2, copies.get());
  }

  @Test
  void everyShareDrawsWithANumberOfItsOwn() {
    ComputationGraph graph = network(LearningRateFactors.NONE);
    graph.getConfiguration().setIterationCount(5);
    Map<Integer, Integer> rowsByNumber = new ConcurrentHashMap<>();
    try (GraphReplicas replicas = new GraphReplicas(graph, 4, processors())) {
      GraphEngine engine = new GraphEngine(graph, shape(), 0);
      engine.step(List.of(batch(0)).iterator(), ROWS, RATE);
      GraphReplicas.Sum sum =
          replicas.gradient(
              batch(0),
              5,
              (of, share) -> {
                rowsByNumber.put(of.getIterationCount(), share.labels().length);
                of.setInputs(Nd4j.create(share.rows(), share.labels().length, 3, SIDE, SIDE));
                of.setLabels(GraphEngine.labels(share));
                of.computeGradientAndScore();
                return 1;
              });
      assertEquals(new GraphReplicas.Sum(3, 3), sum);
    }
    // Six rows make three shares of two, not four of which some would have one.
    assertEquals(Map.of(20, 2, 21, 2, 22, 2), rowsByNumber);
    assertEquals(6, graph.getIterationCount());
  }

  @Test
  void aShareThatIsNotFiniteEndsTheStepBeforeAWeightChanges() {
    ComputationGraph graph = network(LearningRateFactors.NONE);
    Map<String, INDArray> before = copy(graph);
    TrainingEngine.MiniBatch spoilt = batch(0);
    spoilt.rows()[spoilt.rows().length - 1] = Float.NaN;
    try (GraphEngine engine = replicated(graph, 2, processors())) {
      NotFiniteException error =
          assertThrows(
              NotFiniteException.class, () -> engine.step(List.of(spoilt).iterator(), ROWS, RATE));
      assertTrue(error.getMessage().contains("the input holds NaN"), error.getMessage());
      assertTrue(error.ofLastPart());
      before.forEach((name, values) -> assertEquals(values, graph.getParam(name), name));
      engine.step(List.of(batch(1)).iterator(), ROWS, RATE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{type: adaface, momentum: 0.5}", "{type: centre}"})
  void whatALayerKeepsMovesByTheMeanOfTheShares(String loss) {
    LossConfig config =
        ConfigLoader.parse("loss: " + loss, "loss", Loss.class, List.of(), Map.of()).value().loss();
    String kept = "classifier_" + (loss.contains("adaface") ? "state" : "centres");
    INDArray before = network(LearningRateFactors.NONE, config).getParam(kept).dup();
    INDArray mean = Nd4j.zeros(before.shape());
    for (int share = 0; share < 2; share++) {
      ComputationGraph alone = network(LearningRateFactors.NONE, config);
      new GraphEngine(alone, shape(), 0).step(List.of(half(0, share)).iterator(), ROWS / 2, RATE);
      mean.addi(alone.getParam(kept).div(2));
    }
    ComputationGraph shared = network(LearningRateFactors.NONE, config);
    try (GraphEngine engine = replicated(shared, 2, processors())) {
      train(engine, 1, RATE);
    }
    INDArray after = shared.getParam(kept);
    assertTrue(after.sub(before).amaxNumber().doubleValue() > 1e-4, "it moves");
    assertEquals(0, after.sub(mean).amaxNumber().doubleValue(), 1e-5);
  }

  /** A loss as a recipe has it. */
  record Loss(@Setting("The loss.") LossConfig loss) {}

  private static GraphReplicas.Devices processors() {
    return new GraphReplicas.Nd4jDevices(List.of());
  }

  private static void fit(ComputationGraph graph, int steps) {
    for (int step = 0; step < steps; step++) {
      TrainingEngine.MiniBatch batch = batch(step);
      graph.fit(
          new INDArray[] {Nd4j.create(batch.rows(), new long[] {ROWS, 3, SIDE, SIDE})},
          GraphEngine.labels(batch));
    }
  }

  private static GraphEngine replicated(
      ComputationGraph graph, int replicas, GraphReplicas.Devices devices) {
    return new GraphEngine(
        graph,
        shape(),
        0,
        LearningRateFactors.NONE,
        List.of(),
        new GraphReplicas(graph, replicas, devices));
  }

  private static void assertSameBits(ComputationGraph expected, ComputationGraph actual) {
    expected
        .paramTable()
        .forEach((name, values) -> assertEquals(values, actual.getParam(name), name));
    assertEquals(
        expected.getUpdater().getStateViewArray(), actual.getUpdater().getStateViewArray());
  }

  private static TrainingEngine.MiniBatch half(int step, int which) {
    TrainingEngine.MiniBatch whole = batch(step);
    int rows = ROWS / 2;
    int values = whole.rows().length / 2;
    return new TrainingEngine.MiniBatch(
        Arrays.copyOfRange(whole.rows(), which * values, (which + 1) * values),
        Arrays.copyOfRange(whole.labels(), which * rows, (which + 1) * rows));
  }

  private static ComputationGraph network(LearningRateFactors factors) {
    return network(factors, new SoftmaxLossConfig(0));
  }

  private static ComputationGraph network(LearningRateFactors factors, LossConfig loss) {
    SmallResNetConfig config =
        new SmallResNetConfig(List.of(4, 6), List.of(1, 1), Optional.of(INPUT));
    return FaceGraph.trainable(
        config.build(2),
        6,
        new LinearHeadConfig(5, false, 0),
        loss,
        3,
        new Adam(RATE),
        new FaceGraph.Tuning(0, false, factors),
        3);
  }

  private static long[] shape() {
    return new long[] {3, SIDE, SIDE};
  }

  private static void train(GraphEngine engine, int steps, double rate) {
    for (int step = 0; step < steps; step++) {
      engine.step(List.of(batch(step)).iterator(), ROWS, rate);
    }
  }

  private static TrainingEngine.MiniBatch batch(int step) {
    SplittableRandom random = new SplittableRandom(step);
    float[] images = new float[ROWS * 3 * SIDE * SIDE];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextDouble(-1, 1);
    }
    return new TrainingEngine.MiniBatch(images, new int[] {0, 1, 2, 0, 1, 2});
  }

  private static Map<String, INDArray> copy(ComputationGraph graph) {
    Map<String, INDArray> copies = new HashMap<>();
    graph.paramTable().forEach((name, values) -> copies.put(name, values.dup()));
    return copies;
  }
}
