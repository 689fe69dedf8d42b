package org.mien.model.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import onnx.Onnx;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mien.core.config.ConfigWriter;
import org.mien.core.error.DataException;
import org.mien.model.export.ExportFormat;
import org.mien.model.export.ExportResult;
import org.mien.model.export.ModelExporter;
import org.mien.model.file.FaceModel;
import org.mien.model.file.ModelDescriptor;
import org.mien.model.file.ModelFiles;
import org.mien.model.file.SmallModels;
import org.mien.model.head.HeadGraph;
import org.mien.model.head.LinearHeadConfig;
import org.mien.model.loss.IdentityWeights;
import org.mien.model.loss.SoftmaxLossConfig;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.model.onnx.OnnxModelFile;
import org.mien.model.onnx.TinyOnnx;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** Heads of several tasks: what they learn, what they leave alone, and that they keep. */
final class TaskHeadTest {
  private static final int FEATURES = 5;
  private static final int ROWS = 6;
  private static final double[] IDENTITIES = {0, 1, 2, 3, 0, 1};
  private static final double[] AGES = {3, -1, 0, 9, 5, -1};
  private static final double[] MOODS = {-1, 2, 0, -1, 1, 2};
  private static final double[] GLASSES = {1, 0, -1, 1, -1, 0};

  @TempDir private Path folder;

  @BeforeAll
  static void startNd4j() {
    Nd4jRuntime.start();
  }

  private static TaskHead age(double weight, TaskConfig.On on, TaskLossConfig loss) {
    return head("age", loss, weight, on, 0, Map.of("3", 1));
  }

  private static TaskHead mood(double weight) {
    return head(
        "mood",
        new ClassesTaskConfig(0.1),
        weight,
        TaskConfig.On.FEATURES,
        4,
        Map.of("happy", 1, "null", 1, "sad", 1));
  }

  private static TaskHead glasses(double weight) {
    return head(
        "glasses",
        new BinaryTaskConfig(List.of("yes")),
        weight,
        TaskConfig.On.EMBEDDING,
        0,
        Map.of("yes", 1, "no", 1));
  }

  private static TaskHead head(
      String name,
      TaskLossConfig loss,
      double weight,
      TaskConfig.On on,
      int hidden,
      Map<String, Integer> counts) {
    return new TaskHead(
        new TaskConfig(name, Optional.empty(), loss, weight, on, hidden),
        loss.resolve(name, name, new TreeMap<>(counts)));
  }

  private static List<TaskHead> three() {
    return List.of(
        age(0.5, TaskConfig.On.EMBEDDING, new AgeTaskConfig(9, 1, 0.5)), mood(2), glasses(1));
  }

  private static ComputationGraph graph(List<TaskHead> tasks, int features) {
    return HeadGraph.build(
        features,
        SmallModels.IDENTITIES.size(),
        new LinearHeadConfig(SmallModels.DIMENSION, true, 4),
        new SoftmaxLossConfig(0),
        IdentityWeights.EQUAL,
        tasks,
        new Adam(0.02),
        7);
  }

  private static INDArray column(double[] labels) {
    return Nd4j.createFromArray(labels).reshape(labels.length, 1);
  }

  private static INDArray rows(DataType type) {
    SplittableRandom random = new SplittableRandom(4);
    double[][] rows = new double[ROWS][FEATURES];
    for (double[] row : rows) {
      for (int j = 0; j < FEATURES; j++) {
        row[j] = random.nextDouble(-1, 1);
      }
    }
    return Nd4j.createFromArray(rows).castTo(type);
  }

  private static INDArray[] labels(double[]... columns) {
    INDArray[] labels = new INDArray[columns.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = column(columns[i]).castTo(DataType.FLOAT);
    }
    return labels;
  }

  private static double score(ComputationGraph graph) {
    graph.computeGradientAndScore();
    return graph.score();
  }

  private static void assertGradientIsSlope(List<TaskHead> tasks, double[]... columns) {
    ComputationGraph graph = graph(tasks, FEATURES).convertDataType(DataType.DOUBLE);
    graph.setInput(0, rows(DataType.DOUBLE));
    INDArray[] labels = new INDArray[columns.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = column(columns[i]);
    }
    graph.setLabels(labels);
    score(graph);
    int checked = 0;
    for (Layer layer : graph.getLayers()) {
      String name = layer.conf().getLayer().getLayerName();
      for (Map.Entry<String, INDArray> entry : layer.paramTable().entrySet()) {
        score(graph);
        INDArray gradient = graph.gradient().getGradientFor(name + "_" + entry.getKey()).dup('c');
        INDArray parameter = entry.getValue();
        double largest = 0;
        for (long i = 0; i < parameter.length(); i++) {
          long[] at =
              parameter.rank() == 1
                  ? new long[] {i}
                  : new long[] {i / parameter.size(1), i % parameter.size(1)};
          double value = parameter.getDouble(at);
          double step = 1e-6;
          parameter.putScalar(at, value + step);
          double above = score(graph);
          parameter.putScalar(at, value - step);
          double below = score(graph);
          parameter.putScalar(at, value);
          double slope = (above - below) / (2 * step);
          double told = gradient.getDouble(at) / ROWS;
          assertEquals(slope, told, 1e-6 + 1e-5 * Math.abs(slope), name + "_" + entry.getKey());
          largest = Math.max(largest, Math.abs(told));
          checked++;
        }
        assertTrue(largest > 1e-6, name + "_" + entry.getKey() + " has no gradient at all");
      }
    }
    assertEquals(graph.numParams(), checked);
  }

  @Test
  void theGradientOfSeveralTasksWithUnknownLabelsIsTheSlopeOfTheLoss() {
    assertGradientIsSlope(three(), IDENTITIES, AGES, MOODS, GLASSES);
    assertGradientIsSlope(
        List.of(age(0.7, TaskConfig.On.FEATURES, new AgeOrdinalTaskConfig(9))), IDENTITIES, AGES);
  }

  @Test
  void rowsWithoutLabelAddNothingAndWeightsAreExact() {
    double[] unknown = {-1, -1, -1, -1, -1, -1};
    ComputationGraph plain = graph(List.of(), FEATURES);
    ComputationGraph once = graph(List.of(mood(1)), FEATURES);
    ComputationGraph thrice = graph(List.of(mood(3)), FEATURES);
    for (ComputationGraph graph : List.of(plain, once, thrice)) {
      graph.setInput(0, rows(DataType.FLOAT));
    }
    plain.setLabels(labels(IDENTITIES));
    once.setLabels(labels(IDENTITIES, unknown));
    double identity = score(plain);
    assertEquals(identity, score(once));
    assertEquals(0, once.gradient().getGradientFor("task.mood_W").normmaxNumber().doubleValue());
    once.setLabels(labels(IDENTITIES, MOODS));
    thrice.setLabels(labels(IDENTITIES, MOODS));
    assertEquals(3 * (score(once) - identity), score(thrice) - identity, 1e-5);
    assertTrue(once.score() > identity + 0.1);
    INDArray single = once.gradient().getGradientFor("task.mood_W");
    INDArray triple = thrice.gradient().getGradientFor("task.mood_W");
    assertTrue(single.mul(3).equalsWithEps(triple, 1e-5));
  }

  @Test
  void aTaskOfWeightZeroKeepsItsHeadAndChangesNoBitOfTheOthers() {
    ComputationGraph without =
        graph(List.of(age(1, TaskConfig.On.EMBEDDING, new AgeTaskConfig(9, 2, 1))), FEATURES);
    ComputationGraph with =
        graph(
            List.of(
                mood(0), age(1, TaskConfig.On.EMBEDDING, new AgeTaskConfig(9, 2, 1)), glasses(0)),
            FEATURES);
    Map<String, INDArray> before = new TreeMap<>();
    with.paramTable().forEach((name, values) -> before.put(name, values.dup()));
    for (int step = 0; step < 4; step++) {
      without.fit(new INDArray[] {rows(DataType.FLOAT)}, labels(IDENTITIES, AGES));
      with.fit(new INDArray[] {rows(DataType.FLOAT)}, labels(IDENTITIES, MOODS, AGES, GLASSES));
      assertEquals(without.score(), with.score());
    }
    Map<String, INDArray> others = without.paramTable();
    with.paramTable()
        .forEach(
            (name, values) -> {
              if (others.containsKey(name)) {
                assertEquals(others.get(name), values, name);
                assertFalse(before.get(name).equals(values), name + " was not trained");
              } else {
                assertEquals(before.get(name), values, name + " was trained");
              }
            });
    assertEquals(without.numParams(), others.values().stream().mapToLong(INDArray::length).sum());
  }

  @Test
  void tasksLeaveTheFirstWeightsOfEveryOtherHeadAsTheyAre() {
    Map<String, INDArray> plain = graph(List.of(), FEATURES).paramTable();
    Map<String, INDArray> one = graph(List.of(mood(1)), FEATURES).paramTable();
    Map<String, INDArray> all = graph(three(), FEATURES).paramTable();
    plain.forEach((name, values) -> assertEquals(values, all.get(name), name));
    one.forEach((name, values) -> assertEquals(values, all.get(name), name));
  }

  private static List<ModelTask> tasks() {
    return three().stream().map(TaskHead::task).toList();
  }

  private FaceModel model(boolean onOnnx) throws IOException {
    ModelDescriptor descriptor = SmallModels.descriptor().withTasks(tasks());
    if (!onOnnx) {
      return FaceModel.ofGraph(descriptor, SmallModels.backbone(), graph(three(), 5));
    }
    Path file = folder.resolve("backbone.onnx");
    Files.write(file, new TinyOnnx().build().toByteArray());
    return FaceModel.ofOnnx(
        descriptor, file, Optional.of(graph(three(), TinyOnnx.DIMENSION)), SmallModels.ONE_THREAD);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aModelOfSeveralTasksIsSavedLoadedAndExported(boolean onOnnx) throws IOException {
    float[] images = SmallModels.images(3);
    try (FaceModel model = model(onOnnx)) {
      Map<String, float[]> expected = model.predictTasks(model.features(images, 3), 3);
      assertEquals(List.of("age", "mood", "glasses"), List.copyOf(expected.keySet()));
      assertEquals(3 * 10, expected.get("age").length);
      assertEquals(3 * 3, expected.get("mood").length);
      assertEquals(3, expected.get("glasses").length);
      float[] identities = model.predict(model.features(images, 3), 3);
      assertEquals(3 * SmallModels.IDENTITIES.size(), identities.length);

      Path zip = folder.resolve("model.zip");
      model.save(zip);
      try (FaceModel loaded = FaceModel.load(zip)) {
        assertEquals(tasks(), loaded.tasks());
        Map<String, float[]> again = loaded.predictTasks(loaded.features(images, 3), 3);
        expected.forEach((name, values) -> assertArrayEquals(values, again.get(name), name));
        assertArrayEquals(identities, loaded.predict(loaded.features(images, 3), 3));
      }

      Path onnx = folder.resolve("model-out.onnx");
      ExportResult exported = ModelExporter.of(ExportFormat.ONNX).export(model, onnx, images, 3);
      assertTrue(exported.parity().passed(), exported.parity().describe());
      Onnx.ModelProto written = OnnxModelFile.read(onnx).proto();
      assertEquals(
          List.of("embedding", "age", "mood", "glasses"),
          written.getGraph().getOutputList().stream().map(Onnx.ValueInfoProto::getName).toList());
      assertTrue(
          written.getMetadataPropsList().stream()
              .anyMatch(
                  entry ->
                      entry.getKey().equals("mien.task.mood")
                          && entry.getValue().contains("happy")));
      try (FaceModel foreign = ModelFiles.open(onnx, Optional.empty())) {
        assertEquals(SmallModels.DIMENSION, foreign.embedder().dimension());
        assertEquals(Optional.of(tasks()), foreign.descriptor().tasks());
      }
      Path dl4j = folder.resolve("out.zip");
      assertTrue(
          ModelExporter.of(ExportFormat.DL4J).export(model, dl4j, images, 3).parity().passed());
    }
  }

  @Test
  void aModelWithoutTasksSaysNothingOfThem() {
    assertFalse(ConfigWriter.toYaml(SmallModels.descriptor()).contains("tasks"));
    assertFalse(graph(List.of(), FEATURES).getConfiguration().toJson().contains("task"));
  }

  @Test
  void aDescriptorThatDoesNotFitTheHeadsIsRefused() {
    for (ModelDescriptor wrong :
        List.of(
            SmallModels.descriptor(),
            SmallModels.descriptor().withTasks(tasks().subList(0, 2)),
            SmallModels.descriptor()
                .withTasks(
                    List.of(
                        new ModelTask("age", "age", ModelTask.Kind.AGE, List.of(), Optional.of(8)),
                        tasks().get(1),
                        tasks().get(2))))) {
      DataException refused =
          assertThrows(
              DataException.class,
              () -> FaceModel.ofGraph(wrong, SmallModels.backbone(), graph(three(), 5)));
      assertTrue(refused.getMessage().contains("task"), refused.getMessage());
    }
  }

  @Test
  void agesAreReadFromTheOutputs() {
    ModelTask expectation = tasks().get(0);
    float[] probabilities = new float[10];
    probabilities[4] = 0.5f;
    probabilities[7] = 0.5f;
    assertEquals(5.5, expectation.years(probabilities), 1e-6);
    ModelTask ordinal =
        new ModelTask("age", "age", ModelTask.Kind.AGE_ORDINAL, List.of(), Optional.of(3));
    assertEquals(2, ordinal.years(new float[] {0.9f, 0.6f, 0.4f}));
    assertEquals(26, tasksOfAge(120).label("26.4"));
    assertThrows(IllegalArgumentException.class, () -> tasksOfAge(25).label("26"));
    assertThrows(IllegalArgumentException.class, () -> tasksOfAge(25).label("young"));
  }

  private static ModelTask tasksOfAge(int oldest) {
    return new AgeTaskConfig(oldest, 2, 1).resolve("age", "age", new TreeMap<>(Map.of("1", 1)));
  }
}
