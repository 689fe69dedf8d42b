package org.mien.trainer.experiment;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.model.backbone.BuiltInBackboneConfig;
import org.mien.model.embed.Engine;
import org.mien.model.embed.OnnxEmbedder;
import org.mien.model.file.FaceModel;
import org.mien.model.graph.FaceGraph;

/** The backbones that ship with Mien: models of Mien's own runs, kept as resources. */
final class BuiltInBackbones {
  private BuiltInBackbones() {}

  /**
   * Opens a shipped backbone.
   *
   * @throws ConfigException if there is none of this name
   */
  static OpenBackbone open(BuiltInBackboneConfig config, Engine engine) {
    Path copy = null;
    try (InputStream in = BuiltInBackbones.class.getResourceAsStream(config.name() + ".zip")) {
      if (in == null) {
        throw new ConfigException(
            "model.backbone.name: no backbone '"
                + config.name()
                + "' is shipped; expected synthetic-small");
      }
      copy = Files.createTempFile("mien-backbone", ".zip");
      Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
      try (FaceModel model = FaceModel.load(copy, Engine.ND4J, OnnxEmbedder.Options.defaults())) {
        ComputationGraph backbone = FaceGraph.backboneOf(model.graph().orElseThrow());
        OpenBackbone open =
            BackboneOpener.frozen(
                config.name() + " (built in)",
                model.descriptor().preprocessing(),
                backbone,
                engine);
        return new OpenBackbone(
            open.description(),
            open.preprocessing(),
            open.embedder(),
            open.graph(),
            Optional.empty(),
            Optional.of("Apache-2.0, trained by Mien on synthetic faces"));
      }
    } catch (IOException e) {
      throw new DataException("the backbone " + config.name() + " cannot be unpacked", e);
    } finally {
      if (copy != null) {
        try {
          Files.deleteIfExists(copy);
        } catch (IOException e) {
          copy.toFile().deleteOnExit();
        }
      }
    }
  }
}
