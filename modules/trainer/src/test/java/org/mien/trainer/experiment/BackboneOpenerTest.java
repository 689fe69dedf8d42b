package org.mien.trainer.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mien.core.error.ConfigException;
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.core.random.SeedStreams;
import org.mien.model.backbone.BuiltInBackboneConfig;
import org.mien.model.backbone.OnnxBackboneConfig;
import org.mien.model.backbone.ResNetConfig;
import org.mien.model.embed.Engine;

final class BackboneOpenerTest {
  private static final SeedStreams SEEDS = new SeedStreams(1);

  @TempDir private Path folder;

  @Test
  void aRecipeMayNotContradictTheDescriptorOfItsNetwork() throws IOException {
    Path network = folder.resolve("net.onnx");
    Files.writeString(network, "never read: the contradiction is found first");
    Files.writeString(
        folder.resolve("net.yaml"),
        """
        name: net
        dimension: 8
        preprocessing: {widthPixels: 16, heightPixels: 16, colorOrder: bgr}
        """);
    Preprocessing rgb =
        new Preprocessing(
            16,
            16,
            ColorOrder.RGB,
            List.of(127.5, 127.5, 127.5),
            List.of(127.5, 127.5, 127.5),
            new Crop.None(),
            "any");
    ConfigException error =
        assertThrows(
            ConfigException.class,
            () ->
                BackboneOpener.frozen(
                    new OnnxBackboneConfig(network, Optional.of(rgb), Optional.empty()),
                    Engine.AUTO,
                    SEEDS,
                    Optional.empty()));
    assertTrue(error.getMessage().contains("BGR"), error.getMessage());
    assertTrue(error.getMessage().contains("RGB"), error.getMessage());
  }

  @Test
  void anOnnxNetworkDoesNotRunOnNd4j() {
    ConfigException error =
        assertThrows(
            ConfigException.class,
            () ->
                BackboneOpener.frozen(
                    new OnnxBackboneConfig(Path.of("net.onnx"), Optional.empty(), Optional.empty()),
                    Engine.ND4J,
                    SEEDS,
                    Optional.empty()));
    assertTrue(error.getMessage().startsWith("model.engine: nd4j"), error.getMessage());
  }

  @Test
  void everyEngineGivesTheShippedBackbonesFeaturesUnderOneFingerprint() {
    BuiltInBackboneConfig config = new BuiltInBackboneConfig("synthetic-small");
    try (OpenBackbone nd4j = BackboneOpener.frozen(config, Engine.ND4J, SEEDS, Optional.empty());
        OpenBackbone onnx =
            BackboneOpener.frozen(config, Engine.ONNX_RUNTIME, SEEDS, Optional.empty());
        OpenBackbone fastest =
            BackboneOpener.frozen(config, Engine.AUTO, SEEDS, Optional.empty())) {
      assertTrue(onnx.embedder().engine().contains("ONNX Runtime"), onnx.embedder().engine());
      assertEquals(onnx.embedder().engine(), fastest.embedder().engine());
      // The feature cache tells the engines apart by this.
      assertNotEquals(onnx.embedder().engine(), nd4j.embedder().engine());
      assertEquals(nd4j.embedder().fingerprint(), onnx.embedder().fingerprint());
      float[] images = new float[3 * nd4j.preprocessing().imageLength()];
      SplittableRandom random = new SplittableRandom(8);
      for (int i = 0; i < images.length; i++) {
        images[i] = (float) random.nextDouble(-1, 1);
      }
      float[] expected = nd4j.embedder().embed(images, 3);
      float[] actual = onnx.embedder().embed(images, 3);
      float largest = 0;
      for (float value : expected) {
        largest = Math.max(largest, Math.abs(value));
      }
      assertArrayEquals(expected, actual, 1e-5f * largest);
      assertArrayEquals(actual, fastest.embedder().embed(images, 3));
    }
  }

  @Test
  void aFrozenNetworkNeedsWeights() {
    ConfigException error =
        assertThrows(
            ConfigException.class,
            () ->
                BackboneOpener.frozen(
                    new ResNetConfig(18, Optional.empty(), Optional.empty()),
                    Engine.AUTO,
                    SEEDS,
                    Optional.empty()));
    assertTrue(error.getMessage().contains("model.backbone.weights"), error.getMessage());
  }

  @Test
  void anUnknownBuiltInBackboneNamesTheKnownOne() {
    ConfigException error =
        assertThrows(
            ConfigException.class,
            () ->
                BackboneOpener.frozen(
                    new BuiltInBackboneConfig("another"), Engine.AUTO, SEEDS, Optional.empty()));
    assertTrue(error.getMessage().contains("synthetic-small"), error.getMessage());
  }
}
