package org.mien.model.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.mien.core.config.ConfigWriter;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.core.provenance.Fingerprint;
import org.mien.model.backbone.SmallResNetConfig;
import org.mien.model.file.FaceModel;
import org.mien.model.file.ModelDescriptor;
import org.mien.model.file.ModelFiles;
import org.mien.model.file.SmallModels;
import org.mien.model.graph.FaceGraph;
import org.mien.model.head.LinearHeadConfig;
import org.mien.model.loss.IdentityWeights;
import org.mien.model.loss.SoftmaxLossConfig;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.model.onnx.RandomGraph;
import org.mien.model.onnx.TinyOnnx;
import org.nd4j.linalg.learning.config.Adam;

class ModelExporterTest {
  private static final int IMAGES = 6;

  @TempDir Path folder;

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("out"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ONNX", "DL4J"})
  void whatWasExportedIsAModelWithTheSameEmbeddings(ExportFormat format) throws IOException {
    float[] images = SmallModels.images(IMAGES);
    for (FaceModel model : List.of(SmallModels.onGraph(), SmallModels.onOnnx(folder))) {
      try (model) {
        Path target = folder.resolve("out/face" + format.extension());
        ExportResult result = ModelExporter.of(format).export(model, target, images, IMAGES);
        assertEquals(Fingerprint.ofFile(target), result.sha256());
        assertEquals(Files.size(target), result.sizeBytes());
        assertEquals(IMAGES, result.parity().images());
        assertTrue(result.parity().largestRelativeDifference() < 1e-5);
        try (FaceModel opened = ModelFiles.open(target, Optional.empty(), SmallModels.ONE_THREAD)) {
          assertArrayEquals(
              model.embedder().embed(images, IMAGES),
              opened.embedder().embed(images, IMAGES),
              1e-5f);
          assertEquals(model.descriptor().threshold(), opened.descriptor().threshold());
          assertEquals(SmallModels.IDENTITIES, opened.descriptor().trainingIdentities());
          assertEquals(model.descriptor().preprocessing(), opened.descriptor().preprocessing());
        }
      }
    }
    assertEquals(
        format == ExportFormat.ONNX ? List.of("face.onnx", "face.yaml") : List.of("face.zip"),
        files());
  }

  @Test
  void theOnnxFileSaysWhatItIs() throws Exception {
    Path target = folder.resolve("out/face.onnx");
    try (FaceModel model = SmallModels.onGraph()) {
      ModelExporter.of(ExportFormat.ONNX).export(model, target, SmallModels.images(IMAGES), IMAGES);
    }
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(target.toString())) {
      Map<String, String> metadata = session.getMetadata().getCustomMetadata();
      assertEquals("Mien", session.getMetadata().getProducerName());
      assertEquals("7", metadata.get("mien.dimension"));
      assertEquals("4", metadata.get("mien.identities"));
      assertEquals("BGR", metadata.get("mien.preprocessing.colorOrder"));
      assertEquals("[127.0, 128.0, 129.0]", metadata.get("mien.preprocessing.mean"));
      assertEquals("centre(0.5)", metadata.get("mien.preprocessing.crop"));
      assertEquals("f".repeat(64), metadata.get("mien.provenance"));
      assertEquals("the nine other folds", metadata.get("mien.thresholdOrigin"));
      assertEquals("13", metadata.get("mien.opset"));
      assertEquals("7", metadata.get("mien.irVersion"));
      assertEquals("float32", metadata.get("mien.weights"));
      assertTrue(metadata.get("mien.input").startsWith("images (batch, 3, height, width)"));
      assertTrue(metadata.get("mien.labels").contains("Björn ü"), metadata.get("mien.labels"));
    }
  }

  @ParameterizedTest
  @EnumSource(value = ExportFormat.class, names = "ONNX_INT8", mode = EnumSource.Mode.EXCLUDE)
  void aFileThatDiffersIsNotLeftBehindAndTheOldOneStays(ExportFormat format) throws IOException {
    // Images that are not numbers: no engine can be shown to be right on them.
    float[] images = SmallModels.images(IMAGES);
    images[5] = Float.NaN;
    Files.createDirectories(folder.resolve("out"));
    Path target = folder.resolve("out/face" + format.extension());
    Files.writeString(target, "the one before");
    try (FaceModel model = SmallModels.onOnnx(folder)) {
      DataException error =
          assertThrows(
              DataException.class,
              () -> ModelExporter.of(format).export(model, target, images, IMAGES));
      assertTrue(error.getMessage().contains("was not kept; 6 images"), error.getMessage());
    }
    assertEquals("the one before", Files.readString(target));
    assertEquals(List.of("face" + format.extension()), files());
  }

  @ParameterizedTest
  @EnumSource(value = ExportFormat.class, names = "ONNX_INT8", mode = EnumSource.Mode.EXCLUDE)
  void aSmallResNetWithAFrozenBackboneIsExported(ExportFormat format) {
    Nd4jRuntime.start();
    SmallResNetConfig config =
        new SmallResNetConfig(List.of(8, 16), List.of(1, 2), Optional.empty());
    ComputationGraph backbone = config.build(4);
    RandomGraph.randomize(backbone, 6);
    ModelDescriptor descriptor =
        ModelDescriptor.of("resnet", SmallModels.DIMENSION, config.input());
    int length = config.input().imageLength();
    try (FaceModel model = FaceModel.ofGraph(descriptor, backbone, SmallModels.head(16))) {
      ExportResult result =
          ModelExporter.of(format)
              .export(
                  model,
                  folder.resolve("out/resnet" + format.extension()),
                  RandomGraph.numbers(3 * length, 1),
                  3);
      assertTrue(result.parity().largestRelativeDifference() < 1e-5, result.parity().describe());
    }
  }

  @Test
  void anOnnxNetworkAloneBecomesOnnxButNoDeeplearning4jZip() throws IOException {
    Path onnx = Files.write(folder.resolve("net.onnx"), new TinyOnnx().build().toByteArray());
    Path yaml = folder.resolve("net.yaml");
    Files.writeString(
        yaml, ConfigWriter.toYaml(ModelDescriptor.of("net", 4, SmallModels.preprocessing())));
    float[] images = SmallModels.images(IMAGES);
    try (FaceModel model = ModelFiles.open(onnx, Optional.of(yaml), SmallModels.ONE_THREAD)) {
      Path target = folder.resolve("out/alone.onnx");
      ModelExporter.of(ExportFormat.ONNX).export(model, target, images, IMAGES);
      try (FaceModel opened = ModelFiles.open(target, Optional.empty())) {
        assertTrue(
            ParityCheck.compare(model.embedder(), opened.embedder(), images, IMAGES, 1e-6)
                .passed());
      }
      DataException error =
          assertThrows(
              DataException.class,
              () ->
                  ModelExporter.of(ExportFormat.DL4J)
                      .export(model, folder.resolve("out/alone.zip"), images, IMAGES));
      assertTrue(error.getMessage().contains("no Deeplearning4j graph"), error.getMessage());
    }
    assertEquals(List.of("alone.onnx", "alone.yaml"), files());
  }

  /** A joined trained network, a head on a graph and a head on an ONNX network. */
  private List<FaceModel> allKinds() throws IOException {
    ComputationGraph whole =
        FaceGraph.trainable(
            SmallModels.backbone(),
            FaceGraph.featureDimension(SmallModels.backbone(), SmallModels.preprocessing()),
            new LinearHeadConfig(SmallModels.DIMENSION, true, 0),
            new SoftmaxLossConfig(0),
            IdentityWeights.EQUAL,
            SmallModels.IDENTITIES.size(),
            new Adam(1e-3),
            FaceGraph.Tuning.PLAIN,
            1);
    RandomGraph.randomize(whole, 3);
    FaceModel joined =
        FaceModel.ofJoinedGraph(
            SmallModels.descriptor()
                .withWeights(Optional.empty(), Optional.empty(), Optional.of("pool")),
            whole);
    return List.of(joined, SmallModels.onGraph(), SmallModels.onOnnx(folder));
  }

  @ParameterizedTest
  @CsvSource({"ONNX, true", "ONNX_INT8, false", "ONNX_INT8, true"})
  void everyKindOfModelIsExportedAndItsFileIsAModelAgain(ExportFormat format, boolean inside)
      throws IOException {
    float[] images = SmallModels.images(IMAGES);
    ExportOptions options =
        new ExportOptions(
            inside, Optional.of(new ExportOptions.Calibration(SmallModels.images(20), 20)));
    for (FaceModel model : allKinds()) {
      try (model) {
        Path target = folder.resolve("out/face" + format.extension());
        ExportResult result =
            ModelExporter.of(format, options).export(model, target, images, IMAGES);
        assertTrue(result.parity().passed());
        assertEquals(format == ExportFormat.ONNX_INT8, result.parity().leastCosine().isPresent());
        if (format == ExportFormat.ONNX) {
          assertTrue(
              result.parity().largestRelativeDifference() < 1e-5, result.parity().describe());
        }
        try (FaceModel opened = ModelFiles.open(target, Optional.empty(), SmallModels.ONE_THREAD)) {
          Preprocessing input = opened.descriptor().preprocessing();
          if (inside) {
            assertEquals(List.of(0.0, 0.0, 0.0), input.mean());
            assertEquals(ColorOrder.RGB, input.colorOrder());
            assertEquals(model.descriptor().preprocessing().crop(), input.crop());
          } else {
            assertEquals(model.descriptor().preprocessing(), input);
          }
          float[] given =
              inside
                  ? PixelInput.pixels(images, IMAGES, model.descriptor().preprocessing())
                  : images;
          Parity parity =
              ParityCheck.compare(
                  model
                      .embedder()
                      .embed(
                          inside
                              ? PixelInput.preprocessed(
                                  given, IMAGES, model.descriptor().preprocessing())
                              : images,
                          IMAGES),
                  opened.embedder().embed(given, IMAGES),
                  SmallModels.DIMENSION,
                  1e-5);
          assertTrue(
              format == ExportFormat.ONNX
                  ? parity.passed()
                  : parity.judgedByCosine(0.98).passed() && !parity.passed(),
              parity.describe());
        }
      }
    }
  }

  @Test
  void aZipHasNoPlaceForPreprocessing() {
    assertThrows(
        ConfigException.class,
        () -> ModelExporter.of(ExportFormat.DL4J, new ExportOptions(true, Optional.empty())));
  }

  @Test
  void aFileThatTakesPixelsIsNotOpenedWithAnotherInputContract() throws IOException {
    Path target = folder.resolve("out/face.onnx");
    try (FaceModel model = SmallModels.onGraph()) {
      ModelExporter.of(ExportFormat.ONNX, new ExportOptions(true, Optional.empty()))
          .export(model, target, SmallModels.images(IMAGES), IMAGES);
    }
    Path yaml = folder.resolve("wrong.yaml");
    Files.writeString(yaml, ConfigWriter.toYaml(SmallModels.descriptor()));
    ConfigException error =
        assertThrows(
            ConfigException.class,
            () -> ModelFiles.open(target, Optional.of(yaml), SmallModels.ONE_THREAD));
    assertTrue(error.getMessage().contains("takes pixels as bytes"), error.getMessage());
  }

  @Test
  void anotherExtensionIsRefused() {
    try (FaceModel model = SmallModels.onGraph()) {
      ConfigException error =
          assertThrows(
              ConfigException.class,
              () ->
                  ModelExporter.of(ExportFormat.ONNX)
                      .export(model, folder.resolve("a.zip"), SmallModels.images(1), 1));
      assertTrue(error.getMessage().contains("ends in .onnx"), error.getMessage());
    }
  }
}
