package org.mien.model.backbone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mien.model.graph.GraphSummary;
import org.mien.model.nd4j.Nd4jRuntime;

/** Parameters and multiply-adds against what the networks' publishers say. */
class BackboneSizeTest {
  private static final long IMAGENET = 1000;

  @BeforeAll
  static void startNd4j() {
    Nd4jRuntime.start();
  }

  /** Torchvision states these with a classifier of 4096 x 1000 numbers and 1000 biases. */
  @ParameterizedTest
  @CsvSource({
    "11, false, 132863336", "11, true, 132868840",
    "13, false, 133047848", "13, true, 133053736",
    "16, false, 138357544", "16, true, 138365992",
    "19, false, 143667240", "19, true, 143678248"
  })
  void vggsHaveAsManyParametersAsTorchvisionStates(int depth, boolean batchNorm, long published) {
    VggConfig config =
        new VggConfig(depth, batchNorm, VggFeatures.FC7, Optional.empty(), Optional.empty());
    // Counted without half a gigabyte of weights.
    long own = trainable(VggGraph.configuration(config.plan(), config.input()));
    assertEquals(published, own + (VggPlan.HIDDEN + 1) * IMAGENET);
  }

  /** The paper's network has 2622 identities. */
  @ParameterizedTest
  @CsvSource("145002878")
  void vggFaceHasAsManyParametersAsItsConversions(long published) {
    VggFaceConfig config = new VggFaceConfig(VggFeatures.FC7, Optional.empty(), Optional.empty());
    long own = trainable(VggGraph.configuration(config.plan(), config.input()));
    assertEquals(published, own + (VggPlan.HIDDEN + 1) * 2622L);
  }

  /**
   * Multiply-adds as torchvision states them for one image of 224x224 (the classifier and, for VGG,
   * the fully connected layers subtracted); the other two were counted from their layers by the
   * script in benchmarks/parity.
   */
  static Stream<Arguments> networks() {
    long vggTop = 25088 * 4096L + 4096 * 4096L + 4096 * IMAGENET;
    return Stream.of(
        Arguments.of(
            new ResNetConfig(50, Optional.empty(), Optional.of(Golden.plain(224, 224))),
            25557032 - 2049 * IMAGENET,
            4.089e9 - 2048 * IMAGENET),
        Arguments.of(
            new VggConfig(
                16,
                false,
                VggFeatures.POOLED,
                Optional.empty(),
                Optional.of(Golden.plain(224, 224))),
            138357544L - vggTop - 2 * 4096 - IMAGENET,
            15.470e9 - vggTop),
        Arguments.of(
            new GoogLeNetConfig(Optional.empty(), Optional.empty()),
            6624904 - 1025 * IMAGENET,
            1.498e9 - 1024 * IMAGENET),
        Arguments.of(
            new SeResNetConfig(50, Optional.empty(), Optional.empty()),
            28088024 - 2049 * IMAGENET,
            3858440192.0),
        Arguments.of(
            new InceptionResNetV1Config(
                InceptionResNetV1Config.Features.EMBEDDING, Optional.empty(), Optional.empty()),
            23482624L,
            1417662304.0));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void theSummaryGivesPublishedParametersAndMultiplyAdds(
      GraphBackboneConfig config, long parameters, double multiplyAdds) {
    GraphSummary summary = GraphSummary.of(config.build(1), config.input());
    System.out.printf(
        "%s: %d trainable parameters, %d multiply-adds%n",
        config.describe(), summary.trainableParameters(), summary.multiplyAdds());
    assertEquals(parameters, summary.trainableParameters());
    // Published in thousandths of 1e9.
    assertEquals(multiplyAdds, (double) summary.multiplyAdds(), 0.6e6);
  }

  /** The paper's 0.22 G; a depthwise convolution reads one plane for each that it gives. */
  @Test
  void mobileFaceNetCountsItsDepthwiseConvolutionsPlaneByPlane() {
    MobileFaceNetConfig config = new MobileFaceNetConfig(128, Optional.empty(), Optional.empty());
    GraphSummary summary = GraphSummary.of(config.build(1), config.input());
    assertEquals(0.22e9, (double) summary.multiplyAdds(), 0.005e9);
  }

  private static long trainable(ComputationGraphConfiguration configuration) {
    long sum = 0;
    for (Map.Entry<String, GraphVertex> vertex : configuration.getVertices().entrySet()) {
      sum += vertex.getValue().numParams(true);
      if (vertex.getValue() instanceof LayerVertex layer
          && layer.getLayerConf().getLayer() instanceof BatchNormalization norm) {
        // The running mean and variance.
        sum -= 2 * norm.getNOut();
      }
    }
    return sum;
  }
}
