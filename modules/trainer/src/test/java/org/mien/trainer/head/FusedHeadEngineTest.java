package org.mien.trainer.head;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mien.core.config.ConfigLoader;
import org.mien.core.error.ConfigException;
import org.mien.core.random.SeedStreams;
import org.mien.model.checkpoint.CheckpointStore;
import org.mien.model.head.HeadGraph;
import org.mien.model.head.LinearHeadConfig;
import org.mien.model.loss.ArcFaceLossConfig;
import org.mien.model.loss.CombinedMarginLossConfig;
import org.mien.model.loss.CosFaceLossConfig;
import org.mien.model.loss.CurricularFaceLossConfig;
import org.mien.model.loss.FocalLossConfig;
import org.mien.model.loss.IdentityWeights;
import org.mien.model.loss.LossConfig;
import org.mien.model.loss.SoftmaxLossConfig;
import org.mien.model.loss.SphereFaceLossConfig;
import org.mien.model.margin.TargetMargin;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.trainer.kernel.NativeFloats;
import org.mien.trainer.loop.GraphEngine;
import org.mien.trainer.loop.TrainingConfig;
import org.mien.trainer.loop.TrainingEngine;
import org.mien.trainer.loop.TrainingEngine.Evaluation;
import org.mien.trainer.loop.TrainingEngine.MiniBatch;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** One head trainer with one meaning, whatever engine runs it. */
final class FusedHeadEngineTest {
  private static final int FEATURES = 24;
  private static final int DIMENSION = 20;
  private static final int IDENTITIES = 9;
  private static final int BATCH = 16;

  /** Of weights about 0.3 large, after 12 steps of Adam. */
  private static final float WEIGHT_TOLERANCE = 2e-5f;

  private static final double LOSS_TOLERANCE = 1e-5;

  /** A head, what it is trained with, and rows with noise around a centre an identity. */
  private record Task(
      LinearHeadConfig head, LossConfig loss, IdentityWeights weights, TrainingConfig training) {

    static Task of(String training) {
      return new Task(
          new LinearHeadConfig(DIMENSION, true, 16),
          new SoftmaxLossConfig(0),
          IdentityWeights.EQUAL,
          config(training));
    }

    ComputationGraph graph() {
      Nd4jRuntime.start();
      ComputationGraph graph =
          HeadGraph.build(
              FEATURES, IDENTITIES, head, loss, weights, training.optimizer().toUpdater(), 7);
      GraphEngine.decay(graph, training.decay());
      return graph;
    }

    TrainingEngine graphEngine(ComputationGraph graph) {
      return new GraphEngine(graph, new long[] {FEATURES}, training.gradientClipping());
    }

    TrainingEngine fused(ComputationGraph graph, int threads) {
      return FusedHeadEngine.of(graph, head, loss, weights, training, new SeedStreams(5), threads);
    }
  }

  private static TrainingConfig config(String yaml) {
    return ConfigLoader.parse(
            "{epochs: 1, " + yaml + "}", "training", TrainingConfig.class, List.of(), Map.of())
        .value();
  }

  private static MiniBatch batch(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] labels = new int[count];
    float[] rows = new float[count * FEATURES];
    for (int i = 0; i < count; i++) {
      labels[i] = random.nextInt(IDENTITIES);
      for (int j = 0; j < FEATURES; j++) {
        double centre = Math.sin(1 + labels[i] * 3.7 + j * (labels[i] + 1));
        rows[i * FEATURES + j] = (float) (2 * centre + random.nextDouble(-1, 1));
      }
    }
    return new MiniBatch(rows, labels);
  }

  /** Steps from one number to another; every fourth batch is a short one. */
  private static double[] steps(TrainingEngine engine, int from, int to, int parts) {
    double[] losses = new double[to - from];
    for (int step = from; step < to; step++) {
      List<MiniBatch> batches = new ArrayList<>();
      int rows = 0;
      for (int part = 0; part < parts; part++) {
        batches.add(batch(100L * step + part, part == parts - 1 && step % 4 == 3 ? 5 : BATCH));
        rows += batches.get(part).labels().length;
      }
      losses[step - from] = engine.step(batches.iterator(), rows, 0.01 / (1 + 0.1 * step));
    }
    return losses;
  }

  private static float[] weights(TrainingEngine engine) {
    return engine.graph().params().dup().data().asFloat();
  }

  private static float[] state(TrainingEngine engine) {
    var state = engine.graph().getUpdater().getStateViewArray();
    return state == null ? new float[0] : state.dup().data().asFloat();
  }

  private static void assertBothEnginesAgree(Task task, int parts) {
    try (TrainingEngine graph = task.graphEngine(task.graph());
        TrainingEngine fused = task.fused(task.graph(), 2)) {
      float[] before = weights(fused);
      assertArrayEquals(before, weights(graph));
      double[] expected = steps(graph, 0, 12, parts);
      double[] losses = steps(fused, 0, 12, parts);
      assertArrayEquals(expected, losses, LOSS_TOLERANCE * Math.max(1, expected[0]));
      assertArrayEquals(weights(graph), weights(fused), WEIGHT_TOLERANCE);
      assertArrayEquals(state(graph), state(fused), 1e-4f);
      float moved = 0;
      for (int i = 0; i < before.length; i++) {
        moved = Math.max(moved, Math.abs(weights(fused)[i] - before[i]));
      }
      assertTrue(moved > 100 * WEIGHT_TOLERANCE, "moved by " + moved);
      assertEquals(12, fused.graph().getIterationCount());
      Evaluation wanted = graph.evaluate(batch(999, 40));
      Evaluation found = fused.evaluate(batch(999, 40));
      assertEquals(wanted.right(), found.right());
      assertEquals(wanted.lossSum(), found.lossSum(), 1e-3);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "true, 16, 0, false",
    "false, 0, 0, false",
    "true, 0, 0.1, false",
    "false, 16, 0.1, true",
    "true, 16, 0.2, true"
  })
  void bothEnginesGiveTheSameWeightsForEveryHeadAndLoss(
      boolean normalizeInput, double length, double smoothing, boolean weighted) {
    double[] identityWeights = new double[IDENTITIES];
    Arrays.setAll(identityWeights, i -> 0.5 + i / 4.0);
    assertBothEnginesAgree(
        new Task(
            new LinearHeadConfig(DIMENSION, normalizeInput, length),
            new SoftmaxLossConfig(smoothing),
            weighted ? IdentityWeights.of(identityWeights) : IdentityWeights.EQUAL,
            config("optimizer: {type: adam}")),
        1);
  }

  static List<LossConfig> marginLosses() {
    return List.of(
        new ArcFaceLossConfig(0.4, 16),
        new CosFaceLossConfig(0.3, 12),
        new SphereFaceLossConfig(3, 2, 10),
        new CombinedMarginLossConfig(1, 0.3, 0.1, 16));
  }

  @ParameterizedTest
  @MethodSource("marginLosses")
  void bothEnginesGiveTheSameWeightsForEveryMarginOnCosines(LossConfig loss) {
    double[] identityWeights = new double[IDENTITIES];
    Arrays.setAll(identityWeights, i -> 0.5 + i / 4.0);
    for (IdentityWeights weights :
        List.of(IdentityWeights.EQUAL, IdentityWeights.of(identityWeights))) {
      assertBothEnginesAgree(
          new Task(
              new LinearHeadConfig(DIMENSION, true, 16),
              loss,
              weights,
              config("optimizer: {type: adam}, weightDecay: 0.1")),
          1);
    }
  }

  @Test
  void whatTheFusedEngineWouldLeaveOutIsAnObstacle() {
    LossConfig softmax = new SoftmaxLossConfig(0);
    LinearHeadConfig dropout = new LinearHeadConfig(DIMENSION, true, 16, 0.5);
    assertTrue(FusedHeadEngine.obstacle(dropout, softmax).orElseThrow().contains("dropout"));
    LinearHeadConfig plain = new LinearHeadConfig(DIMENSION, true, 16);
    assertTrue(FusedHeadEngine.obstacle(plain, softmax).isEmpty());
    assertTrue(FusedHeadEngine.obstacle(plain, new FocalLossConfig(2)).isPresent());
    assertTrue(
        FusedHeadEngine.obstacle(plain, new CurricularFaceLossConfig(0.5, 0.01, 64)).isPresent());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "optimizer: {type: adam, beta1: 0.8, beta2: 0.99, epsilon: 1e-5}",
        "optimizer: {type: adamw, weightDecay: 0.5}",
        "optimizer: {type: sgd}, weightDecay: 0.3",
        "optimizer: {type: sgd, momentum: 0}",
        "optimizer: {type: sgd, momentum: 0.8, nesterov: true}",
        "optimizer: {type: sgd}, gradientClipping: 0.3",
        "optimizer: {type: adam}, gradientClipping: 0.05, weightDecay: 0.1"
      })
  void bothEnginesGiveTheSameWeightsForEveryOptimizer(String training) {
    assertBothEnginesAgree(Task.of(training), 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gradientClipping: 0.1", "gradientClipping: 0", "weightDecay: 0.2"})
  void bothEnginesAverageTheGradientsOfSeveralBatches(String training) {
    assertBothEnginesAgree(Task.of(training), 3);
  }

  @Test
  void severalBatchesInOneStepAreOneLargeBatch() {
    Task task = Task.of("batchSize: 32");
    try (TrainingEngine parts = task.fused(task.graph(), 2);
        TrainingEngine whole = task.fused(task.graph(), 2)) {
      MiniBatch all = batch(1, 24);
      MiniBatch first =
          new MiniBatch(Arrays.copyOf(all.rows(), 14 * FEATURES), Arrays.copyOf(all.labels(), 14));
      MiniBatch second =
          new MiniBatch(
              Arrays.copyOfRange(all.rows(), 14 * FEATURES, 24 * FEATURES),
              Arrays.copyOfRange(all.labels(), 14, 24));
      double loss = whole.step(List.of(all).iterator(), 24, 0.01);
      assertEquals(loss, parts.step(List.of(first, second).iterator(), 24, 0.01), 1e-6);
      assertArrayEquals(weights(whole), weights(parts), WEIGHT_TOLERANCE);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "optimizer: {type: adam}",
        "optimizer: {type: sgd}, gradientClipping: 0.3",
        "optimizer: {type: adamw}, sampledIdentities: 0.7"
      })
  void theNumberOfThreadsChangesNoBit(String training) {
    Task task = Task.of(training);
    float[] first = null;
    for (int threads : new int[] {1, 2, 5}) {
      try (TrainingEngine engine = task.fused(task.graph(), threads)) {
        steps(engine, 0, 9, 1);
        float[] found = weights(engine);
        if (first == null) {
          first = found;
        }
        assertArrayEquals(first, found, threads + " threads");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "optimizer: {type: adam}",
        "optimizer: {type: sgd, nesterov: true}, weightDecay: 0.1",
        "optimizer: {type: sgd, momentum: 0}, sampledIdentities: 0.6"
      })
  void goingOnFromACheckpointChangesNoBit(String training, @TempDir Path folder) {
    Task task = Task.of(training);
    CheckpointStore store = new CheckpointStore(folder);
    try (TrainingEngine straight = task.fused(task.graph(), 2);
        TrainingEngine stopped = task.fused(task.graph(), 2)) {
      steps(straight, 0, 10, 1);
      steps(stopped, 0, 4, 1);
      store.save(1, 0, stopped.graph(), "state");
      try (TrainingEngine resumed = task.fused(store.latest().orElseThrow().graph(), 2)) {
        steps(resumed, 4, 10, 1);
        assertArrayEquals(weights(straight), weights(resumed));
        assertArrayEquals(state(straight), state(resumed));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"optimizer: {type: adamw}", "optimizer: {type: sgd}", "weightDecay: 0.2"})
  void eitherEngineGoesOnFromTheOthersCheckpoint(String training, @TempDir Path folder) {
    Task task = Task.of(training);
    CheckpointStore store = new CheckpointStore(folder);
    try (TrainingEngine straight = task.graphEngine(task.graph());
        TrainingEngine first = task.fused(task.graph(), 2)) {
      steps(straight, 0, 12, 1);
      steps(first, 0, 4, 1);
      store.save(1, 0, first.graph(), "fused");
      TrainingEngine second = task.graphEngine(store.latest().orElseThrow().graph());
      steps(second, 4, 8, 1);
      store.save(2, 0, second.graph(), "graph");
      try (TrainingEngine third = task.fused(store.latest().orElseThrow().graph(), 2)) {
        steps(third, 8, 12, 1);
        assertArrayEquals(weights(straight), weights(third), WEIGHT_TOLERANCE);
      }
    }
  }

  @Test
  void theRateSetInPlaceIsTheOneDeeplearning4jUses() {
    Task task = Task.of("optimizer: {type: adam}");
    try (TrainingEngine engine = task.graphEngine(task.graph())) {
      steps(engine, 0, 5, 1);
      ComputationGraph plain = task.graph();
      for (int step = 0; step < 5; step++) {
        plain.setLearningRate(0.01 / (1 + 0.1 * step));
        MiniBatch batch = batch(100L * step, step % 4 == 3 ? 5 : BATCH);
        float[][] labels = new float[batch.labels().length][1];
        for (int i = 0; i < labels.length; i++) {
          labels[i][0] = batch.labels()[i];
        }
        plain.fit(
            new DataSet(
                Nd4j.create(batch.rows(), new long[] {labels.length, FEATURES}),
                Nd4j.create(labels)));
      }
      assertArrayEquals(plain.params().dup().data().asFloat(), weights(engine));
    }
  }

  @Test
  void aSampleOfAllIdentitiesIsTheWholeSoftmax() {
    Task all = Task.of("optimizer: {type: adam}");
    // 8.9 of 9 identities, rounded up.
    Task sampled = Task.of("optimizer: {type: adam}, sampledIdentities: 0.99");
    try (TrainingEngine whole = all.fused(all.graph(), 2);
        TrainingEngine some = sampled.fused(sampled.graph(), 2)) {
      assertArrayEquals(steps(whole, 0, 6, 1), steps(some, 0, 6, 1));
      assertArrayEquals(weights(whole), weights(some));
    }
  }

  @Test
  void identitiesOutsideTheSampleStayAsTheyAre() {
    Task task = Task.of("optimizer: {type: adam}, sampledIdentities: 0.4");
    try (TrainingEngine engine = task.fused(task.graph(), 2)) {
      MiniBatch batch = batch(3, 2);
      int[] chosen =
          new SampledIdentities(IDENTITIES, 0.4, new SeedStreams(5)).of(batch.labels(), 0);
      float[][] before = classifier(engine);
      engine.step(List.of(batch).iterator(), 2, 0.01);
      float[][] after = classifier(engine);
      assertEquals(4, chosen.length);
      for (int identity = 0; identity < IDENTITIES; identity++) {
        boolean trained = Arrays.binarySearch(chosen, identity) >= 0;
        assertEquals(!trained, Arrays.equals(before[identity], after[identity]), "" + identity);
      }
    }
  }

  private static float[][] classifier(TrainingEngine engine) {
    return engine
        .graph()
        .getLayer(HeadGraph.CLASSIFIER)
        .getParam("W")
        .transpose()
        .dup('c')
        .toFloatMatrix();
  }

  @Test
  void twoHundredStepsLoseWhatDoublePrecisionLoses() {
    Task task =
        new Task(
            new LinearHeadConfig(DIMENSION, true, 4),
            new SoftmaxLossConfig(0),
            IdentityWeights.EQUAL,
            config("optimizer: {type: adam}"));
    try (TrainingEngine fused = task.fused(task.graph(), 2)) {
      DoubleHead reference = new DoubleHead(FEATURES, DIMENSION, IDENTITIES, 4, weights(fused));
      double worst = 0;
      double last = 0;
      for (int step = 0; step < 200; step++) {
        MiniBatch batch = batch(step, BATCH);
        double expected = reference.step(batch, 1e-3, step);
        last = fused.step(List.of(batch).iterator(), BATCH, 1e-3);
        worst = Math.max(worst, Math.abs(expected - last));
      }
      assertTrue(worst <= 1e-5, "largest difference of a loss " + worst);
      assertTrue(last < 0.5, "nothing was learned: " + last);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1})
  void gradientsOfACosineClassifierWithAMarginAreTheDifferencesOfItsLoss(double smoothing) {
    // Additive angular margin of 0.3 rad: cos(theta + 0.3).
    TargetMargin margin =
        new TargetMargin() {
          @Override
          public double value(double cosine) {
            return Math.cos(Math.acos(cosine) + 0.3);
          }

          @Override
          public double derivative(double cosine) {
            return Math.sin(Math.acos(cosine) + 0.3) / Math.sqrt(1 - cosine * cosine);
          }
        };
    HeadShape shape = new HeadShape(6, 5, 4, true, 8, java.util.Optional.of(margin));
    int w1 = 5 * 6;
    NativeFloats parameters = NativeFloats.allocate(w1 + 5 + 4 * 5);
    SplittableRandom random = new SplittableRandom(11);
    float[] start = new float[(int) parameters.length()];
    for (int i = 0; i < start.length; i++) {
      start[i] = (float) random.nextDouble(-1, 1);
    }
    float[] rows = new float[3 * 6];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) random.nextDouble(-1, 1);
    }
    MiniBatch batch = new MiniBatch(rows, new int[] {2, 0, 2});
    FusedHead.Memory memory = new FusedHead.Memory(parameters, null, 0, w1, w1 + 5, -1);
    UpdateRule descent = new UpdateRule.Sgd(0, false);
    try (FusedHead head = new FusedHead(shape, memory, new FusedHead.Loss(smoothing, null), 0, 2)) {
      FusedHead.Change one = new FusedHead.Change(descent.step(0, 1), 0, 0);
      FusedHead.Change none = new FusedHead.Change(descent.step(0, 0), 0, 0);
      parameters.write(0, start, 0, start.length);
      head.step(List.of(batch).iterator(), 3, null, one);
      float[] moved = new float[start.length];
      parameters.read(0, moved, 0, moved.length);
      float h = 1e-2f;
      for (int i = 0; i < start.length; i++) {
        float[] shifted = start.clone();
        shifted[i] += h;
        parameters.write(0, shifted, 0, start.length);
        double above = head.step(List.of(batch).iterator(), 3, null, none);
        shifted[i] = start[i] - h;
        parameters.write(0, shifted, 0, start.length);
        double below = head.step(List.of(batch).iterator(), 3, null, none);
        double gradient = start[i] - moved[i];
        assertEquals((above - below) / (2 * h), gradient, 4e-3, "parameter " + i);
      }
    }
  }

  @Test
  void aFailingTaskIsReportedAndTheTeamGoesOn() {
    try (WorkerTeam<Integer> team = new WorkerTeam<>(3, lane -> lane)) {
      IllegalStateException e =
          assertThrows(
              IllegalStateException.class,
              () ->
                  team.run(
                      10,
                      (index, lane) -> {
                        if (index == 4) {
                          throw new IllegalArgumentException("no " + index);
                        }
                      }));
      assertEquals("no 4", e.getCause().getMessage());
      int[] done = new int[100];
      team.run(100, (index, lane) -> done[index]++);
      assertTrue(Arrays.stream(done).allMatch(count -> count == 1));
    }
  }

  @Test
  void settingsThatContradictEachOtherAreRefused() {
    for (String wrong :
        List.of(
            "weightDecay: 0.1, optimizer: {type: adamw}",
            "sampledIdentities: 0.5, engine: graph",
            "optimizer: {type: sgd, momentum: 0, nesterov: true}")) {
      assertThrows(ConfigException.class, () -> config(wrong), wrong);
    }
    assertFalse(config("engine: fused").earlyStopping().isPresent());
  }
}
