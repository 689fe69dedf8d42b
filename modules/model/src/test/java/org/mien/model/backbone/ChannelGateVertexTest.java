package org.mien.model.backbone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.mien.model.graph.ImageNoise;
import org.mien.model.nd4j.Nd4jRuntime;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

class ChannelGateVertexTest {
  private static final int BATCH = 3;
  private static final int HEIGHT = 5;
  private static final int WIDTH = 4;

  @BeforeAll
  static void startNd4j() {
    Nd4jRuntime.start();
  }

  @Test
  void everyPlaneIsMultipliedByItsNumber() {
    ComputationGraph graph = gated();
    Map<String, INDArray> all =
        graph.feedForward(ImageNoise.images(BATCH, HEIGHT, WIDTH).castTo(DataType.DOUBLE), false);
    INDArray planes = all.get("planes");
    INDArray gates = all.get("gates");
    INDArray product = all.get("product");
    assertEquals(1, gates.size(2));
    for (int image = 0; image < BATCH; image++) {
      for (int channel = 0; channel < 2; channel++) {
        for (int y = 0; y < HEIGHT; y++) {
          for (int x = 0; x < WIDTH; x++) {
            assertEquals(
                planes.getDouble(image, channel, y, x) * gates.getDouble(image, channel, 0, 0),
                product.getDouble(image, channel, y, x),
                1e-12);
          }
        }
      }
    }
  }

  @Test
  void gradientsEqualFiniteDifferences() {
    ComputationGraph graph = gated();
    INDArray images = ImageNoise.images(BATCH, HEIGHT, WIDTH).castTo(DataType.DOUBLE);
    INDArray labels = Nd4j.createFromArray(new double[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}});
    graph.setInputs(images);
    graph.setLabels(labels);
    graph.computeGradientAndScore();
    double step = 1e-6;
    int compared = 0;
    for (Map.Entry<String, INDArray> entry : graph.gradient().gradientForVariable().entrySet()) {
      INDArray parameter = graph.getParam(entry.getKey());
      for (long i = 0; i < parameter.length(); i++) {
        double value = parameter.getDouble(i);
        parameter.putScalar(i, value + step);
        double above = graph.score(new DataSet(images, labels), true);
        parameter.putScalar(i, value - step);
        double below = graph.score(new DataSet(images, labels), true);
        parameter.putScalar(i, value);
        double slope = (above - below) / (2 * step);
        double gradient = entry.getValue().getDouble(i) / BATCH;
        assertEquals(slope, gradient, 1e-7, entry.getKey() + " " + i);
        compared += Math.abs(slope) > 1e-5 ? 1 : 0;
      }
    }
    assertTrue(compared > 30, "only " + compared + " gradients are not zero");
  }

  @Test
  void aGraphWithItComesBackFromJson() {
    ComputationGraph graph = gated();
    ComputationGraphConfiguration read =
        ComputationGraphConfiguration.fromJson(graph.getConfiguration().toJson());
    assertEquals(graph.getConfiguration(), read);
    assertTrue(read.getVertices().get("product") instanceof ChannelGateVertex);
  }

  @Test
  void anythingButOneNumberAPlaneIsRefused() {
    InputType planes = InputType.convolutional(5, 4, 8);
    ChannelGateVertex vertex = new ChannelGateVertex();
    assertEquals(planes, vertex.getOutputType(0, planes, InputType.convolutional(1, 1, 8)));
    for (InputType wrong :
        new InputType[] {
          planes, InputType.convolutional(1, 1, 4), InputType.convolutional(1, 2, 8)
        }) {
      assertThrows(InvalidInputTypeException.class, () -> vertex.getOutputType(0, planes, wrong));
    }
  }

  private static ComputationGraph gated() {
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(0.1))
                .graphBuilder()
                .addInputs("images")
                .addLayer(
                    "planes", new ConvolutionLayer.Builder(1, 1).nIn(3).nOut(2).build(), "images")
                .addLayer(
                    "mean",
                    new GlobalPoolingLayer.Builder(PoolingType.AVG)
                        .collapseDimensions(false)
                        .build(),
                    "planes")
                .addLayer(
                    "squeezed", new ConvolutionLayer.Builder(1, 1).nIn(2).nOut(2).build(), "mean")
                .addLayer("gates", new ActivationLayer(Activation.SIGMOID), "squeezed")
                .addVertex("product", new ChannelGateVertex(), "planes", "gates")
                .addVertex("again", new ScaleVertex(2), "product")
                .addLayer(
                    "top",
                    new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build(),
                    "again")
                .setOutputs("top")
                .setInputTypes(InputType.convolutional(HEIGHT, WIDTH, 3))
                .build());
    graph.init();
    return graph;
  }
}
