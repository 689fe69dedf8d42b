package org.mien.trainer.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mien.core.config.ConfigLoader;
import org.mien.core.config.LoadedConfig;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.error.MienException;
import org.mien.core.progress.Progress;
import org.mien.core.random.SeedStreams;
import org.mien.core.run.RunDirectory;
import org.mien.data.manifest.FaceSample;
import org.mien.eval.metrics.Metric;
import org.mien.eval.metrics.MetricsFile;
import org.mien.model.checkpoint.CheckpointStore;
import org.mien.model.file.FaceModel;
import org.mien.model.head.HeadGraph;
import org.mien.model.loss.IdentityWeights;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.trainer.evaluation.TaskFigures;
import org.mien.trainer.loop.StopSignal;
import org.mien.trainer.loop.StoppedException;
import org.mien.trainer.loop.TrainingRows;
import org.mien.trainer.task.TaskSet;
import org.nd4j.linalg.learning.config.Sgd;

/** Further tasks, from the recipe to the report. */
final class TasksInRecipesTest {
  private static final String RECIPE =
      """
      name: tasks
      seed: 3
      data:
        source: {type: synthetic, identities: 8, imagesPerIdentity: 8, sizePixels: 32}
        split: {verificationIdentities: 0, testEvery: 4, validationEvery: 3}
      model:
        backbone:
          type: small-resnet
          widths: [4, 8]
          blocksPerStage: [1, 1]
          preprocessing: {widthPixels: 32, heightPixels: 32}
        freeze: none
        head: {type: linear, dimension: 16}
        tasks:
          - {name: age, loss: {type: age, oldest: 90}, weight: 0.5}
          - {name: expression, loss: {type: classes}, hidden: 8}
          - name: hat
            attribute: occluded
            loss: {type: binary}
            on: embedding
      training:
        epochs: 2
        batchSize: 8
      evaluation: {bootstrapReplicates: 100}
      export: [onnx, dl4j]
      """;

  private static final String ON_BUILT_IN =
      "model.backbone={type: built-in, name: synthetic-small}";

  @TempDir private static Path folder;

  private static LoadedConfig<ExperimentConfig> recipe(String... overrides) {
    return ConfigLoader.parse(
        RECIPE, "tasks.yaml", ExperimentConfig.class, List.of(overrides), Map.of());
  }

  private static RunDirectory begin(String... overrides) {
    return Experiment.begin(recipe(overrides), folder.resolve("runs"));
  }

  private static RunDirectory run(RunDirectory run, StopSignal stop, String... overrides) {
    Experiment.run(
        recipe(overrides).value(),
        run,
        new Circumstances(folder.resolve("cache"), List.of("test"), Progress.silent(), stop));
    return run;
  }

  private static String[] overrides(String freeze) {
    return switch (freeze) {
      case "backbone" ->
          new String[] {ON_BUILT_IN, "model.freeze=backbone", "data.source.sizePixels=64"};
      case "up-to" -> new String[] {"model.freeze=up-to", "model.frozenUpTo=layer1"};
      default -> new String[] {"training.gradientClipping=1", "training.weightDecay=0.01"};
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "up-to", "backbone"})
  void aRecipeOfSeveralTasksTrainsResumesExactlyAndIsEvaluated(String freeze) throws IOException {
    String[] overrides = overrides(freeze);
    RunDirectory straight = run(begin(overrides), () -> false, overrides);
    RunDirectory stopped = begin(overrides);
    AtomicInteger done = new AtomicInteger();
    assertThrows(
        StoppedException.class, () -> run(stopped, () -> done.incrementAndGet() >= 3, overrides));
    run(stopped, () -> false, overrides);
    for (String file : List.of("export/tasks.onnx", "metrics.json")) {
      assertEquals(
          -1,
          Files.mismatch(straight.root().resolve(file), stopped.root().resolve(file)),
          file + " differs");
    }
    try (FaceModel model = FaceModel.load(straight.model())) {
      assertEquals(3, model.tasks().size());
      assertEquals(91, model.tasks().get(0).outputs());
      assertEquals(
          model.tasks().get(1).values().stream().sorted().toList(), model.tasks().get(1).values());
      assertEquals("occluded", model.tasks().get(2).attribute());
    }
    Map<String, Map<String, Metric>> metrics = MetricsFile.read(straight.metrics()).results();
    for (String name : List.of("mae", "rmse", "bias", "cs@5")) {
      assertTrue(metrics.get("task.age").containsKey(name), name);
    }
    assertEquals(16, metrics.get("task.age").get("mae").trials());
    assertTrue(metrics.get("task.expression").containsKey("accuracy"));
    assertTrue(metrics.get("task.expression").containsKey("f1.macro"));
    assertTrue(metrics.get("task.hat").containsKey("accuracy"));
    String page = Files.readString(straight.report());
    assertTrue(page.contains("Besides identity"), "the report does not show the tasks");
    assertTrue(page.contains("age: mae, test images"), "the report does not show the age");
  }

  @Test
  void everyTaskHasColumnsOfItsOwnAndMayChooseTheEpoch() throws IOException {
    String[] overrides = {
      ON_BUILT_IN,
      "model.freeze=backbone",
      "data.source.sizePixels=64",
      "training.epochs=4",
      "training.chooseBy=task.age",
      "training.optimizer={type: adam, learningRate: 0.05}"
    };
    RunDirectory run = run(begin(overrides), () -> false, overrides);
    List<String> lines = Files.readAllLines(run.trainCsv());
    List<String> header = List.of(lines.get(0).split(",", -1));
    assertEquals(
        List.of(
            "task.age.validationLoss",
            "task.age.validationMae",
            "task.expression.validationLoss",
            "task.expression.validationAccuracy",
            "task.hat.validationLoss",
            "task.hat.validationAccuracy"),
        header.subList(7, 13));
    int mae = header.indexOf("task.age.validationMae");
    int best = 0;
    double lowest = Double.POSITIVE_INFINITY;
    for (String line : lines.subList(1, lines.size())) {
      String[] row = line.split(",", -1);
      double accuracy = Double.parseDouble(row[header.indexOf("task.hat.validationAccuracy")]);
      assertTrue(accuracy >= 0 && accuracy <= 1, line);
      if (Double.parseDouble(row[mae]) < lowest) {
        lowest = Double.parseDouble(row[mae]);
        best = Integer.parseInt(row[0]);
      }
    }
    String page = Files.readString(run.report());
    assertTrue(page.contains("kept: epoch " + best), "the report keeps another epoch than " + best);
    assertTrue(page.contains("age: error in years"), "the report does not show the age");
    assertTrue(page.contains("expression: accuracy"), "the report does not show the expression");
  }

  @Test
  void identitiesThatWeighNothingLeaveTheirClassifierAsItWas() throws IOException {
    String[] overrides = {
      ON_BUILT_IN,
      "model.freeze=backbone",
      "data.source.sizePixels=64",
      "model.identityWeight=0",
      "training.weightDecay=0.1",
      "training.chooseBy=task.expression.loss"
    };
    RunDirectory run = run(begin(overrides), () -> false, overrides);
    CheckpointStore store = new CheckpointStore(run.checkpoints());
    var first = store.afterEpoch(1).graph();
    var last = store.afterEpoch(2).graph();
    assertEquals(
        first.getLayer(HeadGraph.CLASSIFIER).params(),
        last.getLayer(HeadGraph.CLASSIFIER).params());
    assertNotEquals(first.getLayer("task.age").params(), last.getLayer("task.age").params());
    // The embedding learns from the task on it alone.
    assertNotEquals(
        first.getLayer(HeadGraph.EMBEDDING).params(), last.getLayer(HeadGraph.EMBEDDING).params());
    assertRecipeRefused("identities are not learned", "model.identityWeight=0");
    assertRecipeRefused("works only with tasks", "model.identityWeight=0.5", "model.tasks=[]");
    assertRecipeRefused(
        "does not work with the loss centre",
        "model.identityWeight=0.5",
        "model.loss={type: centre}");
    assertRecipeRefused("there is no task 'shoes'", "training.chooseBy=task.shoes");
    assertRecipeRefused("chooseBy: expected accuracy, loss", "training.chooseBy=mae");
  }

  private static void assertRecipeRefused(String part, String... overrides) {
    ConfigException e = assertThrows(ConfigException.class, () -> recipe(overrides));
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.backbone={type: built-in, name: synthetic-small};model.freeze=backbone;data.augmentation=[{type: flip}];training.augmentedViews=2;training.sampling={type: over-sampling}",
        "model.freeze=up-to;model.frozenUpTo=layer1;data.augmentation=[{type: flip}];training.augmentedViews=2;training.classWeights={type: inverse};model.identityWeight=0.5",
        "model.freeze=none;data.augmentation=[{type: flip}];training.sampling={type: under-sampling, maximumPerIdentity: 3};training.accumulateSteps=2;training.averaging={type: exponential, decay: 0.5}",
        "model.freeze=none;model.identityWeight=2;model.loss={type: triplet};training.sampling={type: identity-balanced, identitiesPerBatch: 4, imagesPerIdentity: 2}",
        "model.backbone={type: built-in, name: synthetic-small};model.freeze=backbone;training.cache=off;data.augmentation=[{type: flip}];model.loss={type: arcface};model.identityWeight=0.1;training.earlyStopping={patience: 1};training.chooseBy=task.hat"
      })
  void tasksGoTogetherWith(String settings) throws IOException {
    List<String> all = new java.util.ArrayList<>(List.of(settings.split(";", -1)));
    all.add("export=[]");
    String[] overrides = all.toArray(String[]::new);
    RunDirectory run = run(begin(overrides), () -> false, overrides);
    List<String> lines = Files.readAllLines(run.trainCsv());
    List<String> header = List.of(lines.get(0).split(",", -1));
    for (String line : lines.subList(1, lines.size())) {
      String[] row = line.split(",", -1);
      assertTrue(Double.parseDouble(row[header.indexOf("task.age.validationMae")]) <= 90, line);
      assertTrue(Double.parseDouble(row[header.indexOf("task.age.validationLoss")]) > 0, line);
    }
    assertTrue(MetricsFile.read(run.metrics()).results().containsKey("task.expression"));
  }

  @Test
  void theHeadsLearnWhatTheFeaturesShow() {
    String[] overrides = {
      ON_BUILT_IN,
      "model.freeze=backbone",
      "data.source={type: synthetic, firstIdentity: 100000, identities: 30, imagesPerIdentity: 20,"
          + " sizePixels: 64}",
      "data.split.testEvery=4",
      "training.epochs=15",
      "training.batchSize=32",
      "model.tasks=[{name: age, loss: {type: age}}, {name: ordinal, attribute: age, loss: {type:"
          + " age-ordinal}}, {name: skin, attribute: skinTone, loss: {type: classes}}, {name: untrained,"
          + " attribute: skinTone, weight: 0, loss: {type: classes}}]",
      "export=[]"
    };
    RunDirectory run = run(begin(overrides), () -> false, overrides);
    Map<String, Map<String, Metric>> metrics = MetricsFile.read(run.metrics()).results();
    // What one could say without looking: the most frequent tone, the middle of the ages.
    List<FaceSample> all =
        recipe(overrides).value().data().source().open(new SeedStreams(3)).samples();
    Map<String, Long> tones =
        all.stream()
            .collect(
                Collectors.groupingBy(
                    sample -> sample.attributes().get("skinTone"), Collectors.counting()));
    double blindTone = Collections.max(tones.values()) / (double) all.size();
    double[] ages =
        all.stream()
            .mapToDouble(sample -> Double.parseDouble(sample.attributes().get("age")))
            .sorted()
            .toArray();
    double blindAge =
        Arrays.stream(ages)
            .map(age -> Math.abs(age - ages[ages.length / 2]))
            .average()
            .orElseThrow();
    double tone = value(metrics, "task.skin", "accuracy");
    double age = value(metrics, "task.age", "mae");
    assertTrue(tone > blindTone + 0.15, tone + " against " + blindTone);
    assertTrue(tone > value(metrics, "task.untrained", "accuracy") + 0.15, "untrained is as good");
    assertTrue(age < 0.6 * blindAge, age + " years against " + blindAge);
    assertTrue(value(metrics, "task.ordinal", "mae") < blindAge, "ordinal: " + blindAge);
  }

  private static double value(
      Map<String, Map<String, Metric>> metrics, String protocol, String name) {
    return metrics.get(protocol).get(name).value();
  }

  private static List<FaceSample> training() {
    return recipe().value().data().source().open(new SeedStreams(3)).samples();
  }

  private static TaskSet tasks(String yaml) {
    return TaskSet.of(recipe("model.tasks=[" + yaml + "]").value().model().tasks(), training());
  }

  private static String network(String yaml) {
    Nd4jRuntime.start();
    ModelConfig model = recipe().value().model();
    return HeadGraph.build(
            6,
            8,
            model.head(),
            model.loss(),
            IdentityWeights.EQUAL,
            tasks(yaml).heads(),
            new Sgd(0.1),
            1)
        .getConfiguration()
        .toJson();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{name: years, attribute: age, loss: {type: age}}",
        "{name: age, loss: {type: age}, weight: 0.5}",
        "{name: age, loss: {type: age}, on: embedding}",
        "{name: age, loss: {type: age}, hidden: 3}",
        "{name: age, loss: {type: age, oldest: 99}}",
        "{name: age, loss: {type: age, deviationYears: 3}}",
        "{name: age, loss: {type: age, expectationWeight: 0}}",
        "{name: age, loss: {type: age-ordinal}}",
        "{name: age, loss: {type: classes}}",
        "{name: age, loss: {type: classes, labelSmoothing: 0.1}}"
      })
  void everyKeyReachesTheNetwork(String changed) {
    assertNotEquals(network("{name: age, loss: {type: age}}"), network(changed));
    if (changed.contains("labelSmoothing")) {
      assertNotEquals(network("{name: age, loss: {type: classes}}"), network(changed));
    }
  }

  @Test
  void theValuesThatMeanYesReachTheLabels() {
    List<FaceSample> samples = training();
    String before = "{name: g, attribute: glasses, loss: {type: binary, positive: [";
    TaskSet worn = tasks(before + "sunglasses]}}");
    TaskSet none = tasks(before + "none]}}");
    TrainingRows plain = new LabelOnlyRows(samples.size());
    TrainingRows rows = worn.label(plain, samples);
    TrainingRows other = none.label(plain, samples);
    for (int row = 0; row < samples.size(); row++) {
      String glasses = samples.get(row).attributes().get("glasses");
      assertEquals(glasses.equals("sunglasses") ? 1 : 0, rows.taskLabel(0, row));
      assertEquals(glasses.equals("none") ? 1 : 0, other.taskLabel(0, row));
    }
  }

  private record LabelOnlyRows(int size) implements TrainingRows {
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
      return 0;
    }

    @Override
    public float[] read(int epoch, int[] rows, int from, int count) {
      return new float[count];
    }
  }

  @Test
  void samplesWithoutTheAttributeHaveNoLabelAndUnseenCategoriesCountAsMissed() {
    List<FaceSample> samples = training().subList(0, 4);
    TaskSet set =
        TaskSet.of(
            recipe("model.tasks=[{name: mood, loss: {type: classes}}]").value().model().tasks(),
            List.of(
                with(samples.get(0), Map.of("mood", "b")),
                with(samples.get(1), Map.of("mood", "a"))));
    assertEquals(List.of("a", "b"), set.tasks().get(0).values());
    List<FaceSample> given =
        List.of(
            with(samples.get(0), Map.of("mood", "a")),
            with(samples.get(1), Map.of()),
            with(samples.get(2), Map.of("mood", "never seen")),
            with(samples.get(3), Map.of("mood", "b")));
    TrainingRows rows = set.label(new LabelOnlyRows(4), given);
    assertEquals(0, rows.taskLabel(0, 0));
    assertEquals(-1, rows.taskLabel(0, 1));
    assertEquals(-1, rows.taskLabel(0, 2));
    assertEquals(1, rows.taskLabel(0, 3));
    float[] outputs = {0.9f, 0.1f, 0.5f, 0.5f, 0.9f, 0.1f, 0.2f, 0.8f};
    Metric accuracy =
        new TaskFigures(100)
            .of(set.tasks().get(0), given, outputs, new SeedStreams(1).stream("x"))
            .orElseThrow()
            .get("accuracy");
    assertEquals(2.0 / 3, accuracy.value(), 1e-12);
    assertEquals(3, accuracy.trials());
  }

  private static FaceSample with(FaceSample sample, Map<String, String> attributes) {
    return new FaceSample(sample.key(), sample.identity(), sample.image(), attributes);
  }

  private static void assertRefused(
      Class<? extends MienException> kind, String yaml, String... parts) {
    MienException refused = assertThrows(kind, () -> tasks(yaml));
    for (String part : parts) {
      assertTrue(refused.getMessage().contains(part), refused.getMessage());
    }
  }

  @Test
  void whatCannotBeLearnedIsRefusedWithWhatThereIs() {
    assertRefused(
        ConfigException.class,
        "{name: smile, loss: {type: binary}}",
        "model.tasks smile",
        "'smile'",
        "expression",
        "glasses");
    assertRefused(
        ConfigException.class,
        "{name: glasses, loss: {type: binary}}",
        "no training image",
        "none");
    assertRefused(
        ConfigException.class,
        "{name: glasses, loss: {type: binary, positive: [none," + " sunglasses]}}",
        "every training image");
    assertRefused(ConfigException.class, "{name: embedding, loss: {type: classes}}", "embedding");
    assertRefused(
        ConfigException.class,
        "{name: age, loss: {type: age}}, {name: age, loss: {type: age}}",
        "different names");
    List<FaceSample> bare = training().stream().map(sample -> with(sample, Map.of())).toList();
    ConfigException none =
        assertThrows(
            ConfigException.class, () -> TaskSet.of(recipe().value().model().tasks(), bare));
    assertTrue(none.getMessage().contains("none at all"), none.getMessage());
    DataException young =
        assertThrows(
            DataException.class,
            () ->
                tasks("{name: age, loss: {type: age, oldest: 5}}")
                    .label(new LabelOnlyRows(training().size()), training()));
    assertTrue(young.getMessage().contains("identity-000000/"), young.getMessage());
    for (String setting : List.of("training.engine=fused", "training.sampledIdentities=0.5")) {
      ConfigException fused =
          assertThrows(
              ConfigException.class, () -> recipe(ON_BUILT_IN, "model.freeze=backbone", setting));
      assertTrue(fused.getMessage().contains("model.tasks"), fused.getMessage());
    }
  }
}
