package org.mien.model.export;

import java.nio.file.Path;
import java.util.Locale;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.model.file.FaceModel;

/**
 * Writes a model as a file of one format: under a temporary name first, where it is read back by
 * the engine that others will read it with and compared with the model on real images. A file that
 * differs is never seen under its name.
 */
public sealed interface ModelExporter permits OnnxExporter, Dl4jExporter, SafetensorsExporter {

  /** The exporter of a format. */
  static ModelExporter of(ExportFormat format) {
    return switch (format) {
      case ONNX -> new OnnxExporter();
      case DL4J -> new Dl4jExporter();
      case SAFETENSORS -> new SafetensorsExporter();
    };
  }

  ExportFormat format();

  /** Largest difference from the model's own embeddings, relative to their largest magnitude. */
  double tolerance();

  /**
   * Exports a model.
   *
   * @param target the file, with the format's extension; replaced if it exists
   * @param sampleImages {@code (count, 3, height, width)} preprocessed pixels of real faces
   * @param count number of images to compare on, at least 1
   * @throws ConfigException if the target has another extension
   * @throws DataException if the model cannot be written in this format, the file cannot be
   *     written, or what was written differs from the model; the target is then as it was
   */
  ExportResult export(FaceModel model, Path target, float[] sampleImages, int count);

  /** Refuses a target that would be taken for another kind of file. */
  default void requireExtension(Path target) {
    if (!target.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(format().extension())) {
      throw new ConfigException(
          target
              + ": expected a name that ends in "
              + format().extension()
              + " for the format "
              + format().name().toLowerCase(Locale.ROOT));
    }
  }

  /** Refuses a file that is another function than the model. */
  default void requireParity(Path target, Parity parity) {
    if (!parity.passed()) {
      throw DataException.in(
          target,
          "the exported file differs from the model and was not kept; " + parity.describe());
    }
  }
}
