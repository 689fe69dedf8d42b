package org.mien.model.embed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.model.onnx.OnnxModelFile;
import org.mien.model.onnx.OnnxSession;
import org.mien.model.onnx.Provider;
import org.mien.model.onnx.TinyOnnx;

class OnnxEmbedderTest {
  private static final OnnxEmbedder.Options TWO_THREADS =
      new OnnxEmbedder.Options(2, Optional.empty());

  @TempDir Path folder;

  private static Preprocessing preprocessing(int width, int height) {
    return new Preprocessing(
        width,
        height,
        ColorOrder.RGB,
        List.of(127.5, 127.5, 127.5),
        List.of(127.5, 127.5, 127.5),
        new Crop.None(),
        "any");
  }

  private static OnnxEmbedder open(TinyOnnx model) {
    return OnnxEmbedder.of(model.file(), preprocessing(8, 8), TWO_THREADS);
  }

  private static float[] images(int count) {
    SplittableRandom random = new SplittableRandom(3);
    float[] pixels = new float[count * 3 * 64];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextDouble(-1, 1);
    }
    return pixels;
  }

  private static void assertEachImageGivesWhatItGivesAlone(OnnxEmbedder embedder, int count) {
    float[] images = images(count);
    float[] together = embedder.embed(images, count);
    int dimension = embedder.dimension();
    assertEquals(count * dimension, together.length);
    for (int i = 0; i < count; i++) {
      float[] alone = embedder.embed(Arrays.copyOfRange(images, i * 192, (i + 1) * 192), 1);
      assertArrayEquals(
          alone, Arrays.copyOfRange(together, i * dimension, (i + 1) * dimension), 1e-5f);
    }
  }

  @Test
  void anyNumberOfImagesIsRunInOrder() {
    try (OnnxEmbedder embedder = open(new TinyOnnx())) {
      assertTrue(embedder.batches());
      assertEquals(TinyOnnx.DIMENSION, embedder.dimension());
      for (int count : new int[] {1, 2, 3, 8, 17, 40}) {
        assertEachImageGivesWhatItGivesAlone(embedder, count);
      }
    }
  }

  /** As on two GPUs, for which two copies on the processor stand here. */
  @Test
  void copiesShareOutTheImagesOfSeveralCallers() {
    int count = 37;
    float[] images = images(count);
    OnnxEmbedder.Options copies =
        new OnnxEmbedder.Options(5, 1, Provider.CPU, List.of(0, 1), Optional.empty());
    try (OnnxEmbedder one = open(new TinyOnnx());
        OnnxEmbedder two = OnnxEmbedder.of(new TinyOnnx().file(), preprocessing(8, 8), copies)) {
      float[] expected = one.embed(images, count);
      List<float[]> vectors =
          IntStream.range(0, 6).parallel().mapToObj(caller -> two.embed(images, count)).toList();
      vectors.forEach(values -> assertArrayEquals(expected, values));
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> new OnnxSession.Options(Provider.CPU, 1, List.of(), Optional.empty()));
  }

  @Test
  void withoutAGpuSeveralThatWereAskedForAreOneCopyOnTheProcessor() {
    OnnxSession.Options gpus =
        new OnnxSession.Options(Provider.AUTO, 1, List.of(0, 1), Optional.empty());
    try (OnnxSession session =
        OnnxSession.open(new TinyOnnx().build().toByteArray(), "tiny", gpus)) {
      assertEquals(1, session.copies());
      assertEquals(Provider.CPU, session.provider());
    }
  }

  @Test
  void aNetworkThatCannotBatchRunsImageByImage() {
    // A reshape to a fixed number of values cannot hold two images, and has no batch to rewrite.
    TinyOnnx fixed = new TinyOnnx().reshape(null).named("input", "v");
    var model = fixed.build().toBuilder();
    var graph = model.getGraphBuilder();
    graph.addInitializer(
        onnx.Onnx.TensorProto.newBuilder()
            .setName("four")
            .setDataType(7)
            .addDims(1)
            .addInt64Data(4));
    graph.addInitializer(
        onnx.Onnx.TensorProto.newBuilder()
            .setName("row")
            .setDataType(7)
            .addDims(2)
            .addInt64Data(-1)
            .addInt64Data(4));
    graph.addNode(
        onnx.Onnx.NodeProto.newBuilder()
            .setOpType("Reshape")
            .addInput("v")
            .addInput("four")
            .addOutput("flat"));
    graph.addNode(
        onnx.Onnx.NodeProto.newBuilder()
            .setOpType("Reshape")
            .addInput("flat")
            .addInput("row")
            .addOutput("vector"));
    graph.clearOutput();
    graph.addOutput(new TinyOnnx().named("input", "vector").build().getGraph().getOutput(0));
    OnnxModelFile file = OnnxModelFile.of(model.build().toByteArray(), "fixed.onnx");
    try (OnnxEmbedder embedder = OnnxEmbedder.of(file, preprocessing(8, 8), TWO_THREADS)) {
      assertFalse(embedder.batches());
      assertEachImageGivesWhatItGivesAlone(embedder, 5);
    }
  }

  @Test
  void planesOfOnePixelAreAVector() {
    try (OnnxEmbedder embedder = open(new TinyOnnx().reshape(null))) {
      assertEachImageGivesWhatItGivesAlone(embedder, 3);
    }
  }

  @Test
  void severalThreadsMayCallAtOnce() {
    try (OnnxEmbedder embedder = open(new TinyOnnx())) {
      float[] images = images(9);
      float[] expected = embedder.embed(images, 9);
      IntStream.range(0, 32)
          .parallel()
          .forEach(i -> assertArrayEquals(expected, embedder.embed(images, 9), 1e-5f));
    }
  }

  @Test
  void anotherImageSizeIsRefusedNamingBoth() {
    ConfigException error =
        assertThrows(
            ConfigException.class,
            () -> OnnxEmbedder.of(new TinyOnnx().file(), preprocessing(112, 96), TWO_THREADS));
    assertEquals(
        "tiny.onnx: the network takes images of 8 x 8 (width x height), the preprocessing makes 112"
            + " x 96",
        error.getMessage());
  }

  @Test
  void oneOfSeveralOutputsHasToBeNamed() {
    OnnxModelFile two = new TinyOnnx().withSecondOutput().file();
    ConfigException error =
        assertThrows(
            ConfigException.class, () -> OnnxEmbedder.of(two, preprocessing(8, 8), TWO_THREADS));
    assertTrue(error.getMessage().contains("[output, other]"), error.getMessage());

    float[] images = images(1);
    try (OnnxEmbedder once =
            OnnxEmbedder.of(
                two, preprocessing(8, 8), TWO_THREADS.withOutput(Optional.of("output")));
        OnnxEmbedder twice =
            OnnxEmbedder.of(
                two, preprocessing(8, 8), TWO_THREADS.withOutput(Optional.of("other")))) {
      assertEquals(2 * once.embed(images, 1)[2], twice.embed(images, 1)[2], 1e-5);
      assertNotEquals(once.fingerprint(), twice.fingerprint());
    }
  }

  @Test
  void anUnknownOutputIsRefusedWithTheKnownOnes() {
    ConfigException error =
        assertThrows(
            ConfigException.class,
            () ->
                OnnxEmbedder.of(
                    new TinyOnnx().file(),
                    preprocessing(8, 8),
                    TWO_THREADS.withOutput(Optional.of("logits"))));
    assertEquals(
        "tiny.onnx: there is no output logits; its outputs are [output]", error.getMessage());
  }

  @Test
  void anOperatorThatDoesNotExistIsReportedWithTheFile() throws IOException {
    var model = new TinyOnnx().build().toBuilder();
    model.getGraphBuilder().getNodeBuilder(0).setOpType("Convolute");
    Path file = Files.write(folder.resolve("odd.onnx"), model.build().toByteArray());
    DataException error =
        assertThrows(
            DataException.class, () -> OnnxEmbedder.open(file, preprocessing(8, 8), TWO_THREADS));
    assertTrue(error.getMessage().startsWith(file + ": ONNX Runtime "), error.getMessage());
    assertTrue(error.getMessage().contains("Convolute"), error.getMessage());
  }

  @Test
  void weightsShorterThanTheirShapeAreReportedWithTheFile() {
    var model = new TinyOnnx().build().toBuilder();
    model.getGraphBuilder().getInitializerBuilder(0).clearFloatData().addFloatData(1);
    OnnxModelFile file = OnnxModelFile.of(model.build().toByteArray(), "short.onnx");
    DataException error =
        assertThrows(
            DataException.class, () -> OnnxEmbedder.of(file, preprocessing(8, 8), TWO_THREADS));
    assertTrue(error.getMessage().startsWith("short.onnx: "), error.getMessage());
  }

  @Test
  void aClosedEmbedderRefusesToRun() {
    OnnxEmbedder embedder = open(new TinyOnnx());
    embedder.close();
    embedder.close();
    assertThrows(IllegalStateException.class, () -> embedder.embed(images(1), 1));
  }
}
