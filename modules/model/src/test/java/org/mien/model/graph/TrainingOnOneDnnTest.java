package org.mien.model.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.backbone.SmallResNetConfig;
import org.mien.model.head.LinearHeadConfig;
import org.mien.model.loss.SoftmaxLossConfig;
import org.mien.model.nd4j.Nd4jRuntime;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * oneDNN computes in 32-bit floats only: in 64 bits Deeplearning4j takes its own path. So the same
 * network in both tells whether oneDNN trains it right, and finite differences in 64 bits tell
 * whether that path is right.
 */
class TrainingOnOneDnnTest {
  private static final int BATCH = 6;
  private static final int IDENTITIES = 5;
  private static final SmallResNetConfig TINY =
      new SmallResNetConfig(
          List.of(4, 8),
          List.of(1, 1),
          Optional.of(
              new Preprocessing(
                  16,
                  16,
                  ColorOrder.RGB,
                  List.of(0.0, 0.0, 0.0),
                  List.of(1.0, 1.0, 1.0),
                  new Crop.None(),
                  "any")));

  @BeforeAll
  static void startNd4j() {
    Nd4jRuntime.start();
  }

  @Test
  void gradientsOfEveryParameterEqualThoseIn64Bits() {
    ComputationGraph fast = tiny(new Sgd(0.1));
    ComputationGraph exact = fast.convertDataType(DataType.DOUBLE);
    assertTrue(fast.getLayer("conv1").getHelper() != null, "no oneDNN helper");
    gradients(fast, DataType.FLOAT);
    Map<String, INDArray> expected = gradients(exact, DataType.DOUBLE);
    Map<String, INDArray> actual = fast.gradient().gradientForVariable();
    assertEquals(expected.keySet(), actual.keySet());
    expected.forEach(
        (name, gradient) -> {
          if (!isStatistic(name)) {
            double scale = gradient.norm2Number().doubleValue();
            double difference =
                gradient.sub(actual.get(name).castTo(DataType.DOUBLE)).norm2Number().doubleValue();
            assertTrue(
                difference <= 2e-5 * scale + 1e-6,
                name + ": gradient differs by " + difference + " of " + scale);
          }
        });
  }

  @Test
  void gradientsIn64BitsEqualFiniteDifferences() {
    ComputationGraph exact = tiny(new Sgd(0.1)).convertDataType(DataType.DOUBLE);
    Map<String, INDArray> gradients = gradients(exact, DataType.DOUBLE);
    double step = 1e-6;
    for (String name : gradients.keySet()) {
      if (isStatistic(name)) {
        continue;
      }
      INDArray parameter = exact.getParam(name);
      for (long i = 0; i < parameter.length(); i += Math.max(1, parameter.length() / 2)) {
        double value = parameter.getDouble(i);
        parameter.putScalar(i, value + step);
        double above = trainingScore(exact);
        parameter.putScalar(i, value - step);
        double below = trainingScore(exact);
        parameter.putScalar(i, value);
        double slope = (above - below) / (2 * step);
        // The gradient that backpropagation leaves is summed over the batch.
        double gradient = gradients.get(name).getDouble(i) / BATCH;
        assertEquals(slope, gradient, 1e-5 * Math.max(1, Math.abs(slope)), name + " " + i);
      }
    }
  }

  @Test
  void runningStatisticsMoveTowardsTheBatchByOneMinusDecay() {
    ComputationGraph graph = tiny(new Sgd(0));
    INDArray images = images(DataType.FLOAT);
    // With a rate of 0 only the statistics move.
    graph.fit(new DataSet(images, labels(DataType.FLOAT)));
    INDArray convolved = FaceGraph.upTo(graph, "conv1").outputSingle(false, images);
    INDArray mean = convolved.mean(0, 2, 3);
    INDArray variance = convolved.var(false, 0, 2, 3);
    INDArray runningMean = graph.getParam("bn1_" + BatchNormalizationParamInitializer.GLOBAL_MEAN);
    INDArray runningVariance =
        graph.getParam("bn1_" + BatchNormalizationParamInitializer.GLOBAL_VAR);
    for (int channel = 0; channel < 4; channel++) {
      assertEquals(0.1 * mean.getDouble(channel), runningMean.getDouble(channel), 1e-6);
      assertEquals(
          0.9 + 0.1 * variance.getDouble(channel), runningVariance.getDouble(channel), 1e-5);
    }
  }

  @Test
  void learnsSixImagesByHeartAndKeepsThemAtInference() {
    ComputationGraph graph = tiny(new Adam(2e-2));
    DataSet batch = new DataSet(images(DataType.FLOAT), labels(DataType.FLOAT));
    for (int step = 0; step < 50; step++) {
      graph.fit(batch);
    }
    assertTrue(graph.score() < 0.01, "training loss " + graph.score());
    INDArray probabilities = graph.outputSingle(false, batch.getFeatures());
    for (int i = 0; i < BATCH; i++) {
      assertTrue(probabilities.getDouble(i, i % IDENTITIES) > 0.9, "image " + i);
    }
  }

  private static ComputationGraph tiny(IUpdater updater) {
    return FaceGraph.trainable(
        TINY.build(5),
        FaceGraph.featureDimension(TINY.build(5), TINY.input()),
        new LinearHeadConfig(6, false, 0),
        new SoftmaxLossConfig(0),
        IDENTITIES,
        updater,
        FaceGraph.Tuning.PLAIN,
        5);
  }

  private static Map<String, INDArray> gradients(ComputationGraph graph, DataType type) {
    graph.setInputs(images(type));
    graph.setLabels(labels(type));
    graph.computeGradientAndScore();
    return graph.gradient().gradientForVariable();
  }

  private static double trainingScore(ComputationGraph graph) {
    return graph.score(new DataSet(images(DataType.DOUBLE), labels(DataType.DOUBLE)), true);
  }

  private static INDArray images(DataType type) {
    return ImageNoise.images(BATCH, 16, 16).castTo(type);
  }

  private static INDArray labels(DataType type) {
    INDArray labels = Nd4j.create(type, BATCH, 1);
    for (int i = 0; i < BATCH; i++) {
      labels.putScalar(i, 0, i % IDENTITIES);
    }
    return labels;
  }

  private static boolean isStatistic(String name) {
    return name.endsWith(BatchNormalizationParamInitializer.GLOBAL_MEAN)
        || name.endsWith(BatchNormalizationParamInitializer.GLOBAL_VAR);
  }
}
