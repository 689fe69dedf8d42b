package org.mien.trainer.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mien.core.random.SeedStreams;
import org.mien.data.manifest.FaceSample;
import org.mien.data.source.SyntheticConfig;
import org.mien.eval.metrics.Metric;
import org.mien.model.task.ModelTask;

final class TaskFiguresTest {
  /** Of each class but the last two images: one told right, and one told to be class 0. */
  @ParameterizedTest
  @ValueSource(ints = {20, 21})
  void ofManyClassesOnlyTheirRecallIsGiven(int classes) {
    List<String> values = IntStream.range(0, classes).mapToObj(i -> "c" + i).toList();
    List<FaceSample> drawn =
        new SyntheticConfig(1, classes - 1, 2, 16, 0.5).open(new SeedStreams(1)).samples();
    List<FaceSample> samples = new ArrayList<>();
    float[] outputs = new float[drawn.size() * classes];
    for (int i = 0; i < drawn.size(); i++) {
      FaceSample face = drawn.get(i);
      samples.add(
          new FaceSample(
              face.key(), face.identity(), face.image(), Map.of("brand", values.get(i / 2))));
      outputs[i * classes + (i % 2 == 0 ? i / 2 : 0)] = 1;
    }
    ModelTask task =
        new ModelTask("brand", "brand", ModelTask.Kind.CLASSES, values, Optional.empty());
    Map<String, Metric> figures =
        new TaskFigures(10).of(task, samples, outputs, new SplittableRandom(1)).orElseThrow();

    long confusions = figures.keySet().stream().filter(key -> key.startsWith("confusion@")).count();
    assertEquals(classes <= 20 ? (classes - 1) * classes : classes - 1, confusions);
    Metric recall = figures.get("confusion@c7=c7");
    assertEquals(0.5, recall.value());
    assertEquals(2, recall.trials());
    // Clopper and Pearson's of 1 in 2.
    assertEquals(0.0126, recall.low(), 1e-4);
    assertEquals(0.9874, recall.high(), 1e-4);
    assertEquals(1, figures.get("confusion@c0=c0").value());
  }
}
