package org.mien.cli;

import com.beust.jcommander.Parameter;
import java.nio.file.Path;
import java.util.Optional;
import org.mien.model.file.FaceModel;
import org.mien.model.file.ModelFiles;

/** The model that a command runs. */
final class ModelArgument {
  @Parameter(
      names = "--model",
      required = true,
      description = "A run folder, an exported .zip, or an .onnx with NAME.yaml beside it")
  private Path model;

  @Parameter(names = "--descriptor", description = "Descriptor of an .onnx that has none beside it")
  private Path descriptor;

  Path file() {
    return model;
  }

  Optional<Path> descriptor() {
    return Optional.ofNullable(descriptor);
  }

  /** Opens it on the engine that the command line asks for. */
  FaceModel open(EngineOption engine) {
    return ModelFiles.open(model, descriptor(), engine.engine(), engine.options());
  }

  FaceModel open() {
    return ModelFiles.open(model, descriptor());
  }
}
