package org.mien.trainer.experiment;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
                    new OnnxBackboneConfig(network, Optional.of(rgb), Optional.empty()), SEEDS));
    assertTrue(error.getMessage().contains("BGR"), error.getMessage());
    assertTrue(error.getMessage().contains("RGB"), error.getMessage());
  }

  @Test
  void aFrozenNetworkNeedsWeights() {
    ConfigException error =
        assertThrows(
            ConfigException.class,
            () ->
                BackboneOpener.frozen(
                    new ResNetConfig(18, Optional.empty(), Optional.empty()), SEEDS));
    assertTrue(error.getMessage().contains("model.backbone.weights"), error.getMessage());
  }

  @Test
  void anUnknownBuiltInBackboneNamesTheKnownOne() {
    ConfigException error =
        assertThrows(
            ConfigException.class,
            () -> BackboneOpener.frozen(new BuiltInBackboneConfig("another"), SEEDS));
    assertTrue(error.getMessage().contains("synthetic-small"), error.getMessage());
  }
}
