package org.mien.model.backbone;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.embed.Embedder;
import org.mien.model.embed.Nd4jEmbedder;
import org.mien.model.file.BoundedZip;
import org.mien.model.file.GraphArchive;
import org.mien.model.graph.FaceGraph;
import org.mien.model.graph.FoldedGraph;
import org.mien.model.head.HeadGraph;
import org.mien.model.head.LinearHeadConfig;
import org.mien.model.loss.SoftmaxLossConfig;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.model.weights.ExpectedTensors;
import org.mien.model.weights.FormulaWeights;
import org.mien.model.weights.TensorNaming;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/**
 * What every network that Mien builds has to do. A new one needs a line in {@link #samples()}: on
 * its own if it is small, else with all its layers but fewer channels or blocks.
 */
class EveryBackboneTest {
  private static final int IMAGES = 8;
  private static final int IDENTITIES = 4;
  private static final int MOST_STEPS = 150;
  private static final Preprocessing SMALL = Golden.plain(32, 32);

  @TempDir Path folder;

  /**
   * @param config names the tensors
   * @param input of the network that is tested
   * @param build from a seed, the network or a narrow one of the same layers
   */
  private record Sample(
      GraphBackboneConfig config, Preprocessing input, LongFunction<ComputationGraph> build) {

    static Sample of(GraphBackboneConfig config) {
      return new Sample(config, config.input(), config::build);
    }

    @Override
    public String toString() {
      return config.describe();
    }

    /** With weights and running statistics that are all different from their first values. */
    ComputationGraph filled() {
      // By the graph's own names: not every file's naming is PyTorch's.
      return ExpectedTensors.fill(build.apply(1), TensorNaming.torch(tensor -> false));
    }

    INDArray images(int count) {
      return Nd4j.create(
          pixels(count), new long[] {count, 3, input.heightPixels(), input.widthPixels()}, 'c');
    }

    float[] pixels(int count) {
      return FormulaWeights.images(count, input.heightPixels(), input.widthPixels());
    }
  }

  static List<Sample> samples() {
    Optional<Path> random = Optional.empty();
    Optional<Preprocessing> small = Optional.of(SMALL);
    ResNetConfig resNet = new ResNetConfig(50, random, small);
    ResNetPlan narrow =
        new ResNetPlan(
            ResNetPlan.Stem.IMAGENET,
            ResNetPlan.Block.BOTTLENECK,
            List.of(8, 16, 32),
            List.of(1, 2, 1));
    VggConfig vgg = new VggConfig(11, false, VggFeatures.FC7, random, Optional.empty());
    VggConfig vggNorm = new VggConfig(16, true, VggFeatures.POOLED, random, small);
    VggFaceConfig vggFace = new VggFaceConfig(VggFeatures.FC7, random, Optional.empty());
    GoogLeNetConfig googLeNet = new GoogLeNetConfig(random, small);
    SeResNetConfig seResNet = new SeResNetConfig(50, random, small);
    Preprocessing larger = Golden.plain(80, 80);
    InceptionResNetV1Config inception =
        new InceptionResNetV1Config(
            InceptionResNetV1Config.Features.EMBEDDING, random, Optional.of(larger));
    InceptionResNetV1Plan fewBlocks = new InceptionResNetV1Plan(16, 1, 1, 1, true);
    IResNetConfig iResNet = new IResNetConfig(18, 512, 0, random, small);
    DlibResNetConfig dlib = new DlibResNetConfig(random, Optional.of(Golden.plain(104, 104)));
    SeResNetPlan fewGates = new SeResNetPlan(List.of(8, 16), List.of(1, 2));
    return List.of(
        Sample.of(new SmallResNetConfig(List.of(8, 16), List.of(1, 2), small)),
        new Sample(resNet, SMALL, seed -> ResNetGraph.build(narrow, SMALL, seed)),
        new Sample(vgg, SMALL, seed -> VggGraph.build(vgg.plan().narrow(8), SMALL, seed)),
        new Sample(vggNorm, SMALL, seed -> VggGraph.build(vggNorm.plan().narrow(8), SMALL, seed)),
        new Sample(vggFace, SMALL, seed -> VggGraph.build(vggFace.plan().narrow(8), SMALL, seed)),
        new Sample(googLeNet, SMALL, seed -> GoogLeNetGraph.build(8, SMALL, seed)),
        new Sample(seResNet, SMALL, seed -> SeResNetGraph.build(fewGates, SMALL, seed)),
        new Sample(
            inception, larger, seed -> InceptionResNetV1Graph.build(fewBlocks, larger, seed)),
        new Sample(iResNet, SMALL, seed -> IResNetGraph.build(iResNet, 8, seed)),
        Sample.of(new MobileFaceNetConfig(128, random, small)),
        Sample.of(new GhostFaceNetConfig(32, 0.25, 1, random, small)),
        new Sample(dlib, dlib.input(), seed -> DlibResNetGraph.build(dlib, 8, seed)),
        Sample.of(new OnnxGraphConfig(resource("small-graph.onnx"), Golden.plain(18, 16))));
  }

  private static Path resource(String name) {
    try {
      return Path.of(EveryBackboneTest.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeAll
  static void startNd4j() {
    Nd4jRuntime.start();
  }

  @Test
  void everyNetworkHasASample() {
    assertEquals(
        Set.of(GraphBackboneConfig.class.getPermittedSubclasses()),
        samples().stream().map(sample -> sample.config().getClass()).collect(Collectors.toSet()));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void featuresAreOneVectorAnImageThatDependsOnTheImage(Sample sample) {
    ComputationGraph graph = sample.filled();
    INDArray features = graph.outputSingle(false, sample.images(3));
    int dimension = FaceGraph.featureDimension(graph, sample.input());
    assertArrayEquals(new long[] {3, dimension}, features.shape());
    assertTrue(Double.isFinite(features.sumNumber().doubleValue()));
    assertNotEquals(features.getRow(0), features.getRow(1));
    assertEquals(sample.build().apply(5).params(), sample.build().apply(5).params());
    if (!sample.config().buildsWithWeights()) {
      assertNotEquals(sample.build().apply(5).params(), sample.build().apply(6).params());
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aStepOfTrainingChangesEveryLayer(Sample sample) {
    ComputationGraph whole = trainable(sample, 1e-3);
    Map<String, INDArray> before =
        whole.paramTable().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().dup()));
    whole.fit(batch(sample));
    for (Layer layer : whole.getLayers()) {
      String name = layer.conf().getLayer().getLayerName();
      layer
          .paramTable()
          .forEach(
              (key, values) ->
                  // Bit by bit: behind a batch normalisation means are zero but for rounding.
                  assertFalse(
                      Arrays.equals(
                          before.get(name + "_" + key).dup('c').data().asFloat(),
                          values.dup('c').data().asFloat()),
                      name + " " + key + " stood still"));
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aFrozenBackboneKeepsWeightsAndStatisticsBitByBit(Sample sample) {
    ComputationGraph backbone = sample.filled();
    ComputationGraph head =
        HeadGraph.build(
            FaceGraph.featureDimension(backbone, sample.input()),
            IDENTITIES,
            new LinearHeadConfig(8, true, 0),
            new SoftmaxLossConfig(0),
            new Adam(1e-2),
            2);
    ComputationGraph joined = FaceGraph.join(backbone, head);
    INDArray classifier = joined.getParam("classifier_W").dup();
    joined.fit(batch(sample));
    assertNotEquals(classifier, joined.getParam("classifier_W"), "the head was not trained");
    // By name: branches may come in another order.
    assertEquals(backbone.paramTable(), FaceGraph.backboneOf(joined).paramTable());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void savedAndLoadedItGivesTheSameNumbersBitByBit(Sample sample) throws IOException {
    ComputationGraph graph = sample.filled();
    Path file = folder.resolve("graph.zip");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      GraphArchive.write(zip, graph, false);
    }
    ComputationGraph loaded;
    try (BoundedZip zip = BoundedZip.open(file)) {
      loaded = GraphArchive.read(zip, false);
    }
    INDArray images = sample.images(2);
    assertEquals(graph.params(), loaded.params());
    assertEquals(graph.outputSingle(false, images), loaded.outputSingle(false, images));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void foldedAndExportedItGivesTheSameFeatures(Sample sample) {
    ComputationGraph graph = sample.filled();
    float[] pixels = sample.pixels(2);
    float[] expected = features(graph, sample.input(), pixels);
    Golden.assertClose(
        sample + " folded", expected, features(FoldedGraph.of(graph), sample.input(), pixels));
    try (Embedder exported = Golden.exported(graph, sample.input())) {
      Golden.assertClose(sample + " exported", expected, exported.embed(pixels, 2));
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void learnsEightImagesOfFourIdentitiesByHeart(Sample sample) {
    ComputationGraph whole = trainable(sample, 2e-3);
    DataSet batch = batch(sample);
    whole.fit(batch);
    double first = whole.score();
    double loss = first;
    int steps = 1;
    while (steps < MOST_STEPS && !(loss < 0.05)) {
      whole.fit(batch);
      loss = whole.score();
      steps++;
    }
    System.out.printf("%s: loss %.3f to %.3f in %d steps%n", sample, first, loss, steps);
    assertTrue(loss < 0.05, "loss " + loss + " after " + steps + " steps, " + first + " at first");
  }

  private static float[] features(ComputationGraph graph, Preprocessing input, float[] pixels) {
    try (Embedder embedder = new Nd4jEmbedder(graph, NetworkBuilder.FEATURES, input)) {
      return embedder.embed(pixels, 2);
    }
  }

  private static ComputationGraph trainable(Sample sample, double learningRate) {
    ComputationGraph backbone = sample.build().apply(1);
    return FaceGraph.trainable(
        backbone,
        FaceGraph.featureDimension(backbone, sample.input()),
        new LinearHeadConfig(16, false, 0),
        new SoftmaxLossConfig(0),
        IDENTITIES,
        new Adam(learningRate),
        FaceGraph.Tuning.PLAIN,
        3);
  }

  /** Eight images of noise, two of each identity. */
  private static DataSet batch(Sample sample) {
    INDArray labels = Nd4j.create(IMAGES, 1);
    for (int i = 0; i < IMAGES; i++) {
      labels.putScalar(i, 0, i % IDENTITIES);
    }
    return new DataSet(sample.images(IMAGES), labels);
  }
}
