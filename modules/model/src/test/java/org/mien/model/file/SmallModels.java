package org.mien.model.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.embed.OnnxEmbedder;
import org.mien.model.head.HeadGraph;
import org.mien.model.head.LinearHeadConfig;
import org.mien.model.loss.SoftmaxLossConfig;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.model.onnx.TinyOnnx;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;

/** Face models small enough to build, save and load in a test. */
public final class SmallModels {
  public static final int DIMENSION = 7;
  public static final List<String> IDENTITIES = List.of("Ada", "Björn ü", "null", "${x}");
  public static final OnnxEmbedder.Options ONE_THREAD =
      new OnnxEmbedder.Options(1, Optional.empty());

  private SmallModels() {}

  public static Preprocessing preprocessing() {
    return new Preprocessing(
        TinyOnnx.SIDE,
        TinyOnnx.SIDE,
        ColorOrder.BGR,
        List.of(127.0, 128.0, 129.0),
        List.of(128.0, 128.0, 128.5),
        new Crop.Centre(0.5),
        "arcface");
  }

  public static ModelDescriptor descriptor() {
    return ModelDescriptor.of("small", DIMENSION, preprocessing())
        .withIdentities(IDENTITIES, IDENTITIES)
        .withThreshold(0.31, "the nine other folds")
        .withRun("f".repeat(64), "42", "c".repeat(64));
  }

  public static ComputationGraph head(int features) {
    Nd4jRuntime.start();
    return HeadGraph.build(
        features,
        IDENTITIES.size(),
        new LinearHeadConfig(DIMENSION, true, 16),
        new SoftmaxLossConfig(0.1),
        new Adam(1e-3),
        3);
  }

  public static ComputationGraph backbone() {
    Nd4jRuntime.start();
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(9)
                .graphBuilder()
                .addInputs("images")
                .addLayer(
                    "conv",
                    new ConvolutionLayer.Builder(3, 3)
                        .nOut(5)
                        .activation(Activation.IDENTITY)
                        .build(),
                    "images")
                .addLayer("norm", new BatchNormalization(), "conv")
                .addLayer("relu", new ActivationLayer(Activation.RELU), "norm")
                .addLayer("pool", new GlobalPoolingLayer(PoolingType.AVG), "relu")
                .setOutputs("pool")
                .setInputTypes(InputType.convolutional(TinyOnnx.SIDE, TinyOnnx.SIDE, 3))
                .build());
    graph.init();
    SplittableRandom random = new SplittableRandom(2);
    for (Layer layer : graph.getLayers()) {
      for (String name : List.of("mean", "beta")) {
        INDArray values = layer.paramTable().get(name);
        for (long i = 0; values != null && i < values.length(); i++) {
          values.putScalar(i, random.nextDouble(-0.2, 0.2));
        }
      }
    }
    return graph;
  }

  public static FaceModel onGraph() {
    return FaceModel.ofGraph(descriptor(), backbone(), head(5));
  }

  public static FaceModel onOnnx(Path folder) throws IOException {
    Path file = folder.resolve("backbone.onnx");
    Files.write(file, new TinyOnnx().build().toByteArray());
    return FaceModel.ofOnnx(descriptor(), file, Optional.of(head(TinyOnnx.DIMENSION)), ONE_THREAD);
  }

  public static float[] images(int count) {
    SplittableRandom random = new SplittableRandom(31);
    float[] pixels = new float[count * preprocessing().imageLength()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextDouble(-1, 1);
    }
    return pixels;
  }
}
