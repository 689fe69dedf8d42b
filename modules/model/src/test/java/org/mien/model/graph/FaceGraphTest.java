package org.mien.model.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mien.core.error.ConfigException;
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.backbone.NetworkBuilder;
import org.mien.model.backbone.ResNetConfig;
import org.mien.model.backbone.SmallResNetConfig;
import org.mien.model.embed.Nd4jEmbedder;
import org.mien.model.head.HeadGraph;
import org.mien.model.head.LinearHeadConfig;
import org.mien.model.loss.SoftmaxLossConfig;
import org.mien.model.nd4j.Nd4jRuntime;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

class FaceGraphTest {
  private static final int SIDE = 32;
  private static final Preprocessing INPUT =
      new Preprocessing(
          SIDE,
          SIDE,
          ColorOrder.RGB,
          List.of(0.0, 0.0, 0.0),
          List.of(1.0, 1.0, 1.0),
          new Crop.None(),
          "any");
  private static final SmallResNetConfig SMALL =
      new SmallResNetConfig(List.of(4, 8), List.of(1, 2), Optional.of(INPUT));

  private static INDArray images;

  @TempDir Path folder;

  @BeforeAll
  static void startNd4j() {
    Nd4jRuntime.start();
    images = ImageNoise.images(4, SIDE, SIDE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void joinedGraphGivesWhatItsPartsGive(boolean normalizeInput) {
    ComputationGraph backbone = withStatistics(SMALL.build(1));
    ComputationGraph head = head(normalizeInput);
    ComputationGraph joined = FaceGraph.join(backbone, head);
    INDArray features = backbone.outputSingle(false, images);
    assertClose(head.outputSingle(false, features), joined.outputSingle(false, images), 1e-5);
    assertClose(
        FaceGraph.upTo(head, HeadGraph.EMBEDDING).outputSingle(false, features),
        FaceGraph.upTo(joined, HeadGraph.EMBEDDING).outputSingle(false, images),
        1e-5);
  }

  @Test
  void trainingAJoinedGraphMovesTheHeadOnlyAndAsIfItHadBeenTrainedOnFeatures() {
    ComputationGraph backbone = withStatistics(SMALL.build(1));
    ComputationGraph head = head(false);
    ComputationGraph joined = FaceGraph.join(backbone, head);
    INDArray features = backbone.outputSingle(false, images);
    INDArray frozen = backbone.params().dup();
    for (int step = 0; step < 3; step++) {
      joined.fit(new DataSet(images, labels()));
      head.fit(new DataSet(features, labels()));
    }
    assertEquals(frozen, FaceGraph.backboneOf(joined).params(), "the frozen backbone moved");
    assertClose(head.getParam("embedding_W"), joined.getParam("embedding_W"), 1e-4);
    assertClose(head.getParam("classifier_b"), joined.getParam("classifier_b"), 1e-4);
  }

  @Test
  void aHeadThatStartsAsTheIdentityGivesTheFeaturesAndThenLearns() {
    LinearHeadConfig config = new LinearHeadConfig(8, false, 0, 0, true);
    ComputationGraph head =
        HeadGraph.build(8, 3, config, new SoftmaxLossConfig(0), new Adam(1e-2), 5);
    INDArray features = Nd4j.rand(4, 8);
    assertClose(
        features,
        FaceGraph.upTo(head, HeadGraph.EMBEDDING).outputSingle(false, features.dup()),
        1e-6);
    INDArray before = head.getParam("embedding_W").dup();
    head.fit(new DataSet(features, labels()));
    assertNotEquals(before, head.getParam("embedding_W"));
    String refused =
        assertThrows(
                ConfigException.class,
                () -> HeadGraph.build(9, 3, config, new SoftmaxLossConfig(0), new Adam(1e-2), 5))
            .getMessage();
    assertTrue(refused.contains("dimension of the features, 9, was 8"), refused);
  }

  @Test
  void aResNetCanBeJoinedAndTrained() {
    ResNetConfig config = new ResNetConfig(18, Optional.empty(), Optional.of(INPUT));
    ComputationGraph joined =
        FaceGraph.join(
            config.build(1),
            HeadGraph.build(
                FaceGraph.featureDimension(config.build(1), config.input()),
                3,
                new LinearHeadConfig(8, true, 0),
                new SoftmaxLossConfig(0),
                new Adam(1e-3),
                2));
    joined.fit(new DataSet(images, labels()));
    double before = joined.score();
    for (int step = 0; step < 4; step++) {
      joined.fit(new DataSet(images, labels()));
    }
    assertTrue(joined.score() < before, joined.score() + " after " + before);
    assertTrue(
        joined.getLayer("layer4.1.conv2") instanceof FrozenLayer, "the backbone is not frozen");
  }

  @Test
  void savedAndLoadedItGivesTheSameNumbersAndFingerprint() throws IOException {
    ComputationGraph joined = FaceGraph.join(withStatistics(SMALL.build(1)), head(true));
    File file = folder.resolve("graph.zip").toFile();
    joined.save(file, true);
    ComputationGraph loaded = ComputationGraph.load(file, true);
    assertEquals(joined.outputSingle(false, images), loaded.outputSingle(false, images));
    assertEquals(GraphFingerprint.of(joined), GraphFingerprint.of(loaded));
    joined.fit(new DataSet(images, labels()));
    loaded.fit(new DataSet(images, labels()));
    assertEquals(joined.params(), loaded.params(), "one more step differs after loading");
  }

  @Test
  void theBackboneOfATrainedGraphIsAGraphOfItsOwn() throws IOException {
    ComputationGraph whole = trainable();
    for (int step = 0; step < 3; step++) {
      whole.fit(new DataSet(images, labels()));
    }
    ComputationGraph backbone = FaceGraph.backboneOf(whole);
    File file = folder.resolve("backbone.zip").toFile();
    backbone.save(file, false);
    ComputationGraph loaded = ComputationGraph.load(file, false);
    assertEquals(List.of(NetworkBuilder.FEATURES), loaded.getConfiguration().getNetworkOutputs());
    assertClose(
        whole.feedForward(images, false).get(NetworkBuilder.FEATURES),
        loaded.outputSingle(false, images),
        1e-6);
  }

  @Test
  void aTrainableGraphTrainsEveryLayerAndTheSeedDecidesItsWeights() {
    ComputationGraph whole = trainable();
    assertEquals(whole.params(), trainable().params());
    INDArray stem = whole.getParam("conv1_W").dup();
    INDArray classifier = whole.getParam("classifier_W").dup();
    whole.fit(new DataSet(images, labels()));
    assertNotEquals(stem, whole.getParam("conv1_W"));
    assertNotEquals(classifier, whole.getParam("classifier_W"));
  }

  @Test
  void foldingRemovesEveryBatchNormalisationAndChangesNothing() {
    ComputationGraph backbone = withStatistics(SMALL.build(1));
    ComputationGraph folded = FoldedGraph.of(backbone);
    assertTrue(
        folded.getConfiguration().getVertices().keySet().stream()
            .noneMatch(name -> name.matches(".*(bn\\d|downsample\\.1|relu\\d)")),
        folded.getConfiguration().getVertices().keySet().toString());
    assertClose(backbone.outputSingle(false, images), folded.outputSingle(false, images), 1e-5);
  }

  @Test
  void aFoldedBackboneCanBeJoinedAndItsHeadTrained() {
    ComputationGraph backbone = withStatistics(SMALL.build(1));
    ComputationGraph joined = FaceGraph.join(backbone, head(true));
    ComputationGraph folded = FaceGraph.join(FoldedGraph.of(backbone), head(true));
    for (int step = 0; step < 3; step++) {
      joined.fit(new DataSet(images, labels()));
      folded.fit(new DataSet(images, labels()));
    }
    assertClose(joined.outputSingle(false, images), folded.outputSingle(false, images), 1e-4);
    assertClose(
        joined.outputSingle(false, images),
        FoldedGraph.of(joined).outputSingle(false, images),
        1e-5);
  }

  @Test
  void embedderGivesTheVertexAndServesThreadsOneAfterAnother() {
    ComputationGraph joined = FaceGraph.join(withStatistics(SMALL.build(1)), head(false));
    float[] pixels = ImageNoise.pixels(4, SIDE, SIDE);
    INDArray expected = FaceGraph.upTo(joined, HeadGraph.EMBEDDING).outputSingle(false, images);
    try (Nd4jEmbedder embedder = new Nd4jEmbedder(joined, HeadGraph.EMBEDDING, INPUT)) {
      assertEquals(6, embedder.dimension());
      List<float[]> results =
          IntStream.range(0, 6)
              .parallel()
              .mapToObj(i -> embedder.embed(pixels, 1 + i % 4))
              .toList();
      for (int i = 0; i < 6; i++) {
        assertEquals((1 + i % 4) * 6, results.get(i).length);
        for (int j = 0; j < results.get(i).length; j++) {
          assertEquals(expected.getDouble(j / 6, j % 6), results.get(i)[j], 1e-5);
        }
      }
      assertThrows(IllegalArgumentException.class, () -> embedder.embed(pixels, 5));
      assertThrows(IllegalArgumentException.class, () -> embedder.embed(pixels, 0));
    }
    assertThrows(IllegalArgumentException.class, () -> new Nd4jEmbedder(joined, "nowhere", INPUT));
  }

  @Test
  void fingerprintFollowsWeightsAndArchitectureButNotTraining() {
    ComputationGraph graph = SMALL.build(1);
    String fingerprint = GraphFingerprint.of(graph);
    assertEquals(64, fingerprint.length());
    assertEquals(fingerprint, GraphFingerprint.of(SMALL.build(1)));
    assertNotEquals(fingerprint, GraphFingerprint.of(SMALL.build(2)));
    graph.getConfiguration().setIterationCount(7);
    assertEquals(fingerprint, GraphFingerprint.of(graph));
    INDArray weights = graph.getParam("conv1_W");
    weights.putScalar(0, Math.nextUp(weights.getFloat(0)));
    assertNotEquals(fingerprint, GraphFingerprint.of(graph));
  }

  @Test
  void summaryCountsWhatTorchvisionCounts() {
    ResNetConfig config = new ResNetConfig(50, Optional.empty(), Optional.empty());
    ComputationGraph graph = config.build(1);
    GraphSummary summary = GraphSummary.of(graph, config.input());
    // torchvision's 25,557,032 less the classifier's 2,049,000.
    assertEquals(23_508_032, summary.trainableParameters());
    // And a mean and a variance for each of 26,560 channels.
    assertEquals(23_508_032 + 2 * 26_560, summary.parameters());
    // At 224x224 the literature gives 4.09e9 with the classifier; 112x112 is a quarter of it,
    // a little more where 7x7 becomes 4x4.
    assertEquals(1.06e9, (double) summary.multiplyAdds(), 0.04e9);
    assertEquals("2048", summary.layers().get(summary.layers().size() - 1).outputShape());
    assertEquals("64x56x56", summary.layers().get(0).outputShape());
    GraphSummary head = GraphSummary.of(head(true), 8);
    assertEquals(8 * 6 + 6 + 6 * 3 + 3, head.parameters());
    assertEquals(8 * 6 + 6 * 3, head.multiplyAdds());
  }

  @Test
  void summaryOfAJoinedGraphTrainsTheHeadOnly() {
    ComputationGraph joined = FaceGraph.join(SMALL.build(1), head(false));
    assertEquals(8 * 6 + 6 + 6 * 3 + 3, GraphSummary.of(joined, INPUT).trainableParameters());
  }

  private static ComputationGraph trainable() {
    return FaceGraph.trainable(
        SMALL.build(9),
        FaceGraph.featureDimension(SMALL.build(9), SMALL.input()),
        new LinearHeadConfig(6, false, 0),
        new SoftmaxLossConfig(0),
        3,
        new Adam(1e-2),
        new FaceGraph.Tuning(1e-4, false, LearningRateFactors.NONE),
        9);
  }

  private static ComputationGraph head(boolean normalizeInput) {
    return HeadGraph.build(
        8,
        3,
        new LinearHeadConfig(6, normalizeInput, 0),
        new SoftmaxLossConfig(0),
        new Adam(1e-2),
        4);
  }

  /** Gives batch normalisation something to do: fresh statistics are 0 and 1. */
  private static ComputationGraph withStatistics(ComputationGraph graph) {
    Nd4j.getRandom().setSeed(3);
    graph
        .paramTable()
        .forEach(
            (name, values) -> {
              if (name.matches(".*_(mean|beta)")) {
                values.assign(Nd4j.randn(values.shape()).muli(0.3));
              } else if (name.matches(".*_(var|gamma)")) {
                values.assign(Nd4j.rand(values.shape()).addi(0.5));
              }
            });
    return graph;
  }

  private static INDArray labels() {
    return Nd4j.createFromArray(new float[][] {{0}, {1}, {2}, {0}});
  }

  private static void assertClose(INDArray expected, INDArray actual, double tolerance) {
    assertArrayEquals(expected.shape(), actual.shape());
    double difference = expected.sub(actual).amaxNumber().doubleValue();
    assertTrue(difference <= tolerance, "largest difference " + difference);
    assertTrue(expected.amaxNumber().doubleValue() > 0, "only zeros were compared");
  }
}
