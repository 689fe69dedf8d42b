package org.mien.model.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mien.core.error.DataException;
import org.mien.model.backbone.SmallResNetConfig;
import org.mien.model.file.FaceModel;
import org.mien.model.file.ModelDescriptor;
import org.mien.model.file.SmallModels;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.model.onnx.TinyOnnx;

class WeightFilesTest {
  private static final SmallResNetConfig TINY =
      new SmallResNetConfig(List.of(2, 4), List.of(1, 1), Optional.empty());

  @TempDir Path folder;

  /** None of them has the extension of its kind. */
  @Test
  void everyFormatIsToldByItsContent() throws IOException {
    assertEquals(
        List.of(2L, 3L, 2L, 2L), open("small.pth").shapes().get("conv.weight"), "a zip of PyTorch");
    assertEquals(List.of(6L, 4L), open("small-legacy.pth").shapes().get("transposed"));
    assertEquals(List.of(4L), open("whole.h5").shapes().get("bn1/gamma"));
    Path onnx = Files.write(folder.resolve("a"), new TinyOnnx().build().toByteArray());
    assertEquals(List.of(2L), WeightFiles.open(onnx).shapes().get("shape"));
    Files.write(folder.resolve("bytes"), new byte[] {1});
    Path tfjs =
        Files.writeString(
            folder.resolve("b"),
            "\n [{\"paths\":[\"bytes\"],\"weights\":"
                + "[{\"name\":\"x\",\"shape\":[],\"dtype\":\"uint8\"}]}]");
    assertEquals(List.of(), WeightFiles.open(tfjs).shapes().get("x"));
    Path safetensors = folder.resolve("c");
    try (OutputStream out = Files.newOutputStream(safetensors)) {
      SafetensorsWeights.write(out, new FormulaWeights(Map.of("y", List.of(5L))), Map.of());
    }
    assertEquals(List.of(5L), WeightFiles.open(safetensors).shapes().get("y"));
  }

  private StateDictionary open(String resource) throws IOException {
    Path copy = folder.resolve("weights.bin");
    Files.write(copy, Files.readAllBytes(TorchWeightsTest.resource(resource)));
    return WeightFiles.open(copy);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void deeplearning4jsOwnZipFillsTheSameNetwork(boolean withUpdater) throws IOException {
    Nd4jRuntime.start();
    ComputationGraph trained = TINY.build(1);
    fill(trained);
    Path zip = folder.resolve("net.bin");
    ModelSerializer.writeModel(trained, zip.toFile(), withUpdater);
    StateDictionary weights = WeightFiles.open(zip);
    assertEquals(List.of(2L), weights.shapes().get("bn1/gamma"));
    assertArrayEquals(
        trained.getLayer("layer1.0.conv1").getParam("W").dup('c').data().asFloat(),
        weights.values("layer1.0.conv1/W"));
    ComputationGraph fresh = TINY.build(2);
    WeightLoader.apply(fresh, weights, TINY.naming(weights.shapes()));
    assertEquals(trained.params(), fresh.params());
  }

  @Test
  void parametersThatOnlyDeeplearning4jHasComeBackToo() throws IOException {
    ComputationGraph trained = SmallModels.backbone();
    trained.getLayer("norm").getParam("log10stdev").putScalar(1, 0.7);
    Path zip = folder.resolve("net.zip");
    ModelSerializer.writeModel(trained, zip.toFile(), false);
    ComputationGraph fresh = SmallModels.backbone();
    WeightLoader.apply(fresh, WeightFiles.open(zip), TensorNaming.torch(name -> false));
    assertEquals(trained.params(), fresh.params());
  }

  @Test
  void aSavedModelsBackboneFillsTheSameNetworkAndItsHeadIsLeftOut() {
    Nd4jRuntime.start();
    ComputationGraph backbone = TINY.build(1);
    fill(backbone);
    Path zip = folder.resolve("model.zip");
    try (FaceModel model =
        FaceModel.ofGraph(
            ModelDescriptor.of("m", SmallModels.DIMENSION, TINY.input()),
            backbone,
            SmallModels.head(4))) {
      model.save(zip);
    }
    ComputationGraph fresh = TINY.build(2);
    StateDictionary weights = WeightFiles.open(zip);
    WeightLoader.Loaded loaded = WeightLoader.apply(fresh, weights, TINY.naming(weights.shapes()));
    assertEquals(
        List.of("embedding/W", "embedding/b", "classifier/W", "classifier/b"), loaded.leftOut());
    assertEquals(backbone.params(), fresh.params());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|it is empty",
        "`<!DOCTYPE html>`|a web page",
        "`version https://git-lfs.github.com/spec/v1`|git lfs pull",
        "`plain text`|it starts with the byte 0x70",
        "`{}`|the manifest is missing",
      })
  void whatIsNoFileOfWeightsIsNamed(String text, String expected) throws IOException {
    Path file = Files.writeString(folder.resolve("net.pth"), text == null ? "" : text);
    String message = errorOf(file);
    assertTrue(message.contains(expected), message);
    assertTrue(message.contains("net.pth"), message);
  }

  @Test
  void otherFrameworksFilesAreCalledByTheirName() throws IOException {
    Path mxnet = folder.resolve("net.params");
    Files.write(
        mxnet, ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(0x112).array());
    assertTrue(errorOf(mxnet).contains("MXNet"), errorOf(mxnet));
    assertTrue(errorOf(zipOf("model.weights.h5")).contains("Keras 3"));
    assertTrue(errorOf(zipOf("anything")).contains("a zip of [anything]"));
    assertTrue(errorOf(zipOf("configuration.json")).contains("no entry coefficients.bin"));
    assertTrue(errorOf(folder.resolve("none")).contains("no such file; expected a state dict"));
    Path cut =
        Files.write(folder.resolve("cut"), "PK\3\4and no more".getBytes(StandardCharsets.UTF_8));
    assertTrue(errorOf(cut).contains("truncated zip"), errorOf(cut));
    assertThrows(DataException.class, () -> WeightFiles.open(folder));
  }

  private static void fill(ComputationGraph graph) {
    FormulaWeights formula = new FormulaWeights(TorchShapes.of(graph));
    WeightLoader.apply(graph, formula, TINY.naming(formula.shapes()));
  }

  private Path zipOf(String entry) throws IOException {
    Path file = folder.resolve("some.zip");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry(entry));
      zip.write("{}".getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }

  private static String errorOf(Path file) {
    return assertThrows(DataException.class, () -> WeightFiles.open(file)).getMessage();
  }
}
