package org.mien.model.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.config.ConfigWriter;
import org.mien.core.error.DataException;
import org.mien.core.provenance.Fingerprint;
import org.mien.model.backbone.SmallResNetConfig;
import org.mien.model.file.FaceModel;
import org.mien.model.file.ModelDescriptor;
import org.mien.model.file.ModelFiles;
import org.mien.model.file.SmallModels;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.model.onnx.RandomGraph;
import org.mien.model.onnx.TinyOnnx;
import org.mien.model.weights.OnnxWeights;
import org.mien.model.weights.SafetensorsWeights;
import org.mien.model.weights.StateDictionary;
import org.mien.model.weights.WeightFiles;
import org.mien.model.weights.WeightLoader;

class SafetensorsExporterTest {
  private static final int IMAGES = 3;

  @TempDir Path folder;

  @Test
  void everyTensorOfAGraphIsThereInPyTorchsNamesAndShapes() {
    Path target = folder.resolve("out/face.safetensors");
    try (FaceModel model = SmallModels.onGraph()) {
      ExportResult result = export(model, target);
      assertEquals(Optional.empty(), result.descriptor());
      assertEquals(Fingerprint.ofFile(target), result.sha256());
      assertTrue(result.parity().largestRelativeDifference() < 1e-6, result.parity().describe());
      SafetensorsWeights weights = SafetensorsWeights.read(target);
      assertEquals(
          Map.of(
              "conv.weight", List.of(5L, 3L, 3L, 3L),
              "conv.bias", List.of(5L),
              "norm.weight", List.of(5L),
              "norm.bias", List.of(5L),
              "norm.running_mean", List.of(5L),
              "norm.running_var", List.of(5L),
              "embedding.weight", List.of(7L, 5L),
              "embedding.bias", List.of(7L),
              "classifier.weight", List.of(4L, 7L),
              "classifier.bias", List.of(4L)),
          weights.shapes());
      ComputationGraph graph = model.graph().orElseThrow();
      assertArrayEquals(
          graph.getLayer("embedding").getParam("W").transpose().dup('c').data().asFloat(),
          weights.values("embedding.weight"));
      assertEquals("pt", weights.metadata().get("format"));
      assertEquals("Mien", weights.metadata().get("producer"));
      assertEquals(model.embedder().fingerprint(), weights.metadata().get("mien.fingerprint"));
      assertEquals("BGR", weights.metadata().get("mien.preprocessing.colorOrder"));
    }
  }

  @Test
  void aHeadComesWithTheInitialisersOfItsOnnxBackbone() throws IOException {
    Path target = folder.resolve("out/face.safetensors");
    try (FaceModel model = SmallModels.onOnnx(folder)) {
      assertTrue(export(model, target).parity().passed());
      StateDictionary weights = WeightFiles.open(target);
      assertEquals(
          Set.of(
              "embedding.weight",
              "embedding.bias",
              "classifier.weight",
              "classifier.bias",
              "backbone/weight",
              "backbone/shape"),
          weights.shapes().keySet());
      assertArrayEquals(
          OnnxWeights.of(new TinyOnnx().file()).values("weight"),
          weights.values("backbone/weight"));
    }
  }

  @Test
  void anOnnxNetworkAloneIsWrittenToo() throws IOException {
    Path onnx = Files.write(folder.resolve("net.onnx"), new TinyOnnx().build().toByteArray());
    Path yaml = folder.resolve("net.yaml");
    Files.writeString(
        yaml, ConfigWriter.toYaml(ModelDescriptor.of("net", 4, SmallModels.preprocessing())));
    try (FaceModel model = ModelFiles.open(onnx, Optional.of(yaml), SmallModels.ONE_THREAD)) {
      Path target = folder.resolve("out/net.safetensors");
      assertTrue(export(model, target).parity().passed());
      assertEquals(
          Set.of("backbone/weight", "backbone/shape"), WeightFiles.open(target).shapes().keySet());
    }
  }

  @Test
  void theBackboneOfAnExportFillsTheSameNetwork() {
    Nd4jRuntime.start();
    SmallResNetConfig config =
        new SmallResNetConfig(List.of(2, 4), List.of(1, 1), Optional.empty());
    ComputationGraph backbone = config.build(4);
    RandomGraph.randomize(backbone, 6);
    ModelDescriptor descriptor = ModelDescriptor.of("r", SmallModels.DIMENSION, config.input());
    Path target = folder.resolve("r.safetensors");
    int length = config.input().imageLength();
    try (FaceModel model = FaceModel.ofGraph(descriptor, backbone, SmallModels.head(4))) {
      ModelExporter.of(ExportFormat.SAFETENSORS)
          .export(model, target, RandomGraph.numbers(length, 1), 1);
    }
    StateDictionary weights = WeightFiles.open(target);
    ComputationGraph fresh = config.build(5);
    WeightLoader.Loaded loaded =
        WeightLoader.apply(fresh, weights, config.naming(weights.shapes()));
    assertEquals(4, loaded.leftOut().size());
    assertEquals(backbone.params(), fresh.params());
  }

  @Test
  void whatComesBackDifferentIsNamed() {
    try (FaceModel model = SmallModels.onGraph();
        FaceModel other = SmallModels.onGraph()) {
      ModelWeights written = ModelWeights.of(other);
      other.graph().orElseThrow().getLayer("embedding").getParam("b").putScalar(3, -0f);
      String message =
          assertThrows(
                  DataException.class,
                  () ->
                      SafetensorsExporter.requireSameBits(
                          Path.of("a.safetensors"), ModelWeights.of(model), written))
              .getMessage();
      assertTrue(message.contains("'embedding.bias' did not come back"), message);
    }
  }

  private static ExportResult export(FaceModel model, Path target) {
    return ModelExporter.of(ExportFormat.SAFETENSORS)
        .export(model, target, SmallModels.images(IMAGES), IMAGES);
  }
}
