package org.mien.model.file;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.mien.core.config.ConfigWriter;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.core.run.AtomicFiles;
import org.mien.core.run.RunDirectory;
import org.mien.model.embed.Engine;
import org.mien.model.embed.OnnxEmbedder;

/** Finds out what kind of model a path means, and opens it. */
public final class ModelFiles {
  private ModelFiles() {}

  /**
   * Opens a model.
   *
   * @param model a run's folder ({@code model/model.zip} inside), a {@code .zip} of Mien's, or an
   *     {@code .onnx}
   * @param descriptor for an {@code .onnx}: its descriptor, {@code NAME.yaml} beside it if not
   *     given
   * @param engine what runs a backbone that is a graph of Deeplearning4j
   * @param options how ONNX Runtime runs the backbone
   * @throws ConfigException if the path is none of these, the descriptor is missing or wrong, or
   *     ND4J is asked for and the backbone is an ONNX network
   * @throws DataException if a file is missing or damaged
   */
  public static FaceModel open(
      Path model, Optional<Path> descriptor, Engine engine, OnnxEmbedder.Options options) {
    if (Files.isDirectory(model)) {
      Path zip = RunDirectory.open(model).model();
      if (!Files.isRegularFile(zip)) {
        throw DataException.in(
            model,
            "is a run without "
                + model.relativize(zip)
                + "; expected a run that has come to its end");
      }
      return zip(zip, descriptor, engine, options);
    }
    if (!Files.exists(model)) {
      throw DataException.in(
          model, "does not exist; expected a run's folder, a .zip of Mien's, or an .onnx");
    }
    String name = model.getFileName().toString();
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".zip")) {
      return zip(model, descriptor, engine, options);
    }
    if (lower.endsWith(".onnx")) {
      FaceModel.requireOnnxRuntime(model, engine);
      Path yaml = descriptor.orElse(descriptorOf(model));
      if (!Files.isRegularFile(yaml)) {
        throw new ConfigException(
            model
                + ": its descriptor "
                + yaml
                + " does not exist; it says what the network expects, at the least name, dimension"
                + " and preprocessing (widthPixels, heightPixels, mean, std)");
      }
      return FaceModel.loadOnnx(model, yaml, options);
    }
    throw new ConfigException(
        model + ": expected a run's folder, a .zip of Mien's, or an .onnx, was neither");
  }

  /** As the first, on the engine that is faster. */
  public static FaceModel open(
      Path model, Optional<Path> descriptor, OnnxEmbedder.Options options) {
    return open(model, descriptor, Engine.AUTO, options);
  }

  /** As the first, on the engine that is faster, with every processor. */
  public static FaceModel open(Path model, Optional<Path> descriptor) {
    return open(model, descriptor, OnnxEmbedder.Options.defaults());
  }

  /**
   * Replaces the descriptor of a model, and nothing else of it.
   *
   * @param model as for {@link #open}
   * @param descriptor of an {@code .onnx}, as for {@link #open}; comments in that file are lost, so
   *     the file as it was stays beside it as {@code NAME.yaml.before}
   * @return the file that was written
   * @throws DataException if a file is missing or cannot be written; the model is then as it was
   */
  public static Path replaceDescriptor(
      Path model, Optional<Path> descriptor, ModelDescriptor replacement) {
    Path file = Files.isDirectory(model) ? RunDirectory.open(model).model() : model;
    String yaml = ConfigWriter.toYaml(replacement);
    if (file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".zip")) {
      FaceModel.replaceDescriptor(file, yaml.getBytes(StandardCharsets.UTF_8));
      return file;
    }
    Path written = descriptor.orElse(descriptorOf(file));
    AtomicFiles.copy(written, written.resolveSibling(written.getFileName() + ".before"));
    AtomicFiles.writeString(written, yaml);
    return written;
  }

  /** Where the descriptor of {@code NAME.onnx} lies: {@code NAME.yaml} beside it. */
  public static Path descriptorOf(Path onnx) {
    String name = onnx.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return onnx.resolveSibling((dot < 0 ? name : name.substring(0, dot)) + ".yaml");
  }

  private static FaceModel zip(
      Path zip, Optional<Path> descriptor, Engine engine, OnnxEmbedder.Options options) {
    if (descriptor.isPresent()) {
      throw new ConfigException(
          zip + ": carries its own descriptor; " + descriptor.get() + " is for .onnx files");
    }
    return FaceModel.load(zip, engine, options);
  }
}
