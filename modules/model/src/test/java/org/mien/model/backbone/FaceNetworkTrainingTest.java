package org.mien.model.backbone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.graph.FaceGraph;
import org.mien.model.head.LinearHeadConfig;
import org.mien.model.loss.SoftmaxLossConfig;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.model.weights.FormulaWeights;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** Gradients reach every layer, and are those of the loss. */
class FaceNetworkTrainingTest {
  @BeforeAll
  static void startNd4j() {
    Nd4jRuntime.start();
  }

  private static Preprocessing input(int side) {
    return new Preprocessing(
        side,
        side,
        ColorOrder.RGB,
        List.of(127.5, 127.5, 127.5),
        List.of(127.5, 127.5, 127.5),
        new Crop.None(),
        "any");
  }

  private static GraphBackboneConfig config(String name) {
    return switch (name) {
      case "iresnet" -> new IResNetConfig(18, 32, 0.1, Optional.empty(), Optional.of(input(16)));
      case "mobilefacenet" -> new MobileFaceNetConfig(32, Optional.empty(), Optional.of(input(32)));
      case "dlib from scratch" -> new DlibResNetConfig(Optional.empty(), Optional.of(input(104)));
      default -> new DlibResNetConfig(Optional.of(Path.of("unread")), Optional.of(input(104)));
    };
  }

  private static DataSet images(Preprocessing input, int count) {
    INDArray pixels =
        Nd4j.createFromArray(
                FormulaWeights.images(count, input.heightPixels(), input.widthPixels()))
            .reshape('c', count, 3, input.heightPixels(), input.widthPixels());
    INDArray labels = Nd4j.zeros(DataType.FLOAT, count, 2);
    for (int i = 0; i < count; i++) {
      labels.putScalar(i, i % 2, 1);
    }
    return new DataSet(pixels, labels);
  }

  @ParameterizedTest
  @ValueSource(strings = {"iresnet", "mobilefacenet", "dlib from scratch", "dlib with weights"})
  void theLossFallsAndEveryLayerMoves(String name) {
    GraphBackboneConfig config = config(name);
    ComputationGraph backbone = config.build(1);
    ComputationGraph graph =
        FaceGraph.trainable(
            backbone,
            FaceGraph.featureDimension(backbone, config.input()),
            new LinearHeadConfig(8, true, 0),
            new SoftmaxLossConfig(0),
            2,
            new Adam(name.equals("dlib with weights") ? 1e-5 : 3e-4),
            FaceGraph.Tuning.PLAIN,
            7);
    Map<String, INDArray> before = new HashMap<>();
    for (Layer layer : graph.getLayers()) {
      if (layer.numParams() > 0) {
        before.put(layer.conf().getLayer().getLayerName(), layer.params().dup());
      }
    }
    DataSet images = images(config.input(), 4);
    graph.fit(images);
    double first = graph.score();
    for (int step = 0; step < 3; step++) {
      graph.fit(images);
    }
    assertTrue(graph.score() < first, name + ": " + first + " to " + graph.score());
    for (Layer layer : graph.getLayers()) {
      String layerName = layer.conf().getLayer().getLayerName();
      if (layer.numParams() > 0) {
        assertFalse(layer.params().equals(before.get(layerName)), layerName + " did not move");
      }
    }
    ComputationGraph copy =
        new ComputationGraph(
            ComputationGraphConfiguration.fromJson(graph.getConfiguration().toJson()));
    copy.init(graph.params().dup(), false);
    assertEquals(
        graph.outputSingle(false, images.getFeatures()),
        copy.outputSingle(false, images.getFeatures()));
  }

  @Test
  void gradientsOfTheBlocksAreThoseOfTheLoss() {
    NetworkBuilder network = new NetworkBuilder(3);
    String top = network.convolution("conv", NetworkBuilder.INPUT, 3, 4, 3, 2, 0, true);
    top = network.prelu("prelu", top, 4);
    top = network.channelScale("scale", top, 4);
    String depthwise = network.depthwise("depthwise", top, 4, 3, 3, 1, 1);
    network.graph().addVertex("zeros", new ScaleVertex(0), top);
    String widened = network.concatenation("widened", network.add("sum", depthwise, top), "zeros");
    top = network.depthwise("whole", widened, 8, 4, 3, 1, 0);
    network.linear(NetworkBuilder.FEATURES, top, 5, false);
    Preprocessing input =
        new Preprocessing(
            8,
            9,
            ColorOrder.RGB,
            List.of(0.0, 0.0, 0.0),
            List.of(1.0, 1.0, 1.0),
            new Crop.None(),
            "any");
    ComputationGraph backbone = network.build(input);
    ComputationGraph graph =
        FaceGraph.trainable(
                backbone,
                FaceGraph.featureDimension(backbone, input),
                new LinearHeadConfig(4, true, 0),
                new SoftmaxLossConfig(0),
                2,
                new Adam(1e-3),
                FaceGraph.Tuning.PLAIN,
                7)
            .convertDataType(DataType.DOUBLE);
    DataSet images = images(input, 3);
    graph.setInputs(images.getFeatures().castTo(DataType.DOUBLE));
    graph.setLabels(images.getLabels().castTo(DataType.DOUBLE));
    graph.computeGradientAndScore();
    INDArray gradient = graph.getFlattenedGradients().dup();
    INDArray parameters = graph.params();
    SplittableRandom random = new SplittableRandom(5);
    double step = 1e-6;
    int checked = 0;
    for (long i = 0; i < parameters.length(); i++) {
      if (random.nextInt(2) > 0) {
        continue;
      }
      double value = parameters.getDouble(i);
      parameters.putScalar(i, value + step);
      double above = graph.score(cast(images), true);
      parameters.putScalar(i, value - step);
      double below = graph.score(cast(images), true);
      parameters.putScalar(i, value);
      double expected = (above - below) / (2 * step);
      assertEquals(
          expected,
          // Of the sum over the images; the optimiser divides.
          gradient.getDouble(i) / 3,
          1e-6 + 1e-4 * Math.abs(expected),
          "parameter " + i + " of " + parameters.length());
      checked++;
    }
    assertTrue(checked > 100, "checked " + checked);
  }

  private static DataSet cast(DataSet images) {
    return new DataSet(
        images.getFeatures().castTo(DataType.DOUBLE), images.getLabels().castTo(DataType.DOUBLE));
  }
}
