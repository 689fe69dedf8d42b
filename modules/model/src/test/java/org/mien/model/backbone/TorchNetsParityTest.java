package org.mien.model.backbone;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.model.weights.ExpectedTensors;

/**
 * Against PyTorch on the same weights and images; {@code
 * benchmarks/parity/make_torchnets_golden.py} wrote what it computed, with torchvision's own VGG
 * and GoogLeNet and with definitions of its own for the other two.
 */
class TorchNetsParityTest {
  @BeforeAll
  static void startNd4j() {
    Nd4jRuntime.start();
  }

  @ParameterizedTest
  @CsvSource({"11, false, vgg11, 75, 61", "16, true, vgg16_bn, 64, 48"})
  void convolutionsOfVggsEqualTorchvisions(
      int depth, boolean batchNorm, String name, int height, int width) throws IOException {
    Preprocessing input = Golden.plain(height, width);
    VggConfig config =
        new VggConfig(depth, batchNorm, VggFeatures.POOLED, Optional.empty(), Optional.of(input));
    assertGolden(name, config, config.build(1), input);
  }

  @Test
  void fullyConnectedLayersOfAVggEqualTorchvisionsOn224By224() throws IOException {
    VggConfig config =
        new VggConfig(11, false, VggFeatures.FC7, Optional.empty(), Optional.empty());
    Preprocessing input = Golden.plain(224, 224);
    assertGolden(
        "vgg11-narrow-fc7", config, VggGraph.build(config.plan().narrow(16), input, 1), input);
  }

  @Test
  void googLeNetEqualsTorchvisions() throws IOException {
    Preprocessing input = Golden.plain(75, 61);
    GoogLeNetConfig config = new GoogLeNetConfig(Optional.empty(), Optional.of(input));
    assertGolden("googlenet", config, config.build(1), input);
  }

  @Test
  void seResNetEqualsADefinitionInPyTorch() throws IOException {
    Preprocessing input = Golden.plain(75, 61);
    SeResNetConfig config = new SeResNetConfig(50, Optional.empty(), Optional.of(input));
    assertGolden("se_resnet50", config, config.build(1), input);
  }

  @Test
  void inceptionResNetEqualsADefinitionInPyTorch() throws IOException {
    Preprocessing input = Golden.plain(80, 91);
    InceptionResNetV1Config config =
        new InceptionResNetV1Config(
            InceptionResNetV1Config.Features.EMBEDDING, Optional.empty(), Optional.of(input));
    assertGolden("inception_resnet_v1", config, config.build(1), input);
  }

  private static void assertGolden(
      String name, GraphBackboneConfig config, ComputationGraph graph, Preprocessing input)
      throws IOException {
    ExpectedTensors.fill(graph, config.naming(Map.of()));
    String file = name + "-" + input.heightPixels() + "x" + input.widthPixels() + ".f32";
    Golden.assertEqual(file, graph, input);
  }
}
